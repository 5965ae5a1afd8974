-- table: metric_firsts
-- takes: metric_days, order_lines, products
-- gives: one row a customer: day and place of their first purchase, and the margin of their first 90 days
-- grain: customer_id
-- scope: store
-- note: margin of goods lines whose product cost is known: paid less refunds less cost; other lines are left out.
-- note: built only where the shop tells what it spends on winning customers.
with earned as (
  select
    d.customer_id,
    sum(l.amount_minor - l.refund_minor - cast(round(l.quantity * p.unit_cost_minor, 0) as bigint)) as margin_minor
  from metric_days d
  join order_lines l on l.customer_id = d.customer_id and l.ordered_on >= d.day_on and l.ordered_on < d.day_on + 90
  join products p on p.sku = l.sku
  where d.previous_on is null and l.counted and l.line_kind = 'goods' and l.ordered_on < $as_of
    and p.unit_cost_minor is not null
  group by d.customer_id
)
select d.customer_id, d.day_on, d.place, d.store, cast(coalesce(e.margin_minor, 0) as bigint) as margin_minor
from metric_days d
left join earned e on e.customer_id = d.customer_id
where d.previous_on is null

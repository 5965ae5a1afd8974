-- table: checkup_channels
-- takes: orders
-- gives: one row a source of orders: its period, its sales, and how often its fields are filled
-- grain: source
-- scope: system
select
  source,
  min(ordered_on) as first_on,
  max(ordered_on) as last_on,
  cast(sum(staged_rows) as bigint) as raw_rows,
  cast(sum(case when counted and not is_return and gross_minor > 0 then 1 else 0 end) as bigint) as orders,
  cast(sum(case when counted then net_minor else 0 end) as bigint) as sales_minor,
  cast(sum(case when counted and customer_id is not null then net_minor else 0 end) as bigint) as attached_minor,
  1.0 * count(store) / nullif(count(*), 0) as store_share,
  1.0 * count(associate) / nullif(count(*), 0) as associate_share,
  1.0 * count(customer_id) / nullif(count(*), 0) as customer_share
from orders
where ordered_on < $as_of
group by source

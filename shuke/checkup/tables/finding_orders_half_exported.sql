-- table: finding_orders_half_exported
-- takes: order_totals, orders
-- gives: one row an order whose lines, or whose own total, did not come though those of its source usually do
-- grain: source, order_no
-- scope: system
with habits as (
  select
    source,
    1.0 * sum(case when lines > 0 then 1 else 0 end) / nullif(count(*), 0) as lines_share,
    1.0 * count(paid_minor) / nullif(count(*), 0) as total_share
  from order_totals
  where not is_dead and not is_return and ordered_on < $as_of
  group by source
),
halves as (
  select t.record_id, case when t.lines = 0 then 'lines_missing' else 'total_missing' end as detail
  from order_totals t
  join habits h on h.source = t.source and (h.lines_share < 1 or h.total_share < 1)
  where not t.is_dead and not t.is_return and t.ordered_on < $as_of
    and ((t.lines = 0 and h.lines_share >= 0.2) or (t.paid_minor is null and h.total_share >= 0.2))
)
select
  o.source, o.order_no, null as batch_id, null as row_no, o.record_id, o.store, o.ordered_on,
  o.gross_minor as money_minor,
  o.staged_rows as raw_rows,
  null as orders,
  h.detail
from halves h
join orders o on o.order_key = h.record_id
where o.counted

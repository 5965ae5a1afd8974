-- table: finding_order_date_impossible
-- takes: orders, checkup_imports
-- gives: one row an order without a day, of the last century, or of a day that had not come when it was imported
-- grain: source, order_no
-- scope: system
-- note: in a replay of a past day the orders after it are no error: they lie before the day of their import
with latest as (
  select max(imported_on) as imported_on from checkup_imports
)
select
  o.source, o.order_no, null as batch_id, null as row_no, o.record_id, o.store, o.ordered_on,
  o.net_minor as money_minor,
  o.staged_rows as raw_rows,
  null as orders,
  case when o.ordered_on is null then 'no_day' when o.ordered_on < date '2000-01-01' then 'long_ago' else 'future' end as detail
from orders o
left join latest l on l.imported_on is not null
where o.counted
  and (
    o.ordered_on is null
    or o.ordered_on < date '2000-01-01'
    or (o.ordered_on > $as_of and date_diff('day', coalesce(l.imported_on, cast($as_of as date)), o.ordered_on) > 1)
  )

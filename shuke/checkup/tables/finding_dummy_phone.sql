-- table: finding_dummy_phone
-- takes: identifiers, identity, orders
-- gives: one row a record under an invented phone: orders with their money, members and contacts without
-- grain: source, order_no
-- scope: system
with invented as (
  select record_id, source, source_row_id, min(block_reason) as block_reason, min(cast(first_seen_at as date)) as seen_on
  from identifiers
  where type = 'phone' and not usable and block_reason in ('listed', 'pattern')
  group by record_id, source, source_row_id
)
select
  d.source, o.order_no, null as batch_id, null as row_no, d.record_id, o.store,
  coalesce(o.ordered_on, d.seen_on) as ordered_on,
  case when o.counted then o.net_minor else 0 end as money_minor,
  coalesce(o.staged_rows, 1) as raw_rows,
  case when o.order_key is null then 0 end as orders,
  case when o.order_key is null then i.kind || ' ' || d.source_row_id else d.block_reason end as detail
from invented d
left join orders o on o.record_id = d.record_id
left join identity i on i.record_id = d.record_id
where coalesce(o.ordered_on, d.seen_on, date '1970-01-01') < $as_of

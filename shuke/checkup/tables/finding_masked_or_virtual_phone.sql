-- table: finding_masked_or_virtual_phone
-- takes: orders, staged_persons
-- gives: one row an order whose buyer the platform hides: a masked or passing number, or none at all, and no other key
-- grain: source, order_no
-- scope: system
with hidden as (
  select record_id, bool_or(coalesce(phone_virtual, false)) as is_virtual
  from staged_persons
  where kind = 'order' and phone is null
    and (phone_masked is not null or coalesce(phone_virtual, false) or coalesce(name_masked, false))
  group by record_id
)
select
  o.source, o.order_no, null as batch_id, null as row_no, o.record_id, o.store, o.ordered_on,
  o.net_minor as money_minor,
  o.staged_rows as raw_rows,
  null as orders,
  case when h.record_id is null then 'no_buyer' when h.is_virtual then 'virtual' else 'masked' end as detail
from orders o
left join hidden h on h.record_id = o.record_id
where o.counted and o.customer_id is null and o.ordered_on < $as_of
  -- platforms that own the buyer give none at all; elsewhere a blank buyer is the shop's own gap
  and (h.record_id is not null or o.source in ('meituan', 'eleme', 'tmall', 'jd', 'douyin', 'pdd'))

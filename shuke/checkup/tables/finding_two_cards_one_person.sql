-- table: finding_two_cards_one_person
-- takes: identifiers, identity, orders
-- gives: one row a customer who holds two or more member cards
-- grain: detail
-- scope: system
with holders as (
  select i.customer_id, count(distinct k.value_hash) as cards
  from identifiers k
  join identity i on i.record_id = k.record_id
  where k.type = 'card' and k.usable and i.customer_id is not null
  group by i.customer_id
  having count(distinct k.value_hash) > 1
)
select
  null as source, null as order_no, null as batch_id, null as row_no, null as record_id,
  min(o.store) as store, max(o.ordered_on) as ordered_on,
  cast(coalesce(sum(o.net_minor), 0) as bigint) as money_minor,
  max(h.cards) as raw_rows,
  count(o.order_key) as orders,
  cast(h.customer_id as varchar) as detail
from holders h
left join orders o on o.customer_id = h.customer_id and o.counted and o.ordered_on < $as_of
group by h.customer_id

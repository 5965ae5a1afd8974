-- table: finding_two_cards_one_person
-- takes: customer_evidence, checkup_customers
-- gives: one row a customer who holds two or more member cards
-- grain: detail
-- scope: system
with holders as (
  select customer_id, count(distinct card) as cards
  from customer_evidence
  where card_usable and card is not null and customer_id is not null
  group by customer_id
  having count(distinct card) > 1
)
select
  null as source, null as order_no, null as batch_id, null as row_no, null as record_id,
  b.store, b.last_on as ordered_on,
  coalesce(b.net_minor, 0) as money_minor,
  h.cards as raw_rows,
  coalesce(b.orders, 0) as orders,
  cast(h.customer_id as varchar) as detail
from holders h
left join checkup_customers b on b.customer_id = h.customer_id

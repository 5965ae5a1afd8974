-- table: finding_consent_unknown
-- takes: customer_profiles, customer_consents, checkup_customers
-- gives: one row a customer of whom no consent statement is known for any channel
-- grain: detail
-- scope: system
with asked as (
  select distinct customer_id from customer_consents
)
select
  null as source, null as order_no, null as batch_id, null as row_no, null as record_id,
  b.store, b.last_on as ordered_on,
  coalesce(b.net_minor, 0) as money_minor,
  1 as raw_rows,
  coalesce(b.orders, 0) as orders,
  cast(p.customer_id as varchar) as detail
from customer_profiles p
left join asked a on a.customer_id = p.customer_id
left join checkup_customers b on b.customer_id = p.customer_id
where a.customer_id is null and not coalesce(p.is_staff, false)
  and (p.first_seen_on is null or p.first_seen_on < $as_of)

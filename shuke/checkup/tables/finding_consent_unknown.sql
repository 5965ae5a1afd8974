-- table: finding_consent_unknown
-- takes: customer_profiles, customer_consents, orders
-- gives: one row a customer of whom no consent statement is known for any channel
-- grain: detail
-- scope: system
with asked as (
  select distinct customer_id from customer_consents
),
bought as (
  select
    customer_id,
    min(store) as store,
    max(ordered_on) as last_on,
    sum(net_minor) as net_minor,
    count(*) as orders
  from orders
  where counted and customer_id is not null and ordered_on < $as_of
  group by customer_id
)
select
  null as source, null as order_no, null as batch_id, null as row_no, null as record_id,
  b.store, b.last_on as ordered_on,
  cast(coalesce(b.net_minor, 0) as bigint) as money_minor,
  1 as raw_rows,
  coalesce(b.orders, 0) as orders,
  cast(p.customer_id as varchar) as detail
from customer_profiles p
left join asked a on a.customer_id = p.customer_id
left join bought b on b.customer_id = p.customer_id
where a.customer_id is null and not coalesce(p.is_staff, false)
  and (p.first_seen_on is null or p.first_seen_on < $as_of)

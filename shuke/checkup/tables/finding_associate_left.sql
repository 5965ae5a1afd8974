-- table: finding_associate_left
-- takes: associates, stores, customer_profiles, checkup_customers
-- gives: one row a customer whose associate has not sold for 60 days though their store is open
-- grain: detail
-- scope: system
-- an associate who never sold may be a desk that only looks after contacts: not asked
with gone as (
  select a.associate
  from associates a
  join stores s on s.store = a.store and date_diff('day', s.last_seen_on, cast($as_of as date)) <= 14
  where date_diff('day', a.last_seen_on, cast($as_of as date)) > 60
)
select
  null as source, null as order_no, null as batch_id, null as row_no, null as record_id,
  p.store, b.last_on as ordered_on,
  coalesce(b.net_minor, 0) as money_minor,
  1 as raw_rows,
  coalesce(b.orders, 0) as orders,
  cast(p.customer_id as varchar) as detail
from customer_profiles p
join gone g on g.associate = p.associate
left join checkup_customers b on b.customer_id = p.customer_id
where not coalesce(p.is_staff, false) and (p.first_seen_on is null or p.first_seen_on < $as_of)

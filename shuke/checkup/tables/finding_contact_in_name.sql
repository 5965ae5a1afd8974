-- table: finding_contact_in_name
-- takes: customer_profiles, checkup_customers
-- gives: one row a customer whose name is a telephone number or an e-mail address
-- grain: detail
-- scope: system
select
  null as source, null as order_no, null as batch_id, null as row_no, null as record_id,
  p.store, b.last_on as ordered_on,
  coalesce(b.net_minor, 0) as money_minor,
  1 as raw_rows,
  coalesce(b.orders, 0) as orders,
  cast(p.customer_id as varchar) as detail
from customer_profiles p
left join checkup_customers b on b.customer_id = p.customer_id
where regexp_matches(p.name, '[0-9]{7,}|[^ ]@[^ ]') and not coalesce(p.is_staff, false)
  and (p.first_seen_on is null or p.first_seen_on < $as_of)

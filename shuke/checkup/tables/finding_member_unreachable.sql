-- table: finding_member_unreachable
-- takes: customer_profiles, checkup_customers
-- gives: one row a member without a usable phone, e-mail or WeCom contact
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
where p.is_member and p.phone is null and p.email is null and not coalesce(p.in_wecom, false)
  and not coalesce(p.is_staff, false) and (p.first_seen_on is null or p.first_seen_on < $as_of)

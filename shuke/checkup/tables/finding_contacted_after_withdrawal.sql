-- table: finding_contacted_after_withdrawal
-- takes: contacts, customer_consents, checkup_customers
-- gives: one row a touch of a customer who had refused that channel before
-- grain: detail, ordered_on
-- scope: system
select
  null as source, null as order_no, null as batch_id, null as row_no, null as record_id,
  b.store, t.touched_on as ordered_on,
  coalesce(b.net_minor, 0) as money_minor,
  1 as raw_rows,
  0 as orders,
  cast(t.customer_id as varchar) as detail
from contacts t
join customer_consents c
  on c.customer_id = t.customer_id and c.channel = t.channel and c.purpose = 'marketing'
  and c.state in ('refused', 'withdrawn') and cast(c."at" as date) < t.touched_on
left join checkup_customers b on b.customer_id = t.customer_id
where t.touched_on < $as_of

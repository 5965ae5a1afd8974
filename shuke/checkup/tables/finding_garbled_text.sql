-- table: finding_garbled_text
-- takes: product_writings, customer_profiles, checkup_customers, stores, checkup_months
-- gives: one row a product, a store or a customer whose name came through in the wrong encoding
-- grain: detail
-- scope: system
with goods as (
  select product, sum(money_minor) as money_minor, max(last_on) as last_on
  from product_writings
  where regexp_matches(product, '锟斤|斤拷|�|烫烫|[?]{3,}|Ã[^ a-z]|â€')
  group by product
),
places as (
  select s.store, sum(m.orders) as orders, sum(m.sales_minor) as money_minor
  from stores s
  left join checkup_months m on m.store = s.store
  where regexp_matches(s.store, '锟斤|斤拷|�|烫烫|[?]{3,}|Ã[^ a-z]|â€')
  group by s.store
)
select
  null as source, null as order_no, null as batch_id, null as row_no, null as record_id, null as store,
  last_on as ordered_on,
  cast(money_minor as bigint) as money_minor,
  1 as raw_rows,
  0 as orders,
  product as detail
from goods
union all
select
  null as source, null as order_no, null as batch_id, null as row_no, null as record_id, store, null as ordered_on,
  cast(coalesce(money_minor, 0) as bigint) as money_minor,
  1 as raw_rows,
  cast(coalesce(orders, 0) as bigint) as orders,
  store as detail
from places
union all
select
  null as source, null as order_no, null as batch_id, null as row_no, null as record_id, p.store, b.last_on as ordered_on,
  coalesce(b.net_minor, 0) as money_minor,
  1 as raw_rows,
  coalesce(b.orders, 0) as orders,
  cast(p.customer_id as varchar) as detail
from customer_profiles p
left join checkup_customers b on b.customer_id = p.customer_id
where regexp_matches(p.name, '锟斤|斤拷|�|烫烫|[?]{3,}|Ã[^ a-z]|â€') and (p.first_seen_on is null or p.first_seen_on < $as_of)

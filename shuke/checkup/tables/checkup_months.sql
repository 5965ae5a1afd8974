-- table: checkup_months
-- takes: orders, customer_profiles
-- gives: one row a month, store and source: sales, and how much of them has a person behind it
-- grain: month, store, source
-- scope: store
with sold as (
  select
    date_trunc('month', ordered_on) as month,
    store,
    source,
    sum(net_minor) as sales_minor,
    sum(case when customer_id is not null then net_minor else 0 end) as attached_minor,
    sum(case when not is_return and gross_minor > 0 then 1 else 0 end) as orders,
    sum(case when not is_return and gross_minor > 0 and customer_id is not null then 1 else 0 end) as attached_orders
  from orders
  where counted and ordered_on < $as_of
  group by 1, 2, 3
),
joined as (
  select date_trunc('month', registered_on) as month, store, 'member' as source, count(*) as members_registered
  from customer_profiles
  where registered_on is not null and registered_on < $as_of
  group by 1, 2
)
select
  cast(coalesce(s.month, j.month) as date) as month,
  coalesce(s.store, j.store) as store,
  coalesce(s.source, j.source) as source,
  cast(coalesce(s.sales_minor, 0) as bigint) as sales_minor,
  cast(coalesce(s.attached_minor, 0) as bigint) as attached_minor,
  cast(coalesce(s.orders, 0) as bigint) as orders,
  cast(coalesce(s.attached_orders, 0) as bigint) as attached_orders,
  coalesce(j.members_registered, 0) as members_registered
from sold s
full join joined j on j.month = s.month and j.store = s.store and j.source = s.source

-- table: customer_stores
-- takes: orders, customer_profiles
-- gives: which stores may see a customer: the owner store, and those where they bought in the last 365 days of the data
-- grain: customer_id, store
-- scope: store
-- sort: store, customer_id
with last_day as (
  select max(ordered_on) as day from orders
),
bought as (
  select o.customer_id, o.store
  from orders o
  cross join last_day d
  where o.customer_id is not null and o.store is not null and date_diff('day', o.ordered_on, d.day) < 365
  group by o.customer_id, o.store
),
owned as (
  select customer_id, store
  from customer_profiles
  where store is not null and store <> ''
  group by customer_id, store
)
select
  coalesce(w.customer_id, b.customer_id) as customer_id,
  coalesce(w.store, b.store) as store,
  case when w.customer_id is not null then 'owner' else 'bought' end as reason
from owned w
full join bought b on b.customer_id = w.customer_id and b.store = w.store

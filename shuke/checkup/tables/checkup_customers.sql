-- table: checkup_customers
-- takes: orders
-- gives: one row a customer who bought before the as-of day: how much, how often, when last
-- grain: customer_id
-- scope: system
select
  customer_id,
  min(store) as store,
  max(ordered_on) as last_on,
  cast(sum(net_minor) as bigint) as net_minor,
  count(*) as orders
from orders
where counted and customer_id is not null and ordered_on < $as_of
group by customer_id

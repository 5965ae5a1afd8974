-- table: segment_second_purchase_due
-- takes: customer_features, shop_clock
-- gives: people who bought once and are in the days in which most second purchases come
-- grain: customer_id
-- scope: customer
-- note: definitions/second_purchase_due.yaml; since_on = the first day of that window
select
  f.customer_id,
  f.first_on + s.second_from_days as since_on,
  'first_purchase_window' as reason
from customer_features f
cross join shop_clock s
where f.orders = 1
  and f.days_since between s.second_from_days and s.second_until_days

-- table: segment_about_to_leave
-- takes: customer_features, lifecycle
-- gives: regular customers who wait longer than their own usual gap
-- grain: customer_id
-- scope: customer
-- note: definitions/about_to_leave.yaml; since_on = the day they became lapsing
select
  f.customer_id,
  l.since_on,
  'overdue' as reason
from customer_features f
join lifecycle l on l.customer_id = f.customer_id
where l.stage = 'lapsing'
  and f.orders >= $about_to_leave_purchases_min

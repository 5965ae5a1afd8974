-- table: segment_win_back
-- takes: customer_features, lifecycle
-- gives: lapsed customers with a habit to go back to, not gone too long
-- grain: customer_id
-- scope: customer
-- note: definitions/win_back.yaml; since_on = the day they became lapsed
select
  f.customer_id,
  l.since_on,
  'lapsed' as reason
from customer_features f
join lifecycle l on l.customer_id = f.customer_id
where l.stage = 'lapsed'
  and f.orders >= $win_back_purchases_min
  and f.days_since <= $win_back_days_max

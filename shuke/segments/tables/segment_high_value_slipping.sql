-- table: segment_high_value_slipping
-- takes: customer_features, lifecycle
-- gives: top spenders whose last two gaps, the open one included, are longer than usual
-- grain: customer_id
-- scope: customer
-- note: definitions/high_value_slipping.yaml; since_on = the day on which the two gaps together became too long, after the last purchase at the earliest
with slow as (
  select
    customer_id,
    last_on,
    previous_on,
    ceil($high_value_slipping_slow_cycles * cycle_days)::integer as slow_days
  from customer_features
  where monetary_score >= $high_value_slipping_monetary_score_min
    and orders >= $high_value_slipping_purchases_min
)
select
  s.customer_id,
  greatest(s.last_on, s.previous_on + s.slow_days + 1) as since_on,
  'slowing' as reason
from slow s
join lifecycle l on l.customer_id = s.customer_id
where l.stage in ('active', 'won_back', 'lapsing')
  and date_diff('day', s.previous_on, $as_of) > s.slow_days

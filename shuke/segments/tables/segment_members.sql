-- table: segment_members
-- takes: customer_features, segment_about_to_leave, segment_high_value_slipping, segment_second_purchase_due, segment_win_back
-- gives: one row a member of a ready segment, since when, why, and what a year of this customer is worth
-- grain: segment, customer_id
-- scope: customer
-- sort: segment, customer_id
-- note: value_minor = own average purchase x purchases that fit in a year at the own pace (at most one a week)
with members as (
  select 'second_purchase_due' as segment, customer_id, since_on, reason from segment_second_purchase_due
  union all
  select 'about_to_leave', customer_id, since_on, reason from segment_about_to_leave
  union all
  select 'high_value_slipping', customer_id, since_on, reason from segment_high_value_slipping
  union all
  select 'win_back', customer_id, since_on, reason from segment_win_back
)
select
  m.segment,
  m.customer_id,
  $as_of as as_of,
  m.since_on,
  m.reason,
  round(f.purchase_minor * least(52, 365 / nullif(f.cycle_days, 0)))::bigint as value_minor
from members m
join customer_features f on f.customer_id = m.customer_id

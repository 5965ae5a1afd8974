-- table: customer_interactions
-- takes: interactions
-- gives: one row a customer with an interaction before the as-of day: what they did, how lately, what they think of the shop
-- grain: customer_id
-- scope: customer
-- sort: customer_id
-- note: interactions_365 counts what the customer did or answered; messages of the shop, service cases and complaints do not count.
-- note: recommend_score is the last survey answer of a year (0 to 10), the mean where a day has several.
with known as (
  select customer_id, kind, happened_on, score
  from interactions
  where customer_id is not null and happened_on < $as_of
),
surveys as (
  select customer_id, happened_on, avg(score)::double as score
  from known
  where kind = 'survey' and score between 0 and 10 and happened_on >= $as_of - 365
  group by customer_id, happened_on
),
answers as (
  select customer_id, arg_max(score, happened_on) as recommend_score
  from surveys
  group by customer_id
),
sums as (
  select
    customer_id,
    count(*) filter (where kind = 'visit' and happened_on >= $as_of - 90) as visits_90,
    max(happened_on) filter (where kind = 'visit') as last_visit_on,
    count(*) filter (where kind = 'reply' and happened_on >= $as_of - 90) as replies_90,
    max(happened_on) filter (where kind = 'reply') as last_reply_on,
    count(*) filter (where kind = 'browse' and happened_on >= $as_of - 30) as browses_30,
    count(*) filter (where kind = 'event' and happened_on >= $as_of - 365) as events_365,
    count(*) filter (where kind = 'referral' and happened_on >= $as_of - 365) as referrals_365,
    count(*) filter (where kind = 'review' and happened_on >= $as_of - 365) as reviews_365,
    avg(score) filter (where kind = 'review' and happened_on >= $as_of - 365)::double as review_score,
    max(happened_on) filter (where kind = 'complaint') as complaint_on,
    count(*) filter (where kind not in ('message', 'service', 'complaint') and happened_on >= $as_of - 365) as interactions_365,
    max(happened_on) filter (where kind not in ('message', 'service', 'complaint')) as last_interaction_on
  from known
  group by customer_id
)
select
  s.customer_id,
  s.visits_90::integer as visits_90,
  s.last_visit_on,
  s.replies_90::integer as replies_90,
  s.last_reply_on,
  s.browses_30::integer as browses_30,
  s.events_365::integer as events_365,
  s.referrals_365::integer as referrals_365,
  s.reviews_365::integer as reviews_365,
  s.review_score,
  a.recommend_score,
  s.complaint_on,
  s.interactions_365::integer as interactions_365,
  s.last_interaction_on
from sums s
left join answers a on a.customer_id = s.customer_id

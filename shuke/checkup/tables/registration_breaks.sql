-- table: registration_breaks
-- takes: orders
-- gives: one row a till (store and source) whose share of receipts with a member fell for good on a certain day
-- grain: source, store
-- scope: system
-- note: for each day the receipts before and from it are two binomial samples; the day whose split fits best (highest
-- note: likelihood ratio) is taken where the share fell by at least 15 points and to under 60 % of what it was, and the
-- note: log likelihood gained is above 12 (a chance below 1 in 100,000 for any of a few hundred days).
with days as (
  select source, store, ordered_on, count(*) as receipts, sum(case when customer_id is not null then 1 else 0 end) as known
  from orders
  where counted and not is_return and store is not null and gross_minor > 0 and ordered_on < $as_of
  group by source, store, ordered_on
),
running as (
  select
    source, store, ordered_on,
    sum(receipts) over (partition by source, store order by ordered_on) - receipts as n1,
    sum(known) over (partition by source, store order by ordered_on) - known as k1,
    sum(receipts) over (partition by source, store) as n,
    sum(known) over (partition by source, store) as k
  from days
),
shares as (
  select
    source, store, ordered_on, n1, k1, n - n1 as n2, k - k1 as k2,
    1.0 * k1 / nullif(n1, 0) as p1,
    1.0 * (k - k1) / nullif(n - n1, 0) as p2,
    1.0 * k / nullif(n, 0) as p
  from running
),
gained as (
  select
    *,
    k1 * ln(coalesce(nullif(p1, 0), 1)) + (n1 - k1) * ln(coalesce(nullif(1 - p1, 0), 1))
    + k2 * ln(coalesce(nullif(p2, 0), 1)) + (n2 - k2) * ln(coalesce(nullif(1 - p2, 0), 1))
    - (k1 + k2) * ln(coalesce(nullif(p, 0), 1))
    - (n1 + n2 - k1 - k2) * ln(coalesce(nullif(1 - p, 0), 1)) as gain
  from shares
  where n1 >= 30 and n2 >= 20 and p1 - p2 >= 0.15 and p2 < 0.6 * p1
),
ranked as (
  select *, row_number() over (partition by source, store order by gain desc, ordered_on) as place
  from gained
)
select
  source, store, ordered_on as from_on,
  cast(n1 as bigint) as receipts_before, p1 as before_share, cast(n2 as bigint) as receipts_since, p2 as since_share
from ranked
where place = 1 and gain > 12

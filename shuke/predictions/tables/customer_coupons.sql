-- table: customer_coupons
-- takes: coupons
-- gives: one row a customer with a coupon issued before the as-of day: those still open, the one that ends first, and how many were used
-- grain: customer_id
-- scope: customer
-- sort: customer_id
-- note: open = issued, not used before the as-of day, not void, and not over. Of coupons that end on the same day the dearest stands for all.
with known as (
  select
    customer_id,
    coalesce(face_minor, 0) as face_minor,
    -- an instant's day in UTC: at most a few hours early, never late, so nobody is told of a coupon that is gone
    cast(expires_at as date) as expires_on,
    coalesce(status, 'issued') <> 'void' and coalesce(used_at >= $as_of, status is distinct from 'used') as is_left,
    cast(used_at as date) as used_on
  from coupons
  where customer_id is not null and coalesce(issued_at < $as_of, true)
),
open as (
  select customer_id, face_minor, expires_on,
    coalesce(date_diff('day', expires_on, date '2200-01-01'), 0)::bigint * 4294967296 + least(face_minor, 4294967295) as place
  from known
  where is_left and coalesce(expires_on >= $as_of, true)
),
first_to_end as (
  select
    customer_id,
    count(*)::integer as coupons_open,
    min(expires_on) as coupon_expires_on,
    arg_max(face_minor, place) as coupon_face_minor
  from open
  group by customer_id
),
used as (
  select customer_id, (count(*) filter (where used_on >= $as_of - 365 and used_on < $as_of))::integer as coupons_used_365
  from known
  group by customer_id
)
select
  u.customer_id,
  coalesce(f.coupons_open, 0) as coupons_open,
  f.coupon_expires_on,
  f.coupon_face_minor,
  u.coupons_used_365
from used u
left join first_to_end f on f.customer_id = u.customer_id

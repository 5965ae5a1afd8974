-- table: coupons
-- takes: staged_coupons, identity
-- gives: one row a coupon with its latest state and its owner
-- grain: source, coupon_no
-- scope: customer
-- sort: customer_id, issued_at
with latest as (
  select source, coupon_no, max(batch_id * 1000000000 + row_no) as version
  from staged_coupons
  group by source, coupon_no
)
select
  i.customer_id, s.record_id, s.source, s.coupon_no, s.name, s.kind, s.face_minor, s.min_spend_minor,
  s.issued_at, s.expires_at, s.used_at, s.used_order_no, s.status
from staged_coupons s
join latest l
  on l.source = s.source and l.coupon_no = s.coupon_no and l.version = s.batch_id * 1000000000 + s.row_no
left join identity i on i.record_id = s.record_id

-- table: replenishment
-- takes: customer_products, not_personalised, product_launches
-- gives: one row a customer and product that is bought again and again: when it is used up
-- grain: customer_id, product
-- scope: customer
-- note: gap_days = own mean gap drawn to the product's usual gap, which is worth $gap_worth own gaps. due_on = last_on + gap_days.
-- note: kept from $due_gap_min days of gap on, while due_on is not more than half a gap ago and not after $due_ahead_days days.
-- note: nothing that came back within $returned_days days.
with rhythms as (
  select c.customer_id, c.product, c.days, c.last_on, c.last_returned_on, date_diff('day', c.first_on, c.last_on) as span
  from customer_products c
  join product_launches l on l.product = c.product and l.is_repeat
  where c.days >= 2 and c.last_on > c.first_on and c.last_on >= $as_of - 365
),
usual as (
  select product, sum(span) / nullif(sum(days - 1), 0) as gap from rhythms group by product
),
drawn as (
  select
    r.customer_id,
    r.product,
    r.days,
    r.last_on,
    r.last_returned_on,
    (r.span + $gap_worth * u.gap) / nullif(r.days - 1 + $gap_worth, 0) as gap
  from rhythms r
  left join usual u on u.product = r.product
)
select
  d.customer_id,
  d.product,
  d.last_on + round(d.gap)::integer as due_on,
  d.last_on,
  round(d.gap, 1)::double as gap_days,
  d.days::integer as days
from drawn d
left join not_personalised n on n.customer_id = d.customer_id
where n.customer_id is null
  and d.gap >= $due_gap_min
  and (d.last_returned_on is null or d.last_returned_on < $as_of - $returned_days)
  and d.last_on + round(d.gap)::integer between $as_of - round(d.gap / 2)::integer and $as_of + $due_ahead_days

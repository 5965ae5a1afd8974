-- table: customer_tastes
-- takes: customer_category_months, customer_products, product_launches
-- gives: one row a customer with goods: new products tried, the new one of a category they buy, the product that is due again, and the return that was not replaced
-- grain: customer_id
-- scope: customer
-- sort: customer_id
-- note: due = bought on three days or more, and now $due_from to $due_until of the own mean gap after the last time; of several the one bought most often.
-- note: new_product = the newest product of a category bought on two days or more in a year, not bought yet; of several the category bought most often.
-- note: replaced = another product of the category bought on the day of the return or later, or the same product later.
with tried as (
  select
    c.customer_id,
    count(*) filter (where c.last_on >= $as_of - 365) as products_365,
    count(*) filter (
      where l.is_launch and c.first_on >= $as_of - 365 and date_diff('day', l.launched_on, c.first_on) <= $new_days
    ) as new_tried_365
  from customer_products c
  join product_launches l on l.product = c.product
  where c.days > 0
  group by c.customer_id
),
fresh as (
  select
    category,
    arg_max(product, date_diff('day', date '2000-01-01', launched_on) * 2147483648 + stable_hash(product) % 2147483648) as product
  from product_launches
  where is_launch and category is not null and launched_on >= $as_of - $new_days
  group by category
),
liked as (
  select m.customer_id, m.category, max(f.product) as product, sum(m.days) as days
  from customer_category_months m
  join fresh f on f.category = m.category
  where m.month >= $as_of - 365
  group by m.customer_id, m.category
  having sum(m.days) >= 2
),
known as (
  select c.customer_id, c.product
  from customer_products c
  join fresh f on f.product = c.product
  where c.days > 0
),
offered as (
  select
    l.customer_id,
    arg_max(l.product, l.days * 2147483648 + stable_hash(l.category) % 2147483648) as new_product,
    arg_max(l.category, l.days * 2147483648 + stable_hash(l.category) % 2147483648) as new_category
  from liked l
  left join known k on k.customer_id = l.customer_id and k.product = l.product
  where k.customer_id is null
  group by l.customer_id
),
rhythms as (
  select
    c.customer_id,
    c.product,
    c.last_on,
    date_diff('day', c.first_on, c.last_on) / nullif(c.days - 1.0, 0) as gap_days,
    date_diff('day', c.last_on, $as_of) as wait_days,
    c.days * 2147483648 + stable_hash(c.product) % 2147483648 as place
  from customer_products c
  join product_launches l on l.product = c.product and l.is_repeat
  where c.days >= 3
),
due as (
  select
    customer_id,
    arg_max(product, place) as replenish_product,
    arg_max(gap_days, place) as replenish_gap_days,
    arg_max(wait_days, place) as replenish_wait_days,
    arg_max(last_on, place) as replenish_last_on
  from rhythms
  where gap_days >= $due_gap_min and wait_days between $due_from * gap_days and $due_until * gap_days
  group by customer_id
),
returned as (
  select
    customer_id,
    product,
    category,
    last_returned_on,
    date_diff('day', date '2000-01-01', last_returned_on) * 2147483648 + stable_hash(product) % 2147483648 as place
  from customer_products
  where last_returned_on >= $as_of - $returned_days and last_returned_on < $as_of
),
replaced as (
  select r.customer_id, r.product
  from returned r
  join customer_products c on c.customer_id = r.customer_id
    and (c.category = r.category or c.product = r.product)
    and c.last_on >= r.last_returned_on
    and (c.product <> r.product or c.last_on > r.last_returned_on)
  group by r.customer_id, r.product
),
open_returns as (
  select
    r.customer_id,
    arg_max(r.product, r.place) as returned_product,
    nullif(arg_max(coalesce(r.category, ''), r.place), '') as returned_category,
    max(r.last_returned_on) as returned_on
  from returned r
  left join replaced p on p.customer_id = r.customer_id and p.product = r.product
  where p.customer_id is null
  group by r.customer_id
)
select
  coalesce(t.customer_id, o.customer_id) as customer_id,
  coalesce(t.products_365, 0)::integer as products_365,
  coalesce(t.new_tried_365, 0)::integer as new_tried_365,
  n.new_product,
  n.new_category,
  d.replenish_product,
  round(d.replenish_gap_days, 1)::double as replenish_gap_days,
  d.replenish_wait_days::integer as replenish_wait_days,
  -- the first day on which it was due, cut to whole days
  d.replenish_last_on + ceil($due_from * d.replenish_gap_days)::integer as replenish_due_on,
  o.returned_product,
  o.returned_category,
  o.returned_on
from tried t
full join open_returns o on o.customer_id = t.customer_id
left join due d on d.customer_id = t.customer_id
left join offered n on n.customer_id = t.customer_id

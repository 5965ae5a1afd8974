-- table: finding_birthday_placeholder
-- takes: customer_profiles, checkup_customers
-- gives: one row a customer whose birthday was filled in to get past the form
-- grain: detail
-- scope: system
-- a day is a placeholder when nobody alive was born on it, or when 20 people and 20 times the usual number share it; so is
-- the first of January of all years together when five times as many as by chance were born on it
with days as (
  select birthday, count(*) as people
  from customer_profiles
  where birthday is not null
  group by birthday
),
known as (
  select
    sum(people) as people,
    1.0 * sum(people) / nullif(count(*), 0) as usual,
    sum(case when extract(month from birthday) = 1 and extract(day from birthday) = 1 then people else 0 end) as new_year
  from days
),
placeholders as (
  select d.birthday
  from days d
  left join known k on k.people > 0
  where d.birthday < date '1910-01-01' or d.birthday >= $as_of
    or (d.people >= 20 and d.people >= 20 * k.usual)
    or (
      extract(month from d.birthday) = 1 and extract(day from d.birthday) = 1
      and k.new_year >= 20 and k.new_year >= 5 * k.people / 365.25
    )
)
select
  null as source, null as order_no, null as batch_id, null as row_no, null as record_id,
  p.store, b.last_on as ordered_on,
  coalesce(b.net_minor, 0) as money_minor,
  1 as raw_rows,
  coalesce(b.orders, 0) as orders,
  cast(p.customer_id as varchar) as detail
from customer_profiles p
join placeholders d on d.birthday = p.birthday
left join checkup_customers b on b.customer_id = p.customer_id
where p.first_seen_on is null or p.first_seen_on < $as_of

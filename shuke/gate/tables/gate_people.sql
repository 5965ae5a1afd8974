-- table: gate_people
-- takes: contact_blocks, contacts, customer_features, customer_profiles, customer_consents, interactions, segment_members
-- gives: one row a member of any ready segment: what keeps the person out of every play (null: nothing)
-- grain: customer_id
-- scope: customer
-- sort: customer_id
-- note: a refusal counts whenever it was given, also after the as-of day: it is never too early to respect one.
with members as (
  select distinct customer_id from segment_members
),
blocks as (
  select
    customer_id,
    max(case when reason = 'refused_contact' then 1 else 0 end) as refused_contact,
    max(case when reason = 'complaint_open' then 1 else 0 end) as complained,
    max(case when reason = 'holdout_watch' then 1 else 0 end) as held_out,
    max(case when reason = 'already_in_play' then 1 else 0 end) as in_play
  from contact_blocks
  where until_on is null or until_on > $as_of
  group by customer_id
),
complaints as (
  select customer_id, 1 as complained
  from interactions
  where kind = 'complaint' and happened_on >= $as_of - $complaint_rest_days and happened_on < $as_of and customer_id is not null
  group by customer_id
),
touched as (
  select customer_id, count(*) as touches
  from contacts
  where touched_on >= $as_of - 7
  group by customer_id
),
not_personal as (
  select customer_id, 1 as refused
  from customer_consents
  where purpose = 'personalisation' and state in ('refused', 'withdrawn')
  group by customer_id
)
select
  m.customer_id,
  case
    when $staff_excluded and p.is_staff then 'staff'
    when p.birthday is not null
      and (extract(year from $as_of) * 10000 + extract(month from $as_of) * 100 + extract(day from $as_of))
        - (extract(year from p.birthday) * 10000 + extract(month from p.birthday) * 100 + extract(day from p.birthday))
        < $minor_age * 10000 then 'minor'
    when $wholesale_excluded and f.wholesale_orders > 0 then 'wholesale'
    when n.refused = 1 then 'no_personalisation'
    when b.refused_contact = 1 then 'refused_contact'
    when b.complained = 1 or c.complained = 1 then 'complaint_open'
    when b.in_play = 1 then 'already_in_play'
    when b.held_out = 1 then 'holdout_watch'
    when t.touches >= $touches_per_7_days then 'touched_recently'
  end as reason
from members m
left join customer_profiles p on p.customer_id = m.customer_id
left join customer_features f on f.customer_id = m.customer_id
left join blocks b on b.customer_id = m.customer_id
left join complaints c on c.customer_id = m.customer_id
left join touched t on t.customer_id = m.customer_id
left join not_personal n on n.customer_id = m.customer_id

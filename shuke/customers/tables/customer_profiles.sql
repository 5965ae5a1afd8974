-- table: customer_profiles
-- takes: customer_evidence, identity, staged_persons, store_names
-- gives: one row a customer: the best known value of each field (the vault of personal values)
-- grain: customer_id
-- scope: customer
-- personal: name, phone, email, birthday, address, member_id, card
-- sort: customer_id
-- note: survivorship, field by field: a full value before a nickname before a masked one; then the most trusted source
-- note: (member file, person file, own orders, marketplace orders, WeCom contact, others), then the most recent.
-- note: a blocked phone or e-mail is nobody's and never survives. Owner store: where the member registered, else where most
-- note: records were made. Owner associate: who follows the WeCom contact, else the member file's, else who served most.
with owned as (
  select
    *,
    (9 - trust) * 1000000000000000
      + coalesce(date_diff('day', date '1970-01-01', cast(last_seen_at as date)), 0) * 10000000000
      + evidence_id % 10000000000 as rank
  from customer_evidence
),
best as (
  select
    o.customer_id,
    arg_max(o.name, o.rank + case
      when o.name_is_full then 300000000000000000
      when o.has_own_name then 200000000000000000
      else 100000000000000000 end) filter (o.name is not null) as name,
    arg_max(o.phone, o.rank) filter (o.phone_usable) as phone,
    arg_max(o.email, o.rank) filter (o.email_usable) as email,
    arg_max(o.birthday, o.rank) filter (o.birthday is not null) as birthday,
    arg_max(o.gender, o.rank) filter (o.gender is not null) as gender,
    arg_max(o.city, o.rank) filter (o.city is not null) as city,
    arg_max(o.member_id, o.rank) filter (o.member_id_usable) as member_id,
    arg_max(o.card, o.rank) filter (o.card_usable) as card,
    max(case when o.is_staff then 1 else 0 end) = 1 as is_staff,
    cast(min(o.first_seen_at) as date) as first_seen_on,
    cast(max(o.last_seen_at) as date) as last_seen_on
  from owned o
  group by o.customer_id
),
counted as (
  select
    i.customer_id,
    count(*) as records,
    count(distinct i.source) as sources,
    max(case when i.kind = 'member' then 1 else 0 end) = 1 as is_member,
    max(case when i.source like 'wecom%' then 1 else 0 end) = 1 as in_wecom
  from identity i
  where i.customer_id is not null
  group by i.customer_id
),
places as (
  select
    i.customer_id,
    n.store,
    p.associate,
    max(case when p.kind = 'member' then 1 else 0 end) as registered,
    sum(case when p.kind = 'order' then 1 else 0 end) as bought,
    max(case when p.source like 'wecom%' then 2 when p.kind = 'member' then 1 else 0 end) as bond,
    max(case when p.source like 'wecom%' then p.seen_at end) as followed_at,
    count(*) as times
  from staged_persons p
  join identity i on i.record_id = p.record_id
  left join store_names n on n.source = p.source and n.written = p.store and n.channel = 'store'
  where i.customer_id is not null and (p.store is not null or p.associate is not null)
  group by i.customer_id, n.store, p.associate
),
store_votes as (
  select
    customer_id,
    store,
    max(registered) as registered,
    sum(bought) as bought,
    sum(times) as times
  from places
  where store is not null
  group by customer_id, store
),
owner_store as (
  select customer_id, store,
    row_number() over (partition by customer_id order by registered desc, bought desc, times desc, store) as place
  from store_votes
),
associate_votes as (
  select
    customer_id,
    associate,
    max(bond) as bond,
    max(followed_at) as followed_at,
    sum(times) as times
  from places
  where associate is not null and associate <> ''
  group by customer_id, associate
),
owner_associate as (
  select customer_id, associate,
    row_number() over (
      partition by customer_id
      order by bond desc, coalesce(followed_at, timestamp '1970-01-01 00:00:00') desc, times desc, associate
    ) as place
  from associate_votes
),
registered as (
  select i.customer_id, min(p.registered_on) as registered_on
  from staged_persons p
  join identity i on i.record_id = p.record_id
  where p.registered_on is not null and i.customer_id is not null
  group by i.customer_id
),
written as (  -- of two addresses of one record on one day the greater text, so that the choice never hangs on order
  select i.customer_id, p.record_id, cast(p.seen_at as date) as seen_on, max(p.address) as address
  from staged_persons p
  join identity i on i.record_id = p.record_id
  where p.address is not null and strpos(p.address, '*') = 0 and i.customer_id is not null
  group by i.customer_id, p.record_id, cast(p.seen_at as date)
),
addresses as (
  select
    customer_id,
    arg_max(
      address, coalesce(date_diff('day', date '1970-01-01', seen_on), 0) * 10000000000 + record_id % 10000000000
    ) as address
  from written
  group by customer_id
)
select
  b.customer_id,
  b.name,
  b.phone,
  b.email,
  b.birthday,
  b.gender,
  b.city,
  a.address,
  b.member_id,
  b.card,
  s.store,
  t.associate,
  r.registered_on,
  b.first_seen_on,
  b.last_seen_on,
  c.sources,
  c.records,
  c.is_member,
  b.is_staff,
  c.in_wecom
from best b
join counted c on c.customer_id = b.customer_id
left join owner_store s on s.customer_id = b.customer_id and s.place = 1
left join owner_associate t on t.customer_id = b.customer_id and t.place = 1
left join registered r on r.customer_id = b.customer_id
left join addresses a on a.customer_id = b.customer_id

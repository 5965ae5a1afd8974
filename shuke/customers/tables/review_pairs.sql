-- table: review_pairs
-- takes: candidate_pairs, person_evidence, identity, customer_profiles, pinned_records, parties_apart
-- gives: pairs that may be one person, each with a record of either side, what its fields say, and what is at stake
-- grain: pair_id, stratum
-- scope: customer
-- sort: stratum, stake, pair_id
-- note: pairs that people decided are not in it. customer_id is the left side's. A field says same, differs, close (names
-- note: of which one may be the other) or nothing (null).
with asked as (
  select left_evidence as evidence_id from candidate_pairs
  union
  select right_evidence as evidence_id from candidate_pairs
),
named as (  -- the evidence's first record, and the customer of its first record that has one
  select i.evidence_id, min(i.record_id) as record_id, arg_min(i.customer_id, i.record_id) as customer_id, count(*) as records
  from identity i
  join asked a on a.evidence_id = i.evidence_id
  group by i.evidence_id
),
sides as (
  select n.evidence_id, n.record_id, n.customer_id, n.records, coalesce(p.records, n.records) as customer_records,
    p.store, k.party
  from named n
  left join customer_profiles p on p.customer_id = n.customer_id
  left join pinned_records k on k.record_id = n.record_id
)
select
  cast(l.record_id as varchar) || '-' || cast(r.record_id as varchar) as pair_id,
  c.stratum,
  c.population,
  l.customer_id,
  r.customer_id as other_customer_id,
  c.left_evidence,
  c.right_evidence,
  l.record_id as left_record,
  r.record_id as right_record,
  c.probability,
  c.reason,
  c.joined,
  c.refused,
  case when l.customer_id = r.customer_id then least(l.records, r.records)
    else least(l.customer_records, r.customer_records) end as records,
  case when l.customer_id = r.customer_id then least(l.records, r.records)
    else least(l.customer_records, r.customer_records) end * c.probability * (1 - c.probability) as stake,
  case
    when a.name_key = b.name_key then 'same'
    when a.name_is_full and b.name_is_full and a.initial <> b.initial then 'differs'
    when a.name_is_full and b.name_is_full then 'close_differs'
    when a.initial = b.initial then 'close'
    when a.initial <> b.initial then 'initial_differs'
  end as says_name,
  case when a.phone = b.phone then case when a.phone_block is null then 'same' else 'blocked' end
    when a.phone <> b.phone then 'differs' end as says_phone,
  case when a.phone is not null and b.phone is not null then null
    when a.mask = b.mask then 'same' when a.mask <> b.mask then 'differs' end as says_phone_masked,
  case when lower(a.email) = lower(b.email) then case when a.email_block is null then 'same' else 'blocked' end
    when lower(a.email) <> lower(b.email) then 'differs' end as says_email,
  case when a.birthday = b.birthday then 'same' when a.birthday <> b.birthday then 'differs' end as says_birthday,
  case when a.gender = b.gender then 'same' when a.gender <> b.gender then 'differs' end as says_gender,
  case when a.city = b.city then 'same' when a.city <> b.city then 'differs' end as says_city,
  case when a.member_id = b.member_id then 'same' when a.member_id <> b.member_id then 'differs' end as says_member_id,
  case when a.card = b.card then 'same' when a.card <> b.card then 'differs' end as says_card,
  case when a.unionid = b.unionid then 'same' when a.unionid <> b.unionid then 'differs' end as says_unionid,
  case when a.shop_user_key = b.shop_user_key then 'same'
    when a.shop_user_type = b.shop_user_type and a.shop_user_key <> b.shop_user_key then 'differs' end as says_shop_user
from candidate_pairs c
join sides l on l.evidence_id = c.left_evidence
join sides r on r.evidence_id = c.right_evidence
join person_evidence a on a.evidence_id = c.left_evidence
join person_evidence b on b.evidence_id = c.right_evidence
left join parties_apart x on x.party = least(l.party, r.party) and x.other = greatest(l.party, r.party)
where c.stratum <> 'queue'
  or (coalesce(l.party <> r.party, true) and x.party is null and not (l.customer_id is null and r.customer_id is null))

-- table: customer_evidence
-- takes: evidence_owners, evidence_keys, person_evidence
-- gives: the distinct evidence behind each customer: which values its records carry, which of them count as keys, and why it is theirs
-- grain: customer_id, evidence_id, from_at
-- scope: customer
-- personal: name, phone, email, birthday, member_id, card
-- sort: customer_id, evidence_id, from_at
with usable as (
  select
    evidence_id,
    max(case when type = 'phone' and usable then 1 else 0 end) as phone,
    max(case when type = 'email' and usable then 1 else 0 end) as email,
    max(case when type = 'card' and usable then 1 else 0 end) as card,
    max(case when type = 'member_id' and usable then 1 else 0 end) as member_id,
    max(case when type = 'unionid' and usable then 1 else 0 end) as unionid,
    max(case when type like 'shop_user:%' and usable then 1 else 0 end) as shop_user,
    min(block_reason) as block_reason
  from evidence_keys
  group by evidence_id
)
select
  o.customer_id,
  o.customer_id_automatic,
  o.evidence_id,
  o.from_at,
  o.until_at,
  o.probability,
  o.band,
  o.reason,
  e.records,
  e.first_seen_at,
  e.last_seen_at,
  e.trust,
  e.is_staff,
  e.name,
  e.name_is_full,
  e.name_key is not null as has_own_name,
  e.phone,
  e.phone_masked,
  e.email,
  e.unionid,
  e.card,
  e.member_id,
  e.shop_user_type,
  e.shop_user_id,
  e.birthday,
  e.gender,
  e.city,
  e.name_hash,
  e.phone_hash,
  e.email_hash,
  coalesce(u.phone, 0) = 1 as phone_usable,
  coalesce(u.email, 0) = 1 as email_usable,
  coalesce(u.card, 0) = 1 as card_usable,
  coalesce(u.member_id, 0) = 1 as member_id_usable,
  coalesce(u.unionid, 0) = 1 as unionid_usable,
  coalesce(u.shop_user, 0) = 1 as shop_user_usable,
  u.block_reason
from evidence_owners o
join person_evidence e on e.evidence_id = o.evidence_id
left join usable u on u.evidence_id = o.evidence_id
where o.customer_id is not null

-- table: customer_evidence
-- takes: evidence_owners, person_evidence, blocked_values
-- gives: the distinct evidence behind each customer: which values its records carry, which of them count as keys, and why it is theirs
-- grain: customer_id, evidence_id, from_at
-- scope: customer
-- personal: name, phone, email, birthday, member_id, card
-- sort: customer_id, evidence_id, from_at
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
  e.phone is not null and coalesce(e.phone_block, blocked_phone.block_reason) is null as phone_usable,
  e.email is not null and coalesce(e.email_block, blocked_email.block_reason) is null as email_usable,
  e.card is not null and coalesce(e.card_block, blocked_card.block_reason) is null as card_usable,
  e.member_id is not null and coalesce(e.member_block, blocked_member_id.block_reason) is null as member_id_usable,
  e.unionid is not null and coalesce(e.unionid_block, blocked_unionid.block_reason) is null as unionid_usable,
  e.shop_user_id is not null and coalesce(e.shop_user_block, blocked_shop_user.block_reason) is null as shop_user_usable,
  -- of several blocked values the first reason in alphabetical order
  least(
    coalesce(e.phone_block, blocked_phone.block_reason),
    coalesce(e.email_block, blocked_email.block_reason),
    coalesce(e.card_block, blocked_card.block_reason),
    coalesce(e.member_block, blocked_member_id.block_reason),
    coalesce(e.unionid_block, blocked_unionid.block_reason),
    coalesce(e.shop_user_block, blocked_shop_user.block_reason)
  ) as block_reason
from evidence_owners o
join person_evidence e on e.evidence_id = o.evidence_id
left join blocked_values blocked_phone on blocked_phone.type = 'phone' and blocked_phone.value_hash = e.phone_hash
left join blocked_values blocked_email on blocked_email.type = 'email' and blocked_email.value_hash = e.email_hash
left join blocked_values blocked_card on blocked_card.type = 'card' and blocked_card.value_hash = e.card_hash
left join blocked_values blocked_member_id on blocked_member_id.type = 'member_id' and blocked_member_id.value_hash = e.member_hash
left join blocked_values blocked_unionid on blocked_unionid.type = 'unionid' and blocked_unionid.value_hash = e.unionid_hash
left join blocked_values blocked_shop_user on blocked_shop_user.type = 'shop_user' and blocked_shop_user.value_hash = e.shop_user_key
where o.customer_id is not null

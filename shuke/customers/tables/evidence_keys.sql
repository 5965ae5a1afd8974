-- table: evidence_keys
-- takes: person_evidence, blocked_values
-- gives: the identifiers of each evidence, one row a type, usable or with the reason why not
-- grain: evidence_id, type
-- scope: system
-- note: value_hash = stable_hash of the value as it is searched for: digits of a phone, lower-case e-mail, number of a card
with keys as (
  select evidence_id, 'phone' as type, 'phone' as kind, phone_hash as value_hash, phone_hash as key_hash,
    phone_block as listed
  from person_evidence where phone is not null
  union all
  select evidence_id, 'email' as type, 'email' as kind, email_hash as value_hash, email_hash as key_hash,
    email_block as listed
  from person_evidence where email is not null
  union all
  select evidence_id, 'card' as type, 'card' as kind, card_hash as value_hash, card_hash as key_hash,
    card_block as listed
  from person_evidence where card is not null
  union all
  select evidence_id, 'member_id' as type, 'member_id' as kind, member_hash as value_hash, member_hash as key_hash,
    member_block as listed
  from person_evidence where member_id is not null
  union all
  select evidence_id, 'unionid' as type, 'unionid' as kind, unionid_hash as value_hash, unionid_hash as key_hash,
    unionid_block as listed
  from person_evidence where unionid is not null
  union all
  select evidence_id, shop_user_type as type, 'shop_user' as kind, shop_user_hash as value_hash,
    shop_user_key as key_hash, shop_user_block as listed
  from person_evidence where shop_user_id is not null
)
select
  k.evidence_id,
  k.type,
  k.value_hash,
  k.listed is null and b.block_reason is null as usable,
  coalesce(k.listed, b.block_reason) as block_reason
from keys k
left join blocked_values b on b.type = k.kind and b.value_hash = k.key_hash

-- table: person_evidence
-- takes: staged_persons, pinned_records
-- gives: each distinct set of personal values once, normalised and hashed, with how often and when it was seen
-- grain: evidence_id
-- scope: system
-- personal: name, phone, email, birthday
-- note: *_block says why a value is nobody's key: it is on a list or has a pattern of definitions/guards.yaml
-- note: records of members, contacts and persons (is_own) stand alone (own_record), and so do records that somebody pinned
-- note: (party: those said to be one customer); equal orders and facts share one evidence
with placed as (
  -- a city and district written only in the address: 浙江省 宁波市 江北区 ****
  select
    p.*,
    pin.party,
    coalesce(city, nullif(regexp_extract(replace(address, ' ', ''), '([^省区市]{2,7}市)', 1), '')) as town,
    nullif(regexp_extract(replace(address, ' ', ''), '市([^省市县区]{1,6}(?:区|县))', 1), '') as district,
    -- where a receipt was made that shows a masked phone and nothing else
    case when kind = 'order' and store is not null and phone_masked is not null
    and coalesce(phone, card, member_id, unionid, email, shop_user_id, name) is null
    then concat_ws(chr(30), source, store) end as bare_place
  from staged_persons p
  left join pinned_records pin on pin.record_id = p.record_id
),
raw as (
  select
    case when kind in ('member', 'contact', 'person') or party is not null then record_id end as own_record,
    is_staff,
    case when shop_user_id is null then '' else source end as shop_source,
    case when shop_user_id is null then '' else shop end as shop,
    shop_user_id, name, name_masked, phone, phone_masked, email, unionid, card, member_id, birthday, gender, town, district,
    bare_place,
    count(*) as records,
    count(case when kind = 'order' then store end) as visits,
    min(seen_at) as first_seen_at,
    max(seen_at) as last_seen_at,
    min(source) as first_source,
    min(source_row_id) as first_source_row,
    min(case kind when 'member' then 1 when 'person' then 2 when 'order' then 3 when 'contact' then 5 else 6 end
      + case when kind = 'order' and source in ('tmall', 'jd', 'meituan', 'eleme', 'pdd', 'douyin') then 1 else 0 end
    ) as trust,
    max(case when kind = 'contact' then 1 else 0 end) = 1 as is_contact,
    max(case when kind in ('member', 'contact', 'person') then 1 else 0 end) = 1 as is_own,
    max(party) as party
  from placed
  group by
    case when kind in ('member', 'contact', 'person') or party is not null then record_id end, is_staff,
    case when shop_user_id is null then '' else source end, case when shop_user_id is null then '' else shop end,
    shop_user_id, name, name_masked, phone, phone_masked, email, unionid, card, member_id, birthday, gender, town,
    district, bare_place
),
names as (
  -- Each name is read once. Chinese names lose blanks and a form of address, others keep single blanks between their words
  select
    name,
    case when strpos(name, '*') > 0 or is_anonymous then null else spelling end as name_key,
    case when is_anonymous or left(trim(name), 1) in ('*', '') then null else lower(left(trim(name), 1)) end as initial,
    case
      when regexp_matches(spelling, '^[一-鿿]{2,4}$') then left(spelling, 1) in $surnames or left(spelling, 2) in $surnames
      else regexp_matches(spelling, '^[\p{L}'']+( [\p{L}'']+)+$')
    end as is_full
  from (
    select
      name,
      regexp_matches(lower(trim(name)), $anonymous_names) as is_anonymous,
      case
        when regexp_matches(name, '[一-鿿]')
          then regexp_replace(regexp_replace(lower(name), '[\s·・._-]+', '', 'g'), $forms_of_address, '', 'g')
        else trim(regexp_replace(lower(name), '[\s,._-]+', ' ', 'g'))
      end as spelling
    from (select distinct name from staged_persons where name is not null) as written
  ) as read
),
spelled as (
  select
    raw.*,
    case when coalesce(raw.name_masked, false) then null else n.name_key end as name_key,
    n.initial,
    n.is_full,
    case
      when phone is null then null
      when phone in $blocked_phones then 'list'
      when regexp_matches(phone, $blocked_phone_pattern) then 'pattern'
    end as phone_block,
    case
      when email is null then null
      when lower(email) in $blocked_emails then 'list'
      when strpos(email, '@') = 0 or strpos(email, '*') > 0 then 'pattern'
    end as email_block,
    case when regexp_matches(lower(card), $blocked_id_pattern) then 'pattern' end as card_block,
    case when regexp_matches(lower(member_id), $blocked_id_pattern) then 'pattern' end as member_block,
    case when regexp_matches(lower(unionid), $blocked_id_pattern) then 'pattern' end as unionid_block,
    case when regexp_matches(lower(shop_user_id), $blocked_id_pattern) then 'pattern' end as shop_user_block
  from raw
  left join names n on n.name = raw.name
)
select
  stable_hash(concat_ws(
    chr(31),
    coalesce(cast(own_record as varchar), ''),
    case when is_staff then 's' when is_staff is null then '' else 'n' end,
    case when shop_user_id is null then '' else concat_ws(chr(30), shop_source, shop, shop_user_id) end,
    coalesce(name, ''), case when name_masked then 'm' when name_masked is null then '' else 'n' end,
    coalesce(phone, ''), coalesce(phone_masked, ''), coalesce(email, ''), coalesce(unionid, ''), coalesce(card, ''),
    coalesce(member_id, ''), coalesce(cast(birthday as varchar), ''), coalesce(gender, ''), coalesce(town, ''),
    coalesce(district, ''), bare_place
  )) as evidence_id,
  own_record,
  is_own,
  party,
  records,
  visits,
  first_seen_at,
  last_seen_at,
  first_source,
  first_source_row,
  trust,
  coalesce(is_staff, false) as is_staff,
  -- the values as they came, for the profile
  name,
  name_key,
  coalesce(name_masked, false) as name_masked,
  phone,
  phone_masked,
  email,
  unionid,
  card,
  member_id,
  case when shop_user_id is not null then 'shop_user:' || shop_source || ':' || shop end as shop_user_type,
  shop_user_id,
  birthday,
  gender,
  town as city,
  district,
  -- why a value is no key
  phone_block,
  email_block,
  card_block,
  member_block,
  unionid_block,
  shop_user_block,
  -- hashes of the values as people search for them; a buyer id also within its shop
  stable_hash(phone) as phone_hash,
  stable_hash(lower(email)) as email_hash,
  stable_hash(unionid) as unionid_hash,
  stable_hash(card) as card_hash,
  stable_hash(member_id) as member_hash,
  stable_hash(shop_user_id) as shop_user_hash,
  case when shop_user_id is not null
    then stable_hash(concat_ws(chr(30), shop_source, shop, shop_user_id)) end as shop_user_key,
  stable_hash(name_key) as name_hash,
  -- further evidence
  not is_contact and name_key is not null and is_full as name_is_full,
  initial,
  case when phone_block is null then mask_phone(coalesce(phone, phone_masked)) end as mask,
  stable_hash(bare_place) as place
from spelled

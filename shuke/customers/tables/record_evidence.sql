-- table: record_evidence
-- takes: staged_persons, pinned_records
-- gives: for each source record the evidence that it carries: equal values are one evidence, however many records carry them
-- grain: record_id
-- scope: system
-- note: a record that somebody pinned to a customer is an evidence of its own, as members, contacts and persons are
-- note: of several versions of a record the one with the strongest identifier counts, then the latest. The text that is
-- note: hashed must be the same as in person_evidence; a test holds it.
with placed as (
  -- a city and district written only in the address: 浙江省 宁波市 江北区 ****
  select
    p.*,
    pin.record_id is not null as is_pinned,
    coalesce(city, nullif(regexp_extract(replace(address, ' ', ''), '([^省区市]{2,7}市)', 1), '')) as town,
    nullif(regexp_extract(replace(address, ' ', ''), '市([^省市县区]{1,6}(?:区|县))', 1), '') as district,
    -- where a receipt was made that shows a masked phone and nothing else
    case when kind = 'order' and store is not null and phone_masked is not null
    and coalesce(phone, card, member_id, unionid, email, shop_user_id, name) is null
    then concat_ws(chr(30), source, store) end as bare_place
  from staged_persons p
  left join pinned_records pin on pin.record_id = p.record_id
),
versions as (
  select
    record_id,
    source,
    source_row_id,
    kind,
    coalesce(is_staff, false) as is_staff,
    seen_at,
    batch_id,
    case
      when card is not null or member_id is not null or unionid is not null then 3
      when phone is not null then 2
      when shop_user_id is not null or email is not null then 1
      else 0
    end as strength,
    stable_hash(concat_ws(
      chr(31),
      case when kind in ('member', 'contact', 'person') or is_pinned then cast(record_id as varchar) else '' end,
      case when is_staff then 's' when is_staff is null then '' else 'n' end,
      case when shop_user_id is null then '' else concat_ws(chr(30), source, shop, shop_user_id) end,
      coalesce(name, ''), case when name_masked then 'm' when name_masked is null then '' else 'n' end,
      coalesce(phone, ''), coalesce(phone_masked, ''), coalesce(email, ''), coalesce(unionid, ''), coalesce(card, ''),
      coalesce(member_id, ''), coalesce(cast(birthday as varchar), ''), coalesce(gender, ''), coalesce(town, ''),
      coalesce(district, ''), bare_place
    )) as evidence_id,
    case when kind = 'order' and store is not null then stable_hash(concat_ws(chr(30), source, store)) end as place
  from placed
)
select
  record_id,
  -- strength, batch, and the evidence itself so that the choice never hangs on the order of rows
  arg_max(evidence_id, (strength * 1048576 + batch_id % 1048576) * 1099511627776 + evidence_id % 1099511627776)
    as evidence_id,
  min(source) as source,
  min(source_row_id) as source_row_id,
  min(kind) as kind,
  max(case when is_staff then 1 else 0 end) = 1 as is_staff,
  min(seen_at) as seen_at,
  max(seen_at) as last_seen_at,
  max(place) as place
from versions
group by record_id

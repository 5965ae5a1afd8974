-- table: customer_lookup
-- takes: evidence_keys, evidence_owners, person_evidence
-- gives: customers by any identifier that one of their records carries: hash of the value, of the last four digits, of the name
-- grain: type, value_hash, customer_id
-- scope: customer
-- sort: value_hash
-- note: a blocked value finds nobody, for it belongs to nobody
with found as (
  select type, value_hash, evidence_id
  from evidence_keys
  where usable
  union all
  select 'phone_tail' as type, stable_hash(right(mask, 4)) as value_hash, evidence_id
  from person_evidence
  where mask is not null
  union all
  select 'name' as type, name_hash as value_hash, evidence_id
  from person_evidence
  where name_key is not null
)
select f.type, f.value_hash, o.customer_id
from found f
join evidence_owners o on o.evidence_id = f.evidence_id
where o.customer_id is not null
group by f.type, f.value_hash, o.customer_id

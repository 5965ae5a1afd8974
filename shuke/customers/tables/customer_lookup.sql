-- table: customer_lookup
-- takes: evidence_keys, evidence_owners, person_evidence
-- gives: customers by any identifier that one of their records carries: hash of the value, of the last four digits, of the name
-- grain: type, value_hash, customer_id
-- scope: customer
-- sort: value_hash
-- note: a blocked value finds nobody, for it belongs to nobody
with found as (
  select k.type, k.value_hash, o.customer_id
  from evidence_keys k
  join evidence_owners o on o.evidence_id = k.evidence_id
  where k.usable and o.customer_id is not null
  union all
  select 'phone_tail' as type, stable_hash(right(p.mask, 4)) as value_hash, o.customer_id
  from person_evidence p
  join evidence_owners o on o.evidence_id = p.evidence_id
  where p.mask is not null and o.customer_id is not null
  union all
  select 'name' as type, p.name_hash as value_hash, o.customer_id
  from person_evidence p
  join evidence_owners o on o.evidence_id = p.evidence_id
  where p.name_key is not null and o.customer_id is not null
)
select type, value_hash, customer_id
from found
group by type, value_hash, customer_id

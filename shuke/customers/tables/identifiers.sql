-- table: identifiers
-- takes: record_evidence, evidence_keys
-- gives: every identifier that a source record carries, usable as a key or with the reason why not
-- grain: record_id, type, value_hash
-- scope: system
select
  r.record_id,
  r.source,
  k.type,
  k.value_hash,
  r.seen_at as first_seen_at,
  r.last_seen_at,
  k.usable,
  k.block_reason
from record_evidence r
join evidence_keys k on k.evidence_id = r.evidence_id

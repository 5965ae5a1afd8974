-- table: identity
-- takes: record_evidence, evidence_owners, staged_sales
-- gives: who each source record is: one row a person record and one an order, also where nobody can be known
-- grain: record_id
-- scope: customer
-- sort: customer_id, record_id
-- note: customer_id is the partition in use (automatic and probable), customer_id_automatic holds automatic merges only
with people as (
  select
    r.record_id,
    r.source,
    r.source_row_id,
    o.customer_id,
    o.customer_id_automatic,
    o.probability,
    o.band,
    o.reason,
    r.is_staff,
    r.kind,
    r.evidence_id
  from record_evidence r
  join evidence_owners o
    on o.evidence_id = r.evidence_id
    and coalesce(r.seen_at, timestamp '1970-01-01 00:00:00') >= o.from_at
    and coalesce(r.seen_at, timestamp '1970-01-01 00:00:00') < o.until_at
),
nameless as (  -- orders without any person field have no record in staged_persons
  select s.record_id, min(s.source) as source, min(s.order_no) as source_row_id
  from staged_sales s
  where s.buyer_key is null and s.row_grain <> 'fee'
    and s.record_id not in (select record_id from record_evidence)
  group by s.record_id
)
select
  record_id, source, source_row_id, customer_id, customer_id_automatic, probability, band, reason, is_staff, kind,
  evidence_id
from people
union all
select
  record_id,
  source,
  source_row_id,
  null as customer_id,
  null as customer_id_automatic,
  0.0 as probability,
  'alone' as band,
  'no_key' as reason,
  false as is_staff,
  'order' as kind,
  null as evidence_id
from nameless

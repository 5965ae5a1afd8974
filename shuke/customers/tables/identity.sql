-- table: identity
-- takes: record_evidence, evidence_owners, staged_sales
-- gives: who each source record is: one row a person record and one an order, also where nobody can be known
-- grain: record_id
-- scope: customer
-- sort: customer_id, record_id
-- note: customer_id is the partition in use (automatic and probable), customer_id_automatic holds automatic merges only
-- note: an order that stands in two systems (the till row names the other's number) is one person's in both
with nameless as (  -- orders without any person field have no record in staged_persons
  select s.record_id, min(s.source) as source, min(s.order_no) as source_row_id
  from staged_sales s
  left join record_evidence r on r.record_id = s.record_id
  where s.buyer_key is null and s.row_grain <> 'fee' and r.record_id is null
  group by s.record_id
),
copies as (  -- record of the copy, and the number and source of the order that it copies
  select record_id, min(source) as source, min(external_order_no) as external_order_no
  from staged_sales
  where external_order_no is not null and row_grain <> 'fee'
  group by record_id
),
numbered as (
  select record_id, source, source_row_id from record_evidence where kind = 'order'
  union all
  select record_id, source, source_row_id from nameless
),
pairs as (
  select c.record_id as copy_id, e.record_id as order_id
  from copies c
  join numbered e on e.source_row_id = c.external_order_no and e.source <> c.source
),
sides as (  -- who is known is asked for these few only
  select copy_id as record_id from pairs
  union
  select order_id as record_id from pairs
),
known as (
  select r.record_id, o.customer_id, o.customer_id_automatic, o.probability
  from sides s
  join record_evidence r on r.record_id = s.record_id
  join evidence_owners o
    on o.evidence_id = r.evidence_id
    and coalesce(r.seen_at, timestamp '1970-01-01 00:00:00') >= o.from_at
    and coalesce(r.seen_at, timestamp '1970-01-01 00:00:00') < o.until_at
  where o.customer_id is not null
),
led as (  -- for a record of one side, who the other side is
  select p.copy_id as record_id, k.customer_id, k.customer_id_automatic, k.probability
  from pairs p join known k on k.record_id = p.order_id
  union all
  select p.order_id as record_id, k.customer_id, k.customer_id_automatic, k.probability
  from pairs p join known k on k.record_id = p.copy_id
),
led_once as (
  select
    record_id,
    min(customer_id) as customer_id,
    min(customer_id_automatic) as customer_id_automatic,
    min(probability) as probability
  from led
  group by record_id
  having min(customer_id) = max(customer_id)
),
everyone as (
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
)
select
  e.record_id,
  e.source,
  e.source_row_id,
  coalesce(e.customer_id, l.customer_id) as customer_id,
  case when e.customer_id is null then l.customer_id_automatic else e.customer_id_automatic end as customer_id_automatic,
  case when e.customer_id is null and l.customer_id is not null then l.probability else e.probability end as probability,
  case when e.customer_id is not null or l.customer_id is null then e.band
    when l.customer_id = l.customer_id_automatic then 'automatic' else 'probable' end as band,
  case when e.customer_id is null and l.customer_id is not null then 'same_order' else e.reason end as reason,
  e.is_staff,
  e.kind,
  e.evidence_id
from everyone e
left join led_once l on l.record_id = e.record_id

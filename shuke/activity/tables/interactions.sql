-- table: interactions
-- takes: staged_interactions, identity, store_names
-- gives: one row an interaction that is not an order, by customer: visit, browse, message, reply, review, event, service, complaint, survey
-- grain: record_id, at, kind
-- scope: customer
-- sort: customer_id, happened_on, record_id, kind
with latest as (
  select i.record_id, i.at, i.kind, max(i.batch_id * 1000000000 + i.row_no) as version
  from staged_interactions i
  group by i.record_id, i.at, i.kind
)
select
  i.customer_id, s.record_id, s.source, s.kind, s.at, s.happened_on, s.score,
  coalesce(n.store, s.store) as store, s.associate, s.note
from staged_interactions s
join latest l
  on l.record_id = s.record_id and l.at = s.at and l.kind = s.kind and l.version = s.batch_id * 1000000000 + s.row_no
left join identity i on i.record_id = s.record_id
left join store_names n on n.source = s.source and n.written = s.store

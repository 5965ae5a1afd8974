-- table: plan_coverage
-- takes: proposal_draft, segment_facts
-- gives: customers by stage, value layer and home store: in which play of this week they are, or what keeps them out
-- grain: stage, layer, store, play, proposal_store, reason
-- scope: store
-- sort: stage, layer, store, play, proposal_store, reason
-- note: everybody counts once; reason: ok = drawn for the play, '' = in no segment that has a play, else the reason (the first by name) that keeps the person out.
with planned as (
  select
    customer_id,
    max(case when arm <> 'excluded' then play end) as play,
    max(case when arm <> 'excluded' then store end) as proposal_store,
    min(case when arm = 'excluded' then reason end) as reason
  from proposal_draft
  group by customer_id
)
select
  f.stage,
  coalesce(f.layer, '') as layer,
  f.store,
  coalesce(p.play, '') as play,
  coalesce(p.proposal_store, '') as proposal_store,
  case when p.play is not null then 'ok' else coalesce(p.reason, '') end as reason,
  count(*) as people
from segment_facts f
left join planned p on p.customer_id = f.customer_id
group by 1, 2, 3, 4, 5, 6

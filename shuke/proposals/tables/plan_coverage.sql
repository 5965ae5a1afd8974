-- table: plan_coverage
-- takes: proposal_draft, proposal_people, segment_facts
-- gives: customers by stage, value layer and home store: in which play of this week they are, or what keeps them out
-- grain: stage, layer, store, play, proposal_store, reason
-- scope: store
-- sort: stage, layer, store, play, proposal_store, reason
-- note: everybody counts once; reason: ok = drawn for the play, '' = in no segment that has a play, else the reason (the first by name) that keeps the person out.
-- note: proposal_people, not the draft, says who is in a play: people of a decided proposal stand in it, in later runs of the week too.
with planned as (
  select customer_id, max(play) as play, max(store) as store
  from proposal_people
  where as_of = $as_of
  group by customer_id
),
kept_out as (
  select customer_id, min(reason) as reason
  from proposal_draft
  where arm = 'excluded'
  group by customer_id
)
select
  f.stage,
  coalesce(f.layer, '') as layer,
  f.store,
  coalesce(p.play, '') as play,
  coalesce(p.store, '') as proposal_store,
  case when p.play is not null then 'ok' else coalesce(k.reason, '') end as reason,
  count(*) as people
from segment_facts f
left join planned p on p.customer_id = f.customer_id
left join kept_out k on k.customer_id = f.customer_id
group by 1, 2, 3, 4, 5, 6

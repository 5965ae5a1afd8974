-- table: proposal_draft
-- takes: proposal_candidates, proposal_draws, proposal_line_up, segment_facts
-- gives: one row a play and member of this week: whose proposal, which arm, and the facts that words and gain rest on
-- grain: play, customer_id
-- scope: store
-- sort: play, store, customer_id
-- note: the draw is stable_hash(salt|customer_id) / 2^63 with salt = as-of day|play: one draw a play over all stores.
-- note: in each store the lowest draws are held out, as many as proposal_draws says; nobody's chance depends on the store.
-- note: store = whose proposal counts the person: who would do it, for people kept out their own store; '' = headquarters,
-- note: which also counts those of stores where the play proposes nobody.
with kept as (
  select
    play,
    customer_id,
    outcome,
    store,
    associate,
    case when outcome = 'ok' then stable_hash($as_of::varchar || '|' || play || '|' || customer_id::varchar) / 9223372036854775808.0 end
      as draw
  from proposal_line_up
),
drawn as (
  select
    k.*,
    row_number() over (partition by k.outcome, k.play, k.store order by k.draw, k.customer_id) as draw_place
  from kept k
)
select
  c.play,
  c.segment,
  c.customer_id,
  case
    when k.outcome is null or k.outcome <> 'ok' then 'excluded'
    when k.draw_place <= d.holdout_places then 'holdout'
    else 'treated'
  end as arm,
  coalesce(k.outcome, c.reason) as reason,
  case k.outcome when 'over_capacity' then $clause_capacity when 'not_chosen' then $clause_chosen when 'already_decided' then $clause_decided else c.clause end as clause,
  coalesce(k.draw, 1)::double as draw,
  case
    when k.outcome is null or k.outcome <> 'ok' then null
    when k.draw_place <= d.holdout_places then d.propensity
    else 1 - d.propensity
  end::double as propensity,
  case when k.outcome = 'ok' then c.channel end as channel,
  case when d.people > 0 then c.store else '' end as store,
  coalesce(k.associate, '') as associate,
  c.home_store,
  c.value_minor,
  c.since_on,
  c.segment_reason,
  c.segment_facts,
  c.purchase_minor,
  c.cycle_days,
  c.days_since,
  c.orders,
  c.orders_365,
  c.two_gaps_days,
  c.last_product,
  c.favourite_category,
  f.replenish_product,
  f.returned_product,
  f.newest_product,
  f.coupon_expires_on,
  c.base_share,
  c.base_later_share
from proposal_candidates c
left join drawn k on k.play = c.play and k.customer_id = c.customer_id
left join proposal_draws d on d.play = c.play and d.store = c.store
left join segment_facts f on k.outcome = 'ok' and f.customer_id = c.customer_id

-- table: proposal_outcomes
-- takes: measured_proposals, outcome_people
-- gives: one row a measured proposal, store, arm and chance of that arm: people, buyers, and sales with their squares
-- grain: proposal, store, arm, propensity
-- scope: store
-- sort: as_of, play, proposal, store, arm, propensity
-- note: all that differences and intervals need: outcomes.rules computes them from these sums, over any set of stores.
select
  o.as_of,
  max(m.until_on) as until_on,
  max(m.watch_until_on) as watch_until_on,
  o.play,
  o.proposal,
  o.store,
  o.arm,
  o.propensity,
  count(*) as people,
  count(*) filter (where o.purchases > 0) as buyers,
  sum(o.net_minor)::bigint as net_minor,
  sum(o.net_minor::decimal(18, 0) * o.net_minor::decimal(18, 0))::double as net_squares,
  max(m.expected_lift) as expected_lift
from outcome_people o
join measured_proposals m on m.proposal = o.proposal
group by o.as_of, o.play, o.proposal, o.store, o.arm, o.propensity

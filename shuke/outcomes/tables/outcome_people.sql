-- table: outcome_people
-- takes: arm_changes, customer_aliases, measured_proposals, orders, proposal_people
-- gives: one row a person drawn for a measured play: the arm of the draw, and what the person bought in the days that count
-- grain: as_of, play, customer_id
-- scope: store
-- sort: as_of, play, customer_id
-- note: everybody drawn counts in the arm of the draw, contacted in the end or not (intention to treat).
-- note: where somebody edited the holdout before approval, the arm is that of the stored draw at the share approved.
-- note: people who were merged since count once; two of one person in different arms are in neither.
-- note: a purchase is a counted order that was not returned in full; money is all that counted, returns taken off.
with drawn as (
  select
    m.as_of,
    m.play,
    m.proposal,
    m.until_on,
    p.store,
    coalesce(a.customer_id, p.customer_id) as customer_id,
    coalesce(c.arm, p.arm) as arm,
    coalesce(c.propensity, p.propensity) as propensity
  from measured_proposals m
  join proposal_people p on p.proposal = m.proposal
  left join arm_changes c on c.proposal = p.proposal and c.customer_id = p.customer_id
  left join customer_aliases a on a.alias_id = p.customer_id
  where p.arm in ('treated', 'holdout')
),
people as (
  select
    as_of,
    play,
    customer_id,
    min(proposal) as proposal,
    min(store) as store,
    max(until_on) as until_on,
    min(arm) as arm,
    min(propensity) as propensity
  from drawn
  group by as_of, play, customer_id
  having min(arm) = max(arm)
),
bought as (
  select
    p.as_of,
    p.play,
    p.customer_id,
    count(*) filter (where not o.is_return and o.net_minor - coalesce(o.returned_minor, 0) > 0) as purchases,
    sum(o.net_minor) as net_minor
  from people p
  join orders o on o.customer_id = p.customer_id and o.ordered_on >= p.as_of and o.ordered_on < p.until_on
  where o.counted and o.ordered_on >= $outcomes_from and o.ordered_on < $as_of
  group by p.as_of, p.play, p.customer_id
)
select
  p.as_of,
  p.play,
  p.proposal,
  p.customer_id,
  p.store,
  p.arm,
  p.propensity,
  coalesce(b.purchases, 0)::integer as purchases,
  coalesce(b.net_minor, 0)::bigint as net_minor
from people p
left join bought b on b.as_of = p.as_of and b.play = p.play and b.customer_id = p.customer_id

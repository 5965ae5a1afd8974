-- table: return_curve
-- takes: customer_features, customer_gaps, customer_profiles, shop_clock
-- gives: the share of people who have not come back yet, by waiting time in tenths of their own cycle
-- grain: kind, step
-- scope: none
-- note: the life-table estimate (Cutler and Ederer, 1958): people still waiting today leave the risk set half way through their step,
-- note: so recent customers do not make the shop look worse than it is. kind 'first': waiting for the second purchase; 'later': any other;
-- note: 'none': members waiting for their first purchase since they registered, in tenths of the shop's typical gap.
-- note: from step a to step b a person comes back with probability 1 - still_away(b) / still_away(a). The last step (200) collects all longer waits.
with waits as (
  select
    case when g.gap_no = 1 then 'first' else 'later' end as kind,
    least(200, floor(10.0 * coalesce(g.gap_days, date_diff('day', g.from_on, $as_of)) / nullif(f.cycle_days, 0)))::integer as step,
    count(g.gap_days) as returned,
    count(*) - count(g.gap_days) as waiting
  from customer_gaps g
  join customer_features f on f.customer_id = g.customer_id
  group by 1, 2
  union all
  select
    'none' as kind,
    least(200, floor(10.0 * date_diff('day', p.registered_on, coalesce(f.first_on, $as_of)) / nullif(s.typical_gap_days, 0)))::integer as step,
    count(f.first_on) as returned,
    count(*) - count(f.first_on) as waiting
  from customer_profiles p
  cross join shop_clock s
  left join customer_features f on f.customer_id = p.customer_id
  where p.registered_on < $as_of and (f.first_on is null or f.first_on >= p.registered_on)
  group by 1, 2
),
grid as (
  select 'first' as kind, unnest(generate_series(0, 200))::integer as step
  union all
  select 'later' as kind, unnest(generate_series(0, 200))::integer as step
  union all
  select 'none' as kind, unnest(generate_series(0, 200))::integer as step
),
counted as (
  select
    g.kind,
    g.step,
    coalesce(w.returned, 0) as returned,
    coalesce(w.waiting, 0) as waiting,
    sum(coalesce(w.returned, 0) + coalesce(w.waiting, 0)) over (partition by g.kind order by g.step desc) as at_risk
  from grid g
  left join waits w on w.kind = g.kind and w.step = g.step
),
hazards as (
  select
    *,
    -- fewer than ten people say nothing about a step: it is taken as flat
    case when at_risk - waiting / 2.0 >= 10 then least(0.999999, returned / nullif(at_risk - waiting / 2.0, 0)) else 0 end as hazard
  from counted
)
select
  kind,
  step,
  step / 10.0 as cycles,
  at_risk::bigint as at_risk,
  returned::bigint as returned,
  waiting::bigint as waiting,
  exp(coalesce(sum(ln(1 - hazard)) over (partition by kind order by step rows between unbounded preceding and 1 preceding), 0))
    as still_away_share
from hazards

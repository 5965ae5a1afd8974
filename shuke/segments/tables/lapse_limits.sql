-- table: lapse_limits
-- takes: return_curve
-- gives: one row: after how many own cycles of waiting people of this shop are lapsing and lapsed
-- grain: one row
-- scope: none
-- note: the shares of closed gaps are those of definitions/lifecycle.yaml, bounded there
with closed as (
  select step, returned, sum(returned) over (order by step) as up_to from return_curve where kind = 'later'
),
total as (
  select sum(returned) as n from closed
),
shop as (
  select
    t.n,
    min(c.step) filter (where c.up_to >= $lapsing_share * t.n) as lapsing_step,
    min(c.step) filter (where c.up_to >= $lapsed_share * t.n) as lapsed_step
  from closed c
  cross join total t
  group by t.n
)
select
  coalesce(n, 0)::bigint as gaps,
  case when n >= $needs_gaps then least($lapsing_cycles_max, greatest($lapsing_cycles_min, (lapsing_step + 1) / 10.0))
    else $lapsing_cycles_default end::double as lapsing_cycles,
  case when n >= $needs_gaps then least($lapsed_cycles_max, greatest($lapsed_cycles_min, (lapsed_step + 1) / 10.0))
    else $lapsed_cycles_default end::double as lapsed_cycles,
  case when n >= $needs_gaps then 'shop' else 'default' end as basis
from shop

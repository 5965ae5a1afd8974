-- table: layers
-- takes: customer_aliases, customer_features, customer_interactions, layer_changes, lifecycle
-- gives: one row a customer: the value layer by four axes, the layer before it, and since when
-- grain: customer_id
-- scope: customer
-- sort: customer_id
-- note: axes are ranks among buyers, 0 to 1, equal values in the middle of their ranks: purchases and net sales of 365 days, interactions
-- note: of 365 days, and willingness to recommend (survey answer, else stars twice over; a referral is a ten). Null = no data.
-- note: score = mean of the axes that have data. Core and devoted are the shop's own quantiles of it, with enough axes high besides,
-- note: so that nobody gets there by spend alone. The numbers and their reasons stand in definitions/layers.yaml.
-- note: hysteresis: against the last earlier week somebody climbs only $band above a bar (at most half way to the top) and falls only $band below it.
with buyers as (
  select
    f.customer_id,
    f.orders,
    f.orders_365,
    floor(greatest(f.net_365_minor, 0) / 100.0)::bigint as spend,
    coalesce(i.interactions_365, 0) as interactions,
    case
      when i.referrals_365 > 0 then 10.0
      when i.recommend_score is not null then i.recommend_score
      when i.review_score is not null then 2 * i.review_score
    end as recommend
  from customer_features f
  left join customer_interactions i on i.customer_id = f.customer_id
),
totals as (
  select count(*) as n, count(recommend) as answers, sum(interactions) as interactions from buyers
),
frequency_ranks as (
  select orders_365, 2 * sum(count(*)) over (order by orders_365) - count(*) as middle from buyers group by orders_365
),
spend_ranks as (
  select spend, 2 * sum(count(*)) over (order by spend) - count(*) as middle from buyers group by spend
),
interaction_ranks as (
  select interactions, 2 * sum(count(*)) over (order by interactions) - count(*) as middle from buyers group by interactions
),
scored as (
  select
    b.customer_id,
    b.orders,
    f.middle / nullif(2.0 * t.n, 0) as frequency,
    s.middle / nullif(2.0 * t.n, 0) as spend,
    case when t.interactions > 0 then i.middle / nullif(2.0 * t.n, 0) end as interaction,
    b.recommend / 10.0 as recommend
  from buyers b
  cross join totals t
  left join frequency_ranks f on f.orders_365 = b.orders_365
  left join spend_ranks s on s.spend = b.spend
  left join interaction_ranks i on i.interactions = b.interactions
),
summed as (
  select
    *,
    round(
      (frequency + spend + coalesce(interaction, 0) + coalesce(recommend, 0))
        / nullif(2 + case when interaction is null then 0 else 1 end + case when recommend is null then 0 else 1 end, 0),
      3
    )::double as score
  from scored
),
levels as (
  select score, sum(count(*)) over (order by score) as upto, sum(count(*)) over () as n
  from summed
  where orders >= $growing_purchases_min
  group by score
),
limits as (
  select
    coalesce(min(score) filter (where upto >= $core_from_share * n), 1) as core_score,
    coalesce(min(score) filter (where upto >= $devoted_from_share * n), 1) as devoted_score
  from levels
),
steps as (
  -- the bars of today three times over: as they are, higher (to climb) and lower (to fall)
  select 'plain' as bar, 0.0 as shift
  union all
  select 'strict', $band
  union all
  select 'loose', -$band
),
bars as (
  select
    b.bar,
    least(l.core_score + b.shift, (1 + l.core_score) / 2) as core_score,
    least(l.devoted_score + b.shift, (1 + l.devoted_score) / 2) as devoted_score,
    least($high_axis + b.shift, (1 + $high_axis) / 2) as high_axis,
    least($high_recommend + b.shift, (1 + $high_recommend) / 2) as high_recommend,
    t.answers > 0 or t.interactions > 0 as has_heart
  from steps b
  cross join limits l
  cross join totals t
),
placed as (
  select
    s.customer_id,
    b.bar,
    case
      when s.orders < $growing_purchases_min then 1
      when s.score >= b.devoted_score
        and case when s.frequency >= b.high_axis then 1 else 0 end + case when s.spend >= b.high_axis then 1 else 0 end
          + case when s.interaction >= b.high_axis then 1 else 0 end + case when s.recommend >= b.high_recommend then 1 else 0 end >= 2
        and (not b.has_heart or coalesce(s.interaction >= b.high_axis, false) or coalesce(s.recommend >= b.high_recommend, false)) then 4
      when s.score >= b.core_score
        and case when s.frequency >= b.high_axis then 1 else 0 end
          + case when s.interaction >= b.high_axis then 1 else 0 end + case when s.recommend >= b.high_recommend then 1 else 0 end >= 1 then 3
      else 2
    end as place
  from summed s
  cross join bars b
),
offered as (
  select
    customer_id,
    max(case when bar = 'plain' then place end) as plain,
    max(case when bar = 'strict' then place end) as strict,
    max(case when bar = 'loose' then place end) as loose
  from placed
  group by customer_id
),
history as (
  -- the layer of the last earlier week; of merged customers the one that changed last, then the higher one
  select
    coalesce(a.customer_id, c.customer_id) as customer_id,
    max(date_diff('day', date '2000-01-01', c.as_of) * 10
      + case c.layer when 'devoted' then 4 when 'core' then 3 when 'growing' then 2 else 1 end) as stand
  from layer_changes c
  left join customer_aliases a on a.alias_id = c.customer_id
  where c.as_of < $as_of
  group by coalesce(a.customer_id, c.customer_id)
),
decided as (
  select
    l.customer_id,
    s.frequency,
    s.spend,
    s.interaction,
    s.recommend,
    s.score,
    h.stand % 10 as before_place,
    date '2000-01-01' + (h.stand / 10)::integer as before_on,
    case
      when o.customer_id is null then 1
      when h.stand is null then o.plain
      when h.stand % 10 < o.strict then o.strict
      when h.stand % 10 > o.loose then o.loose
      else h.stand % 10
    end as place
  from lifecycle l
  left join summed s on s.customer_id = l.customer_id
  left join offered o on o.customer_id = l.customer_id
  left join history h on h.customer_id = l.customer_id
)
select
  customer_id,
  case place when 4 then 'devoted' when 3 then 'core' when 2 then 'growing' else 'newcomer' end as layer,
  case before_place when 4 then 'devoted' when 3 then 'core' when 2 then 'growing' when 1 then 'newcomer' end as previous_layer,
  case when place = before_place then before_on else $as_of end as since_on,
  round(frequency, 3)::double as frequency,
  round(spend, 3)::double as spend,
  round(interaction, 3)::double as interaction,
  round(recommend, 3)::double as recommend,
  score,
  $as_of as as_of
from decided

-- table: proposal_draft
-- takes: associates, customer_features, customer_profiles, gate_answers, play_channels, return_curve, segment_members
-- gives: one row a play and member of this week: who does it, which arm, and the facts that words and gain rest on
-- grain: play, customer_id
-- scope: store
-- sort: play, customer_id
-- note: the draw is stable_hash(salt|customer_id) / 2^63 with salt = as-of day|play; the lowest draws of a play are held out,
-- note: exactly the policy's share of its people (rounded half up), so that a small play is not left with none or too many.
-- note: capacity first, draw after it, so that treated and held out are alike. A wecom touch is bound to the owner associate.
-- note: the curve joins are left joins on purpose: as inner ones DuckDB joins the four curves with each other first.
-- note: store and associate = who does it ('' = headquarters); home_store = the customer's store, for the words.
with staff as (
  select store, count(*) as associates
  from associates
  where last_seen_on >= $as_of - 90 and store is not null
  group by store
),
members as (
  select
    a.play,
    m.segment,
    m.customer_id,
    a.allowed,
    a.reason,
    a.clause,
    a.channel,
    m.value_minor,
    m.since_on,
    m.reason as segment_reason,
    coalesce(nullif(p.store, ''), f.store_main, '') as home_store,
    coalesce(p.associate, '') as owner_associate,
    coalesce(s.store, nullif(p.store, ''), f.store_main, '') as owner_store,
    f.purchase_minor,
    f.cycle_days,
    f.days_since,
    f.orders,
    f.orders_365,
    f.previous_on,
    f.last_product,
    f.favourite_category,
    case
      when a.channel in ('sms', 'email', 'wecom_mass') then 'mass'
      when a.channel = 'wecom' then 'own'
      when coalesce(nullif(p.store, ''), f.store_main, '') = '' then 'headquarters'
      else 'store'
    end as lane
  from gate_answers a
  join segment_members m on m.customer_id = a.customer_id
  join play_channels c on c.play = a.play and c.segment = m.segment and c.place = 1
  join customer_features f on f.customer_id = m.customer_id
  left join customer_profiles p on p.customer_id = m.customer_id
  left join associates s on s.associate = p.associate
),
ranked as (
  select
    *,
    case lane when 'own' then owner_store when 'store' then home_store else '' end as store,
    row_number() over (
      partition by allowed, lane, case lane when 'own' then owner_associate when 'store' then home_store else '' end
      order by value_minor desc, customer_id
    ) as place
  from members
),
own_kept as (
  select store, count(*) as people from ranked where allowed and lane = 'own' and place <= $associate_places group by store
),
decided as (
  select
    r.*,
    case
      when not r.allowed then r.reason
      when r.lane = 'own' and r.place > $associate_places then 'over_capacity'
      when r.lane = 'store' and r.place > greatest(0, coalesce(s.associates, 1) * $associate_places - coalesce(k.people, 0))
        then 'over_capacity'
      when r.lane = 'headquarters' and r.place > $headquarters_places then 'over_capacity'
      else 'ok'
    end as outcome,
    stable_hash($as_of::varchar || '|' || r.play || '|' || r.customer_id::varchar) / 9223372036854775808.0 as draw
  from ranked r
  left join staff s on s.store = r.store
  left join own_kept k on k.store = r.store
),
drawn as (
  select
    *,
    row_number() over (partition by play, outcome = 'ok' order by draw, customer_id) as draw_place,
    floor(count(*) over (partition by play, outcome = 'ok') * $holdout_share + 0.5) as holdout_places,
    count(*) over (partition by play, outcome = 'ok') as drawn_people
  from decided
),
waiting as (
  select
    d.*,
    case when d.orders = 1 then 'first' else 'later' end as kind,
    least(200, floor(10.0 * d.days_since / nullif(d.cycle_days, 0)))::integer as step_now,
    least(200, floor(10.0 * (d.days_since + $measure_days) / nullif(d.cycle_days, 0)))::integer as step_then,
    least(200, floor(10.0 * (d.days_since + 14) / nullif(d.cycle_days, 0)))::integer as step_later,
    least(200, floor(10.0 * (d.days_since + 14 + $measure_days) / nullif(d.cycle_days, 0)))::integer as step_later_then
  from drawn d
)
select
  w.play,
  w.segment,
  w.customer_id,
  case when w.outcome <> 'ok' then 'excluded' when w.draw_place <= w.holdout_places then 'holdout' else 'treated' end as arm,
  w.outcome as reason,
  case when w.outcome = 'over_capacity' then $clause_capacity else w.clause end as clause,
  w.draw,
  case
    when w.outcome <> 'ok' then null
    when w.draw_place <= w.holdout_places then w.holdout_places / nullif(w.drawn_people, 0)
    else 1 - w.holdout_places / nullif(w.drawn_people, 0)
  end::double as propensity,
  case when w.outcome = 'ok' then w.channel end as channel,
  w.store,
  case when w.lane = 'own' or (w.lane = 'store' and w.owner_store = w.home_store) then w.owner_associate else '' end as associate,
  w.home_store,
  w.value_minor,
  w.since_on,
  w.segment_reason,
  w.purchase_minor,
  w.cycle_days,
  w.days_since,
  w.orders,
  w.orders_365,
  date_diff('day', w.previous_on, $as_of)::integer as two_gaps_days,
  w.last_product,
  w.favourite_category,
  (1 - b.still_away_share / nullif(a.still_away_share, 0))::double as base_share,
  (1 - e.still_away_share / nullif(d.still_away_share, 0))::double as base_later_share
from waiting w
left join return_curve a on a.kind = w.kind and a.step = w.step_now
left join return_curve b on b.kind = w.kind and b.step = w.step_then
left join return_curve d on d.kind = w.kind and d.step = w.step_later
left join return_curve e on e.kind = w.kind and e.step = w.step_later_then

-- table: proposal_candidates
-- takes: associates, customer_features, customer_profiles, gate_answers, play_channels, return_curve, segment_members, shop_clock
-- gives: one row a play and member of its segment: allowed or not, whose work it would be, and what words and gain rest on
-- grain: play, customer_id
-- scope: store
-- note: lane = who would do it: mass (headquarters to many), own (the owner associate on WeCom), store, headquarters.
-- note: store = whose proposal it would be: '' for headquarters; for people kept out, their own store.
-- note: base_share = the chance to buy within the measuring days if nobody asks: from the shop's return curve, at the person's own waiting time.
-- note: somebody without a purchase waits since registration (curve 'none') and would spend what a first purchase usually is.
-- note: the curve joins are left joins on purpose: as inner ones DuckDB joins the four curves with each other first.
with first_purchases as (
  select coalesce(avg(purchase_minor) filter (where orders = 1), avg(purchase_minor), 0) as purchase_minor from customer_features
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
    m.facts as segment_facts,
    coalesce(nullif(p.store, ''), f.store_main, '') as home_store,
    coalesce(p.associate, '') as owner_associate,
    coalesce(s.store, nullif(p.store, ''), f.store_main, '') as owner_store,
    case when f.customer_id is null then n.purchase_minor::bigint else f.purchase_minor end as purchase_minor,
    coalesce(f.cycle_days, k.typical_gap_days) as cycle_days,
    coalesce(f.days_since, date_diff('day', p.registered_on, $as_of), 0)::integer as days_since,
    coalesce(f.orders, 0)::integer as orders,
    coalesce(f.orders_365, 0)::integer as orders_365,
    f.previous_on,
    f.last_product,
    f.favourite_category,
    case
      when not a.allowed then ''
      when a.channel in ('sms', 'email', 'wecom_mass') then 'mass'
      when a.channel = 'wecom' then 'own'
      when coalesce(nullif(p.store, ''), f.store_main, '') = '' then 'headquarters'
      else 'store'
    end as lane,
    case when not a.allowed then '' when coalesce(f.orders, 0) = 0 then 'none' when f.orders = 1 then 'first' else 'later' end as kind
  from gate_answers a
  join play_channels c on c.play = a.play and c.place = 1
  join segment_members m on m.customer_id = a.customer_id and m.segment = c.segment
  left join customer_features f on f.customer_id = m.customer_id
  left join customer_profiles p on p.customer_id = m.customer_id
  left join associates s on s.associate = p.associate
  cross join first_purchases n
  cross join shop_clock k
),
waiting as (
  select
    m.*,
    least(200, floor(10.0 * m.days_since / nullif(m.cycle_days, 0)))::integer as step_now,
    least(200, floor(10.0 * (m.days_since + $measure_days) / nullif(m.cycle_days, 0)))::integer as step_then,
    least(200, floor(10.0 * (m.days_since + 14) / nullif(m.cycle_days, 0)))::integer as step_later,
    least(200, floor(10.0 * (m.days_since + 14 + $measure_days) / nullif(m.cycle_days, 0)))::integer as step_later_then
  from members m
)
select
  w.play,
  w.segment,
  w.customer_id,
  w.allowed,
  w.reason,
  w.clause,
  w.channel,
  w.lane,
  case w.lane when 'own' then w.owner_store when 'store' then w.home_store when '' then w.home_store else '' end as store,
  w.owner_associate,
  w.owner_store,
  w.home_store,
  w.value_minor,
  w.since_on,
  w.segment_reason,
  w.segment_facts,
  coalesce(w.purchase_minor, 0)::bigint as purchase_minor,
  coalesce(w.cycle_days, 0)::double as cycle_days,
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

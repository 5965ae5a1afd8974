-- table: segment_facts
-- takes: customer_coupons, customer_features, customer_interactions, customer_profiles, customer_stores, customer_tastes, layers, lifecycle, member_points, shop_clock
-- gives: one row a customer with every field that a segment's rule may use (definitions/fields.yaml says what each is)
-- grain: customer_id
-- scope: customer
-- sort: customer_id
-- note: a field is null where the shop has no data for it at all, or where it has no meaning for the person (days since a purchase that never was).
-- note: store = the one home store: the profile's, else the store bought most at while that store may see the customer, else ''.
-- note: shares of few purchases are drawn to the shop's mean: (n x own + k x shop) / (n + k), k in definitions/fields.yaml.
with buyers as (
  select
    f.customer_id,
    f.orders,
    f.channels,
    f.main_channel,
    coalesce(nullif(p.store, ''), s.store, '') as store
  from customer_features f
  left join customer_profiles p on p.customer_id = f.customer_id
  left join customer_stores s on s.customer_id = f.customer_id and s.store = f.store_main
),
-- people alike: those of the same home store who have bought twice or more
peers as (
  select store, count(*) as people, count(*) filter (where channels >= 2) as two_channels
  from buyers
  where orders >= 2
  group by store
),
by_channel as (
  select store, main_channel, 1000000000 + count(*) as place from buyers where main_channel is not null group by store, main_channel
),
first_channel as (
  select store, substring(max(place::varchar || main_channel), 11) as channel from by_channel group by store
),
second_channel as (
  select b.store, substring(max(b.place::varchar || b.main_channel), 11) as channel
  from by_channel b
  join first_channel f on f.store = b.store and f.channel <> b.main_channel
  group by b.store
),
discounts as (
  select case when max(discount_share) > 0 then round(sum(discount_share * orders) / nullif(sum(orders), 0), 4) end as shop_discount_share
  from customer_features
),
novelties as (
  select case when sum(new_tried_365) > 0 then round(sum(new_tried_365) / nullif(sum(products_365), 0), 4) end as shop_new_share
  from customer_tastes
),
-- what the shop has data of at all
had as (
  select
    max(last_visit_on) is not null as visits,
    max(last_reply_on) is not null as replies,
    sum(browses_30) > 0 as browses,
    sum(events_365) > 0 as events,
    sum(referrals_365) > 0 as referrals,
    sum(reviews_365) > 0 as reviews,
    sum(interactions_365) > 0 as interactions
  from customer_interactions
),
had_coupons as (
  select count(*) > 0 as coupons from customer_coupons
),
had_points as (
  select count(*) > 0 as points from member_points
),
people as (
  select
    l.customer_id,
    coalesce(b.store, nullif(p.store, ''), '') as store,
    p.associate,
    p.city,
    p.gender,
    p.is_member,
    p.is_staff,
    p.in_wecom,
    p.phone,
    p.registered_on,
    p.first_seen_on,
    extract(month from p.birthday) as birth_month,
    -- the 29th of February is kept on the 28th
    case when extract(month from p.birthday) = 2 then least(28, extract(day from p.birthday)) else extract(day from p.birthday) end as birth_day,
    l.stage,
    l.since_on as stage_since_on,
    l.lapsing_days,
    l.lapsed_days
  from lifecycle l
  left join customer_profiles p on p.customer_id = l.customer_id
  left join buyers b on b.customer_id = l.customer_id
),
dated as (
  select
    *,
    make_date(
      extract(year from $as_of)
        + case when birth_month * 100 + birth_day < extract(month from $as_of) * 100 + extract(day from $as_of) then 1 else 0 end,
      birth_month,
      birth_day
    ) as birthday_on
  from people
)
select
  d.customer_id,
  d.store,
  nullif(d.associate, '') as associate,
  nullif(d.city, '') as city,
  nullif(d.gender, '') as gender,
  d.is_member,
  d.is_staff,
  d.in_wecom,
  coalesce(length(d.phone) > 0, false) as has_phone,
  d.registered_on,
  date_diff('day', d.registered_on, $as_of)::integer as registered_days,
  d.first_seen_on,
  date_diff('day', $as_of, d.birthday_on)::integer as birthday_in_days,
  coalesce(f.orders, 0) as orders,
  coalesce(f.orders_365, 0) as orders_365,
  f.first_on,
  f.previous_on,
  f.last_on,
  f.days_since,
  f.cycle_days,
  f.overdue_days,
  date_diff('day', f.previous_on, $as_of)::integer as two_gaps_days,
  coalesce(f.net_minor, 0) as net_minor,
  coalesce(f.net_365_minor, 0) as net_365_minor,
  f.purchase_minor,
  coalesce(round(f.purchase_minor * least(52, 365 / nullif(f.cycle_days, 0)))::bigint, 0) as year_value_minor,
  f.recency_score,
  f.frequency_score,
  f.monetary_score,
  f.returns,
  f.wholesale_orders,
  f.channels,
  f.main_channel,
  case when c1.channel <> f.main_channel then c1.channel else c2.channel end as other_channel,
  case when e.people >= $peers_min then round(e.two_channels / nullif(e.people, 0), 4) end::double as peers_two_channels_share,
  round((f.orders * f.discount_share + $price_shrink * s.shop_discount_share) / nullif(f.orders + $price_shrink, 0), 4)::double as discount_depth_share,
  s.shop_discount_share::double as shop_discount_share,
  f.favourite_category,
  f.last_category,
  f.last_product,
  t.products_365,
  case when n.shop_new_share is not null then t.new_tried_365 end as new_tried_365,
  round((t.new_tried_365 + $new_shrink * n.shop_new_share) / nullif(t.products_365 + $new_shrink, 0), 4)::double as new_tried_share,
  n.shop_new_share::double as shop_new_share,
  t.new_product as newest_product,
  t.new_category as newest_category,
  t.replenish_product,
  t.replenish_gap_days,
  t.replenish_wait_days,
  t.replenish_due_on,
  t.returned_product,
  t.returned_category,
  t.returned_on,
  case when h.visits then coalesce(i.visits_90, 0) end as visits_90,
  i.last_visit_on,
  case when h.replies then coalesce(i.replies_90, 0) end as replies_90,
  i.last_reply_on,
  case when h.browses then coalesce(i.browses_30, 0) end as browses_30,
  case when h.events then coalesce(i.events_365, 0) end as events_365,
  case when h.referrals then coalesce(i.referrals_365, 0) end as referrals_365,
  case when h.reviews then coalesce(i.reviews_365, 0) end as reviews_365,
  i.review_score,
  i.recommend_score,
  i.complaint_on,
  case when h.interactions then coalesce(i.interactions_365, 0) end as interactions_365,
  i.last_interaction_on,
  d.stage,
  d.stage_since_on,
  d.lapsing_days,
  d.lapsed_days,
  y.layer,
  y.since_on as layer_since_on,
  k.second_from_days,
  k.second_until_days,
  case when o.coupons then coalesce(q.coupons_open, 0) end as coupons_open,
  q.coupon_expires_on,
  q.coupon_face_minor,
  case when o.coupons then coalesce(q.coupons_used_365, 0) end as coupons_used_365,
  case when hp.points then coalesce(mp.available, 0) end as points_available,
  case when hp.points then coalesce(mp.expiring_30d, 0) end as points_expiring,
  case when mp.expiring_30d > 0 then mp.next_expiry_on end as points_expire_on,
  case when hp.points then coalesce(mp.tier, '') end as tier,
  case when hp.points then coalesce(mp.growth_12m, 0) end as growth_12m
from dated d
cross join discounts s
cross join novelties n
cross join had h
cross join had_coupons o
cross join had_points hp
cross join shop_clock k
left join customer_features f on f.customer_id = d.customer_id
left join customer_tastes t on t.customer_id = d.customer_id
left join customer_interactions i on i.customer_id = d.customer_id
left join customer_coupons q on q.customer_id = d.customer_id
left join member_points mp on mp.customer_id = d.customer_id
left join layers y on y.customer_id = d.customer_id
left join peers e on e.store = d.store
left join first_channel c1 on c1.store = d.store
left join second_channel c2 on c2.store = d.store

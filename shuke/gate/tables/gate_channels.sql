-- table: gate_channels
-- takes: customer_consents, customer_features, customer_profiles, play_channels, segment_members, stores
-- gives: one row a play, member and channel: open, or why it is closed
-- grain: play, customer_id, channel
-- scope: customer
-- note: consent before reach: a channel without consent is closed even where the number is known.
-- note: a statement about all channels holds for one channel unless that channel has its own, later statement.
with statements as (
  select
    customer_id,
    channel,
    max(case when state = 'granted' and cast("at" as date) < $as_of then "at" end) as granted_at,
    max(case when state in ('refused', 'withdrawn') then "at" end) as refused_at
  from customer_consents
  where purpose = 'marketing'
  group by customer_id, channel
),
has_stores as (
  select count(*) as n from stores where channel = 'store'
),
candidates as (
  select
    c.play,
    c.priority,
    c.channel,
    c.place,
    c.consent,
    c.clause,
    m.customer_id,
    coalesce(o.granted_at, a.granted_at) as granted_at,
    case
      when o.refused_at is not null and (o.granted_at is null or o.refused_at >= o.granted_at) then true
      when a.refused_at is not null and (a.granted_at is null or a.refused_at >= a.granted_at)
        and (o.granted_at is null or a.refused_at >= o.granted_at) then true
      else false
    end as refused,
    case c.channel
      when 'in_store' then coalesce(nullif(p.store, ''), f.store_main) is not null or s.n = 0
      when 'wecom' then coalesce(p.in_wecom, false) and coalesce(p.associate, '') <> ''
      when 'wecom_mass' then coalesce(p.in_wecom, false)
      when 'email' then coalesce(p.email, '') <> ''
      else coalesce(p.phone, '') <> '' and strpos(p.phone, '*') = 0
    end as reachable
  from play_channels c
  join segment_members m on m.segment = c.segment
  left join customer_profiles p on p.customer_id = m.customer_id
  left join customer_features f on f.customer_id = m.customer_id
  left join statements o on o.customer_id = m.customer_id and o.channel = c.channel
  left join statements a on a.customer_id = m.customer_id and a.channel = 'all'
  cross join has_stores s
)
select
  play,
  customer_id,
  priority,
  channel,
  place,
  clause,
  case
    when refused then 'consent_refused'
    when consent = 'needed' and granted_at is null then 'consent_unknown'
    when not reachable then 'no_channel'
    else 'open'
  end as state
from candidates

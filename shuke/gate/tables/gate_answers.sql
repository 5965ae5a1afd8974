-- table: gate_answers
-- takes: contacts, gate_channels, gate_people
-- gives: one answer a play and member: the channel allowed, or the reason and the clause that keeps the person out
-- grain: play, customer_id
-- scope: customer
-- sort: play, customer_id
-- note: a customer allowed in several plays goes to the one with the first priority; the others answer already_in_play.
with by_play as (
  select
    play,
    customer_id,
    min(priority) as priority,
    min(place) filter (where state = 'open') as open_place,
    max(case when state = 'consent_unknown' then 1 else 0 end) as unknown_consent,
    max(case when state = 'consent_refused' then 1 else 0 end) as refused_consent
  from gate_channels
  group by play, customer_id
),
rested as (
  select play, customer_id from contacts where touched_on >= $as_of - $same_play_rest_days group by play, customer_id
),
own as (
  select
    b.play,
    b.customer_id,
    b.priority,
    b.open_place,
    case
      when g.reason is not null then g.reason
      when r.customer_id is not null then 'same_play_recently'
      when b.open_place is not null then 'ok'
      when b.unknown_consent = 1 then 'consent_unknown'
      when b.refused_consent = 1 then 'consent_refused'
      else 'no_channel'
    end as reason
  from by_play b
  left join gate_people g on g.customer_id = b.customer_id
  left join rested r on r.play = b.play and r.customer_id = b.customer_id
),
first_play as (
  select customer_id, min(priority) as priority from own where reason = 'ok' group by customer_id
),
answers as (
  select
    o.play,
    o.customer_id,
    o.open_place,
    case when o.reason = 'ok' and o.priority > f.priority then 'already_in_play' else o.reason end as reason
  from own o
  left join first_play f on f.customer_id = o.customer_id
)
select
  a.play,
  a.customer_id,
  c.channel,
  a.reason = 'ok' as allowed,
  a.reason,
  case a.reason
    when 'ok' then c.clause
    when 'staff' then $clause_staff
    when 'minor' then $clause_minor
    when 'wholesale' then $clause_wholesale
    when 'no_personalisation' then $clause_no_personalisation
    when 'refused_contact' then $clause_refused
    when 'consent_refused' then $clause_refused
    when 'consent_unknown' then $clause_unknown
    when 'complaint_open' then $clause_complaint
    when 'holdout_watch' then $clause_holdout
    when 'touched_recently' then $clause_touches
    when 'same_play_recently' then $clause_same_play
    when 'already_in_play' then $clause_same_play
  end as clause
from answers a
left join gate_channels c
  on a.reason = 'ok' and c.play = a.play and c.customer_id = a.customer_id and c.place = a.open_place

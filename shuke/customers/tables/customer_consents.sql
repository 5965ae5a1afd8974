-- table: customer_consents
-- takes: staged_consents, identity, pinned_records
-- gives: what holds for each customer about a channel and purpose; no row means that nothing is known
-- grain: customer_id, channel, purpose
-- scope: customer
-- sort: customer_id
-- note: of one part of a customer (an automatic part, or a customer that people merged into this one) the latest statement
-- note: holds; of two at the same instant the stricter one, then the later import. Between parts the stricter holds, unless
-- note: a statement was made after people merged them: then the latest. A statement about all channels counts for each.
with channels as (
  select unnest(['sms', 'email', 'phone', 'wecom', 'wechat', 'mini_program', 'app', 'in_store']) as channel
),
said as (
  select record_id, channel, purpose, state, "at", source, evidence, batch_id
  from staged_consents
  where channel <> 'all'
  union all
  select s.record_id, c.channel, s.purpose, s.state, s."at", s.source, s.evidence, s.batch_id
  from staged_consents s
  cross join channels c
  where s.channel = 'all'
),
merged as (
  select i.customer_id, max(p.merged_at) as merged_at
  from pinned_records p
  join identity i on i.record_id = p.record_id
  where p.merged_at is not null and i.customer_id is not null
  group by i.customer_id
),
-- customers of several parts: the others, most by far, need no second look
several as (
  select customer_id
  from identity
  where customer_id is not null
  group by customer_id
  having min(customer_id_automatic) <> max(customer_id_automatic)
  union
  select customer_id from merged
),
ranked as (
  select
    i.customer_id, s.channel, s.purpose, s.state, s."at", s.source, s.evidence, s.batch_id,
    v.customer_id is not null as is_several,
    row_number() over (
      partition by i.customer_id, case when v.customer_id is not null then coalesce(p.part, i.customer_id_automatic) end,
        s.channel, s.purpose
      order by s."at" desc, case when s.state = 'granted' then 1 else 0 end, s.state, s.source, s.batch_id desc, s.evidence nulls last
    ) as place
  from said s
  join identity i on i.record_id = s.record_id
  left join pinned_records p on p.record_id = s.record_id
  left join several v on v.customer_id = i.customer_id
  where i.customer_id is not null
),
held as (
  select
    r.customer_id, r.channel, r.purpose, r.state, r."at", r.source, r.evidence,
    row_number() over (
      partition by r.customer_id, r.channel, r.purpose
      order by case when r."at" > m.merged_at then r."at" end desc nulls last, case when r.state = 'granted' then 1 else 0 end,
        r."at" desc, r.state, r.source, r.batch_id desc, r.evidence nulls last
    ) as place
  from ranked r
  left join merged m on m.customer_id = r.customer_id
  where r.place = 1 and r.is_several
)
select customer_id, channel, purpose, state, "at", source, evidence
from ranked
where place = 1 and not is_several
union all
select customer_id, channel, purpose, state, "at", source, evidence
from held
where place = 1

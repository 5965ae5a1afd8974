-- table: customer_consents
-- takes: staged_consents, identity
-- gives: what each customer said last about a channel and purpose; no row means that nothing is known
-- grain: customer_id, channel, purpose
-- scope: customer
-- sort: customer_id
-- note: the latest statement holds; of two at the same instant the stricter one, then the later import. A statement about all channels counts for each.
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
ranked as (
  select
    i.customer_id, s.channel, s.purpose, s.state, s."at", s.source, s.evidence,
    row_number() over (
      partition by i.customer_id, s.channel, s.purpose
      order by s."at" desc, case when s.state = 'granted' then 1 else 0 end, s.state, s.source, s.batch_id desc, s.evidence nulls last
    ) as place
  from said s
  join identity i on i.record_id = s.record_id
  where i.customer_id is not null
)
select customer_id, channel, purpose, state, "at", source, evidence
from ranked
where place = 1

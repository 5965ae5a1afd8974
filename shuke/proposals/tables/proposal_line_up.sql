-- table: proposal_line_up
-- takes: associates, open_tasks, proposal_candidates, proposal_choices
-- gives: one row a play and person that the gate allows: whether this week has room, and who does it
-- grain: play, customer_id
-- scope: store
-- note: an associate has the policy's tasks of a week less those that are open already; the most valuable people come first.
-- note: places = tasks / the share of people that is contacted, so that there is room for those held out.
-- note: capacity first, draw after it, so that treated and held out are alike. A wecom touch is bound to the owner associate;
-- note: other work of a store goes to the owner while the owner has room, else it is shared out at approval (associate '').
with staff as (
  select store, count(*) as associates
  from associates
  where last_seen_on >= $as_of - 90 and store is not null
  group by store
),
load_by_store as (
  select store, sum(tasks) as tasks from open_tasks group by store
),
load_by_associate as (
  select store, associate, sum(tasks) as tasks from open_tasks group by store, associate
),
wanted as (
  select
    c.play,
    c.customer_id,
    c.lane,
    c.store,
    c.owner_associate,
    c.owner_store = c.store and c.owner_associate <> '' as has_owner_here,
    c.value_minor,
    coalesce(h.chosen, false) as chosen,
    coalesce(h.reason, 'not_chosen') as choice,
    ceil(greatest(0, $week_tasks - coalesce(o.tasks, 0)) / nullif($treated_share, 0)) as owner_places,
    case
      when c.lane = 'headquarters' then ceil($headquarters_tasks / nullif($treated_share, 0))
      else ceil(greatest(0, coalesce(s.associates, 1) * $week_tasks - coalesce(l.tasks, 0)) / nullif($treated_share, 0))
    end as store_places
  from proposal_candidates c
  left join proposal_choices h on h.play = c.play and h.store = c.store
  left join staff s on s.store = c.store
  left join load_by_store l on l.store = c.store
  left join load_by_associate o on o.store = c.store and o.associate = c.owner_associate
  where c.allowed
),
ranked as (
  select
    *,
    row_number() over (
      partition by chosen, lane, store, case when lane = 'own' then owner_associate else '' end
      order by value_minor desc, customer_id
    ) as place
  from wanted
),
own_kept as (
  select store, owner_associate, least(count(*), max(owner_places)) as people
  from ranked
  where chosen and lane = 'own'
  group by store, owner_associate
),
own_of_store as (
  select store, sum(people) as people from own_kept group by store
),
decided as (
  select
    r.*,
    case
      when not r.chosen then r.choice
      when r.lane = 'own' and r.place > r.owner_places then 'over_capacity'
      when r.lane = 'store' and r.place > greatest(0, r.store_places - coalesce(k.people, 0)) then 'over_capacity'
      when r.lane = 'headquarters' and r.place > r.store_places then 'over_capacity'
      else 'ok'
    end as outcome
  from ranked r
  left join own_of_store k on k.store = r.store and r.lane = 'store'
),
owned as (
  select
    d.*,
    coalesce(k.people, 0) + row_number() over (
      partition by d.lane, d.outcome, d.has_owner_here, d.store, d.owner_associate order by d.value_minor desc, d.customer_id
    ) as owner_place
  from decided d
  left join own_kept k on k.store = d.store and k.owner_associate = d.owner_associate and d.lane = 'store'
)
select
  play,
  customer_id,
  outcome,
  store,
  case
    when lane = 'own' then owner_associate
    when lane = 'store' and has_owner_here and owner_place <= owner_places then owner_associate
    else ''
  end as associate
from owned

-- table: metric_seen
-- takes: metric_days, interactions, customer_profiles, metric_places
-- gives: one row a customer and day on which they bought or came by (visit, browse, event), with the next such day
-- grain: customer_id, day_on
-- scope: store
-- note: of visits to two stores on one day that of the first store by name counts.
-- note: a day with a purchase is told by the purchase. Messages, replies, reviews, service and surveys are no visits.
with came as (
  select i.customer_id, i.happened_on as day_on, min(l.place) as place
  from interactions i
  left join metric_days d on d.customer_id = i.customer_id and d.day_on = i.happened_on
  left join customer_profiles p on p.customer_id = i.customer_id
  left join metric_places l on l.store = coalesce(i.store, '') and l.channel = i.source and l.associate = ''
  where i.kind in ('visit', 'browse', 'event') and i.customer_id is not null and i.happened_on < $as_of
    and d.customer_id is null and not coalesce(p.is_staff, false)
  group by i.customer_id, i.happened_on
),
seen as (
  select customer_id, day_on, place, true as bought from metric_days
  union all
  select customer_id, day_on, place, false as bought from came
),
followed as (
  select *, lead(day_on) over (partition by customer_id order by day_on) as next_on
  from seen
)
select f.customer_id, f.day_on, f.place, l.store, f.bought, f.next_on
from followed f
left join metric_places l on l.place = f.place

-- table: metric_places
-- takes: orders, interactions, metric_costs
-- gives: one row a combination of store, channel and associate in which something happened, under a small number
-- grain: place
-- scope: store
-- sort: place
-- note: store and associate are '' where none is known. store_no, channel_no and associate_no number the stores, the
-- note: channels and the associates (each within a store): grouping by small numbers is much faster than by texts.
with used as (
  select coalesce(store, '') as store, source as channel, coalesce(associate, '') as associate
  from orders
  where counted and ordered_on < $as_of
  group by 1, 2, 3
  union
  select coalesce(store, '') as store, source as channel, '' as associate
  from interactions
  where happened_on < $as_of and kind in ('visit', 'browse', 'event')
  group by 1, 2
  union
  select '' as store, channel, '' as associate
  from metric_costs
)
select
  (row_number() over (order by store, channel, associate))::integer as place,
  store,
  channel,
  associate,
  (dense_rank() over (order by store))::integer as store_no,
  (dense_rank() over (order by channel))::integer as channel_no,
  (dense_rank() over (order by store, associate))::integer as associate_no
from used

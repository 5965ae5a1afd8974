-- table: metric_spent
-- takes: metric_costs, metric_places
-- gives: one row a cost of winning customers, with its place (no store, no associate)
-- grain: day_on, place
-- scope: store
select c.day_on, l.place, l.store, c.channel, c.amount_minor
from metric_costs c
left join metric_places l on l.channel = c.channel and l.store = '' and l.associate = ''
where c.day_on < $as_of

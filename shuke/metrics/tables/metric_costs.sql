-- table: metric_costs
-- gives: what was spent on winning customers, by channel and month; empty where the shop has no such file
-- filled by: metrics.actions.build from metrics/acquisition_costs.csv of the workspace
-- grain: day_on, channel
-- scope: none
create table metric_costs (
  channel varchar not null,              -- as orders name it: tmall, pos, ...
  day_on date not null,                  -- the first day of the month
  amount_minor bigint not null
);

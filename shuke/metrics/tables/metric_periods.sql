-- table: metric_periods
-- gives: one row a metric, kind of period and period of the data: whether its values stand
-- filled by: metrics.actions.build
-- grain: metric, grain, period_start
-- scope: none
-- sort: metric, grain, period_start
create table metric_periods (
  metric varchar not null,
  grain varchar not null,                -- week | month | quarter | year
  period_start date not null,
  period_end date not null,              -- the day after its last
  mature boolean not null,               -- the period is over, its waiting time too, and the data began early enough
  note varchar not null,                 -- '' | unfinished | waiting | history
  as_of date not null
);

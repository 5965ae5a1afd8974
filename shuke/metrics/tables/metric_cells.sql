-- table: metric_cells
-- gives: one row a metric, kind of period, period and member of a dimension: numerator and denominator of its value
-- filled by: metrics.actions.build from the definitions
-- grain: metric, grain, period_start, dimension, member
-- scope: store
-- sort: metric, grain, dimension, member, period_start
-- note: value = numerator / denominator, or the numerator where the definition has no denominator. Never add up values;
-- note: numerators and denominators may be added over stores, channels or associates where the metric's page says so.
create table metric_cells (
  metric varchar not null,
  grain varchar not null,                -- week | month | quarter | year
  period_start date not null,
  period_end date not null,              -- the day after its last
  dimension varchar not null,            -- all | store | channel | associate | band | store_band | source
  member varchar not null,               -- '' of all; the store; the channel; store/associate; band; store/band; channel
  store varchar not null,                -- whose it is: '' where it holds more than one store's
  numerator double not null,
  denominator double,                    -- null: the value is the numerator
  people double not null,                -- how many customers or orders the value stands on
  mature boolean not null,               -- the period is over, its waiting time too, and the data began early enough
  note varchar not null                  -- '' | unfinished | waiting | history
);

-- table: stage_counts_then
-- gives: customers by lifecycle stage and home store on earlier days: the last month ends, the same lunar day last year, and the as-of day
-- filled by: segments.actions
-- grain: on_day, stage, store
-- scope: store
-- sort: on_day, stage, store
-- note: each day knows only what happened before it: gaps closed by then, and the own cycle as it was then (the shop's typical gap and
-- note: limits are today's, so that a change is the customers' and not the yardstick's). A month end is the first day of the next month.
create table stage_counts_then (
  on_day date not null,
  kind varchar not null,                 -- month, lunar, now
  stage varchar not null,
  store varchar not null,                -- home store of today; '' = none
  people bigint not null
);

-- table: checkup_summary
-- gives: one row: the day the check-up stands on, all sales, and the sales with a person behind them
-- filled by: checkup.actions.build
-- grain: as_of
-- scope: system
create table checkup_summary (
  as_of date not null,
  shop varchar not null,
  sales_minor bigint not null,
  attached_minor bigint not null,
  currency varchar not null,
  first_on date,
  last_on date,
  customers bigint not null,
  previous_on date,                      -- the last check-up of an earlier day
  previous_sales_minor bigint,
  previous_attached_minor bigint
);

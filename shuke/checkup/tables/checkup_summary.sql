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
  last_batch bigint,                     -- the last import that it knew
  previous_on date,                      -- the check-up that it is compared with: its day, its last import, its sums
  previous_batch bigint,
  previous_sales_minor bigint,
  previous_attached_minor bigint,
  still_sales_minor bigint,              -- the days of that check-up as they stand now
  still_attached_minor bigint
);

-- table: findings
-- gives: one row a problem of the data that was found, with the money that it touches
-- filled by: checkup.actions.build from all tables finding_*
-- grain: code
-- scope: system
create table findings (
  code varchar not null,
  rows bigint not null,                  -- raw rows behind it (customers, days where the finding is about them)
  orders bigint not null,
  money_minor bigint not null,
  currency varchar not null,
  parameters varchar not null,           -- JSON text of computed values used by the sentences
  first_on date,
  last_on date,
  stores varchar not null,               -- JSON list, the dearest first, at most 20
  previous_minor bigint,                 -- the money at the check-up that this one is compared with; null: none, or not looked for then
  still_minor bigint,                    -- the money now of the days of that check-up; null where rows stand on no day of their own
  as_of date not null
);

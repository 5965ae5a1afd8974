-- table: checkup_history_findings
-- gives: one row a rule of each check-up made so far: what it found; 0 where it found nothing
-- filled by: checkup.actions.build; kept from week to week
-- grain: as_of, last_batch, code
-- scope: system
create table checkup_history_findings (
  as_of date not null,
  last_batch bigint not null,
  code varchar not null,
  rows bigint not null,
  money_minor bigint not null
);

-- table: checkup_history
-- gives: one row a check-up made so far: its day, the imports that it knew, and its sums; the last 60 are kept
-- filled by: checkup.actions.build; kept from week to week
-- grain: as_of, last_batch
-- scope: system
create table checkup_history (
  as_of date not null,
  last_batch bigint not null,            -- the last import that it knew
  sales_minor bigint not null,
  attached_minor bigint not null,
  customers bigint not null
);

-- table: checkup_imports
-- gives: one row an imported export: the file, its period, and what became of its rows
-- filled by: checkup.actions.build from intake's batches
-- grain: batch_id
-- scope: system
create table checkup_imports (
  batch_id bigint not null,
  file varchar not null,
  source varchar not null,
  kind varchar not null,                 -- sales | persons | interactions | consents | coupons | costs
  rows_read bigint not null,
  first_on date,                         -- of the rows' own days; null where they have none
  last_on date,
  imported_on date not null              -- the shop's day
);

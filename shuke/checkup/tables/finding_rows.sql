-- table: finding_rows
-- gives: the rows behind each finding, at most 1,000 a code, the dearest first
-- filled by: checkup.actions.build from all tables finding_*
-- grain: code, n
-- scope: system
-- sort: code, n
create table finding_rows (
  code varchar not null,
  n bigint not null,
  source varchar,
  order_no varchar,
  batch_id bigint,
  row_no bigint,
  record_id bigint,
  store varchar,
  ordered_on date,
  money_minor bigint,
  rows bigint,
  detail varchar
);

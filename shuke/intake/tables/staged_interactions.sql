-- table: staged_interactions
-- gives: one row an interaction that is not an order: visit, browse, message, reply, review, event, service, complaint, survey
-- filled by: procedures.import_files
-- grain: batch_id, row_no
-- scope: system
create table staged_interactions (
  batch_id bigint not null,
  row_no bigint not null,
  row_hash bigint not null,
  record_id bigint not null,
  source varchar not null,
  kind varchar not null,
  "at" timestamp not null,                 -- UTC
  happened_on date not null,
  score decimal(9,3),                    -- stars, NPS answer, minutes: as the kind says
  store varchar,
  associate varchar,
  note varchar
);

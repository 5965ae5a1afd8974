-- table: staged_consents
-- gives: one row a statement of a person about a channel and purpose; the latest one holds
-- filled by: procedures.import_files
-- grain: batch_id, row_no
-- scope: system
create table staged_consents (
  batch_id bigint not null,
  row_no bigint not null,
  row_hash bigint not null,
  record_id bigint not null,
  source varchar not null,
  channel varchar not null,              -- sms | email | phone | wecom | wechat | mini_program | app | in_store | all
  purpose varchar not null,              -- marketing | personalisation | service
  state varchar not null,                -- granted | refused | withdrawn
  "at" timestamp not null,
  evidence varchar
);

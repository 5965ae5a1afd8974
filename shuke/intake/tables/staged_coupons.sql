-- table: staged_coupons
-- gives: one row a coupon issued to a person, with its use
-- filled by: procedures.import_files
-- grain: batch_id, row_no
-- scope: system
create table staged_coupons (
  batch_id bigint not null,
  row_no bigint not null,
  row_hash bigint not null,
  record_id bigint not null,
  source varchar not null,
  coupon_no varchar not null,
  name varchar,
  kind varchar,                          -- cash | discount | gift | freight
  face_minor bigint,
  min_spend_minor bigint,
  issued_at timestamp,
  expires_at timestamp,
  used_at timestamp,
  used_order_no varchar,
  status varchar                         -- issued | used | expired | void
);

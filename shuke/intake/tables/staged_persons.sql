-- table: staged_persons
-- gives: one row a source record version that says something about a person: member, contact, buyer of an order, subject of a fact
-- filled by: procedures.import_files
-- grain: batch_id, row_no
-- scope: system
-- personal: name, phone, phone_masked, email, address, birthday
-- note: record_id = stable_hash(source|source_row_id). Orders write one record an order, and none where no person field is filled.
-- note: values are normalised: phone is digits with country code (8613812345678) and only when complete; masked ones are 138****5678.
create table staged_persons (
  batch_id bigint not null,
  row_no bigint not null,
  row_hash bigint,                       -- of the raw row; equal rows of member and person files count once
  record_id bigint not null,
  source varchar not null,
  shop varchar not null,
  source_row_id varchar not null,        -- natural id: order number, card number, external user id
  kind varchar not null,                 -- member | contact | order | person | fact (consent, coupon, interaction)
  shop_user_id varchar,                  -- buyer id of that shop; unique only within (source, shop)
  name varchar,
  name_masked boolean,                   -- the file gave 张** or the like
  phone varchar,
  phone_masked varchar,
  phone_virtual boolean,                 -- privacy number of a delivery platform
  email varchar,
  unionid varchar,
  card varchar,
  member_id varchar,
  birthday date,
  gender varchar,                        -- female | male
  city varchar,
  address varchar,
  store varchar,
  associate varchar,
  registered_on date,
  opening_points bigint,
  is_staff boolean,
  seen_at timestamp                      -- UTC
);

-- table: resting_records
-- gives: records whose customer is nobody's at present (a value was blocked, the records are gone), with the id they had
-- filled by: customers.actions.resolve
-- grain: record_id, customer_id_automatic
-- scope: system
-- sort: record_id, customer_id_automatic
-- note: where the records come back to somebody (the value is free again, the file is imported again) the id comes back with them
create table resting_records (
  record_id bigint not null,
  customer_id bigint not null,
  customer_id_automatic bigint not null
);

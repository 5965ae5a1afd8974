-- table: reclaimed_records
-- gives: the ids that records go back to because people took a merge back since the last resolution
-- filled by: customers.actions.pins.write_pins
-- grain: record_id
-- scope: system
-- sort: record_id
create table reclaimed_records (
  record_id bigint not null,
  customer_id bigint not null,           -- whose it was when the merge was decided; 0: it came later and speaks for no id
  customer_id_automatic bigint not null
);

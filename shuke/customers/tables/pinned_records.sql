-- table: pinned_records
-- gives: source records that people said belong together: those of one party are one customer, whatever the keys say
-- filled by: customers.actions.pins.write_pins, from the decisions in force
-- grain: record_id
-- scope: system
-- sort: record_id
create table pinned_records (
  record_id bigint not null,
  party bigint not null,                 -- from 1
  part bigint,                           -- the customer's automatic part that it belonged to before people merged it
  merged_at timestamp                    -- when people last merged its party; null where they did not
);

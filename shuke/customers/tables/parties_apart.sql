-- table: parties_apart
-- gives: parties of table pinned_records that people said are two customers; each pair once
-- filled by: customers.actions.pins.write_pins, from the decisions in force
-- grain: party, other
-- scope: system
-- sort: party, other
create table parties_apart (
  party bigint not null,                 -- the smaller number
  other bigint not null
);

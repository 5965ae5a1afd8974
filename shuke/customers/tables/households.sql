-- table: households
-- gives: customers who seem to live together: a second grouping, never the person
-- filled by: customers.actions.households
-- grain: customer_id
-- scope: customer
-- sort: customer_id
create table households (
  household_id bigint not null,          -- the smallest customer id at first sight; kept while most of its people stay
  customer_id bigint not null,
  reason varchar not null                -- address | phone
);

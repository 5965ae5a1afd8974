-- table: customer_certainty
-- gives: for customers with a doubtful tie, the probability that all their records are one person; others are certain
-- filled by: customers.actions.pairs.write_certainty
-- grain: customer_id
-- scope: customer
-- sort: customer_id
create table customer_certainty (
  customer_id bigint not null,
  certainty double not null              -- 0 to below 1
);

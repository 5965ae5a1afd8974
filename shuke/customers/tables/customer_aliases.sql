-- table: customer_aliases
-- gives: for every id ever given out that is no customer (any more), the customer that it leads to
-- filled by: customers.actions.resolve
-- grain: alias_id
-- scope: customer
-- sort: alias_id
create table customer_aliases (
  alias_id bigint not null,
  customer_id bigint not null
);

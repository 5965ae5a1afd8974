-- table: resting_aliases
-- gives: ids that led to a customer who is nobody at present: they lead there again when the customer comes back
-- filled by: customers.actions.resolve
-- grain: alias_id
-- scope: system
-- sort: alias_id
create table resting_aliases (
  alias_id bigint not null,
  customer_id bigint not null
);

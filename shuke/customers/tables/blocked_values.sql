-- table: blocked_values
-- gives: identifier values that the data show to be nobody's own: shared by far too many names or cards, or a till's
-- filled by: customers.actions.resolve
-- grain: type, value_hash
-- scope: system
create table blocked_values (
  type varchar not null,                 -- phone | email | card | member_id | unionid | shop_user
  value_hash bigint not null,
  block_reason varchar not null          -- crowded | till
);

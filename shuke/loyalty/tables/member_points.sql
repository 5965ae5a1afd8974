-- table: member_points
-- gives: one row a customer with an account: points, tier and coupons as they stood when the week began
-- filled by: procedures.read_points, from the ledger
-- grain: customer_id
-- scope: customer
-- sort: customer_id
-- note: accounts that were merged show the balance of their group; without members the table is empty.
create table member_points (
  customer_id bigint not null,
  account_id bigint not null,            -- the account that the customer keeps
  tier varchar not null,
  growth_12m bigint not null,            -- growth value of the last twelve months
  available bigint not null,
  pending bigint not null,
  expiring_30d bigint not null,          -- of the available points, those that end within 30 days of as_of
  next_expiry_on date,                   -- the last day of the points that end first; null: none end
  coupons_open bigint not null,
  as_of date not null
);

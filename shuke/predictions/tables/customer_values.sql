-- table: customer_values
-- gives: what each customer is worth: chance to be still a customer, purchases and margin to expect, each with its interval
-- filled by: predictions.actions.values, from customer_clocks by BG/NBD and Gamma-Gamma
-- grain: customer_id
-- scope: customer
-- sort: customer_id
-- note: an interval holds nine of ten outcomes: the spread of what a customer of that history does, and the doubt about the model's parameters.
create table customer_values (
  customer_id bigint not null,
  alive_share double not null,            -- chance to be still a customer, 0 to 1
  orders_30 double not null,              -- purchases to expect within 30 days
  orders_90 double not null,
  orders_365 double not null,
  orders_30_low integer not null,
  orders_30_high integer not null,
  orders_90_low integer not null,
  orders_90_high integer not null,
  orders_365_low integer not null,
  orders_365_high integer not null,
  margin_30_minor bigint not null,        -- margin to expect within 30 days
  margin_90_minor bigint not null,
  margin_365_minor bigint not null,
  margin_30_low_minor bigint not null,
  margin_30_high_minor bigint not null,
  margin_90_low_minor bigint not null,
  margin_90_high_minor bigint not null,
  margin_365_low_minor bigint not null,
  margin_365_high_minor bigint not null,
  discounted_value_minor bigint not null, -- margin of the years ahead, later money counted lower
  purchase_minor bigint not null,         -- mean value of a purchase to expect
  version varchar not null                -- of the model, as in model_cards
);

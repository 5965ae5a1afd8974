-- table: customer_scores
-- gives: one row a customer, model and horizon: the prediction, its interval, its rank and three reasons
-- filled by: predictions.actions.scores
-- grain: customer_id, model, horizon_days
-- scope: customer
-- sort: customer_id, model, horizon_days
-- note: model return = chance to buy within the horizon (churn risk = 1 - value); model spend = sales in minor units to expect within it.
-- note: reasons are codes of definitions/reasons.yaml; reason_n_value is what it adds to (takes from) the score against the shop's typical customer,
-- note: in log odds (return) or natural logarithms of money (spend); reason_n_fact is the customer's own figure for the sentence.
create table customer_scores (
  customer_id bigint not null,
  model varchar not null,                 -- return, spend
  horizon_days integer not null,
  score integer not null,                 -- rank among all customers, 0 (lowest) to 100
  value double not null,
  low double not null,
  high double not null,
  method varchar not null,                -- what was used: blend, bgnbd, boosting, or a baseline's name
  version varchar not null,               -- of the model, as in model_cards
  reason_1 varchar,
  reason_1_value double,
  reason_1_fact double,
  reason_2 varchar,
  reason_2_value double,
  reason_2_fact double,
  reason_3 varchar,
  reason_3_value double,
  reason_3_fact double
);

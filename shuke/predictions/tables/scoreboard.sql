-- table: scoreboard
-- gives: back-tests on time cuts: each method's figure with its interval beside the model's and the best simple rule's
-- filled by: predictions.actions.evaluation
-- grain: model, horizon_days, cut_on, metric, method
-- scope: none
-- sort: model, horizon_days, cut_on, metric, method
create table scoreboard (
  model varchar not null,                 -- return, spend, and those of recommendations
  horizon_days integer not null,
  cut_on date not null,                   -- the day it stood on; what came after was hidden from it
  metric varchar not null,                -- auc, ece, level (predicted over actual), top_tenth_share, bias, recall_at_10 ...
  method varchar not null,                -- blend, bgnbd, boosting, rfm, recency, frequency, last_spend, popularity ...
  customers bigint not null,
  value double,                           -- null: the figure does not exist there (nobody, or everybody, came back)
  low double,
  high double,
  is_baseline boolean not null,
  is_winner boolean not null,             -- the best of this cut and metric
  is_used boolean not null                -- what scores are made of
);

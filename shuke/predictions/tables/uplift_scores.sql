-- table: uplift_scores
-- gives: one row a buyer and play whose targeting is proven: by how much the play moves their chance to buy
-- filled by: predictions.actions.trials
-- grain: play, customer_id
-- scope: customer
-- sort: play, customer_id
-- note: plays whose targeting is not proven have no rows: everybody is as good as anybody there.
create table uplift_scores (
  play varchar not null,
  customer_id bigint not null,
  uplift double not null                 -- added chance to buy within the measuring days
);

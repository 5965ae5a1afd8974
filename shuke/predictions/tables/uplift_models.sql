-- table: uplift_models
-- gives: one row a play and outcome: what its trials say about whom it moves, and whether that is proven
-- filled by: predictions.actions.trials from trial_people
-- grain: play, outcome
-- scope: none
-- sort: play, outcome
create table uplift_models (
  play varchar not null,
  outcome varchar not null,              -- bought (share of people) | spend (minor units a person)
  verdict varchar not null,              -- proven | not_proven | refused
  reason varchar not null,               -- '' | chance | few (people in an arm) | power (spend varies too much)
  people bigint not null,
  holdout bigint not null,
  people_needed bigint not null,         -- so many would decide it; 0 where enough took part
  effect double,                         -- mean effect on all, null where nothing was estimated
  effect_low double,
  effect_high double,
  qini double,
  qini_low double,
  qini_high double,
  top30 double,                          -- mean effect in the best 30 in 100
  top30_low double,
  top30_high double,
  chance_share double not null,          -- how often a permuted ranking does as well
  as_of date not null
);

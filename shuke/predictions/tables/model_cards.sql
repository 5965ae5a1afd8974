-- table: model_cards
-- gives: one row a model: what it was made of, how well it did on past windows, and where not to use it
-- filled by: predictions.actions.cards
-- grain: model, horizon_days
-- scope: none
-- sort: model, horizon_days
create table model_cards (
  model varchar not null,                 -- value, return, spend, and those of recommendations
  horizon_days integer not null,          -- 0: no horizon
  version varchar not null,
  as_of date not null,
  rows bigint not null,                   -- customers scored
  details varchar not null                -- JSON text: state, method, data, parameters, level, figures, notes (codes with values)
);

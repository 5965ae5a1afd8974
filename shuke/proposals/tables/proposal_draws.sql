-- table: proposal_draws
-- gives: how many people of a play each store holds out; one draw a play over all stores
-- filled by: proposals.draft from proposal_line_up
-- grain: play, store
-- scope: store
create table proposal_draws (
  play varchar not null,
  store varchar not null,                -- '' = headquarters
  people integer not null,
  holdout_places integer not null,       -- the lowest draws of the store that are held out
  propensity double not null             -- everybody's chance to be held out: people held out of the play / people of the play
);

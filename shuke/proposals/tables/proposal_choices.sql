-- table: proposal_choices
-- gives: which plays each store (and headquarters) runs this week: the most valuable ones, at most as many as the policy says
-- filled by: proposals.draft from proposal_candidates
-- grain: play, store
-- scope: store
create table proposal_choices (
  play varchar not null,
  store varchar not null,                -- '' = headquarters
  people integer not null,               -- allowed, before capacity
  gain_minor bigint not null,            -- expected, if the play had all of the store's places
  chosen boolean not null,
  reason varchar not null                -- ok | not_chosen | already_decided
);

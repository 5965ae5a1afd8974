-- table: measured_proposals
-- gives: one row an approved proposal whose people are watched: from which day, and until which day at most
-- filled by: outcomes.build from the approved and exported proposals
-- grain: proposal
-- scope: store
-- sort: proposal
create table measured_proposals (
  proposal bigint not null,
  play varchar not null,
  store varchar not null,                -- '' = headquarters
  as_of date not null,                   -- the first day that counts
  until_on date not null,                -- the first day that does not count (yet)
  watch_until_on date not null,          -- the first day that will not count in the end
  expected_lift double                   -- what the proposal expected: extra buyers as a share of those who come anyway
);

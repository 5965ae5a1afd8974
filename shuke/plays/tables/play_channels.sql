-- table: play_channels
-- gives: one row a play and channel, in the order in which the play tries them
-- filled by: procedures.week from plays/definitions and the shop's policy
-- grain: play, channel
-- scope: none
create table play_channels (
  play varchar not null,
  segment varchar not null,
  priority integer not null,             -- 1 goes first where a customer fits several plays
  channel varchar not null,
  place integer not null,                -- 1 is tried first
  consent varchar not null,              -- needed | own_contact | free
  clause varchar not null                -- clause of the policy that says so
);

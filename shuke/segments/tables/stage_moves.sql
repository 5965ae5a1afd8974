-- table: stage_moves
-- gives: how many people were in one stage (or layer) on an earlier day and in another on a later one, by home store
-- filled by: segments.actions
-- grain: kind, from_on, to_on, from_state, to_state, store
-- scope: store
-- sort: kind, from_on, to_on, from_state, to_state, store
-- note: stages between the month ends and the as-of day, and from each month end to the as-of day; layers since the first week computed.
create table stage_moves (
  kind varchar not null,                 -- stage, layer
  from_on date not null,
  to_on date not null,
  from_state varchar not null,           -- '' = not yet known to the shop
  to_state varchar not null,
  store varchar not null,                -- home store of today; '' = none
  people bigint not null
);

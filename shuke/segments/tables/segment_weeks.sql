-- table: segment_weeks
-- gives: head count and yearly value of each segment, week and home store, kept from week to week
-- filled by: segments.actions
-- grain: as_of, segment, store
-- scope: store
-- sort: as_of, segment, store
-- note: computing a day again replaces its rows; a segment that was empty that week has one row with store '' and no people.
create table segment_weeks (
  as_of date not null,
  segment varchar not null,
  store varchar not null,                -- home store; '' = none
  people bigint not null,
  value_minor bigint not null
);

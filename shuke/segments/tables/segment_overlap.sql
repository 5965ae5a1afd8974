-- table: segment_overlap
-- gives: how many people two segments share, by home store
-- filled by: segments.actions
-- grain: segment, other, store
-- scope: store
-- sort: segment, other, store
create table segment_overlap (
  segment varchar not null,
  other varchar not null,
  store varchar not null,                -- home store; '' = none
  people bigint not null
);

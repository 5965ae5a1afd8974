-- table: segment_missing
-- gives: one row a segment that is off and a field that it waits for
-- filled by: segments.actions
-- grain: segment, field
-- scope: none
create table segment_missing (
  segment varchar not null,
  field varchar not null,                -- empty: the rule itself cannot be read
  problem varchar not null               -- no_data, or why the rule cannot be read
);

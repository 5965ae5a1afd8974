-- table: segment_fields
-- gives: one row a field of the rules: of how many customers it is known, that is, whether this shop has such data
-- filled by: segments.actions
-- grain: field
-- scope: none
create table segment_fields (
  field varchar not null,
  people bigint not null
);

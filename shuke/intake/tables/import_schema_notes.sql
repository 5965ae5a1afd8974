-- table: import_schema_notes
-- gives: one row a thing that an export told differently than expected: a column renamed, new, gone or of another kind,
-- gives: a word never seen, a buyer field that the platform hides
-- filled by: procedures.import_files
-- grain: batch_id, kind, field, column_name, word
-- scope: system
-- note: columns are compared with the last exports of the same mapping. Rows, orders and money are those of the staged
-- note: rows of that batch: repeats of earlier exports are not among them, so sums over batches count nothing twice.
create table import_schema_notes (
  batch_id bigint not null,
  source varchar not null,
  mapping varchar not null,
  kind varchar not null,                 -- unknown_word | new_column | column_gone | column_renamed | column_changed | column_twice | masked | encrypted | virtual
  field varchar not null,                -- the target that the column fills (status, phone, order_paid, ...); '' for columns not read
  column_name varchar not null,          -- as written in the header; '' where a target is read from none
  word varchar not null,                 -- unknown_word: what the file wrote; column_renamed: the new name; column_changed: before -> now
  "rows" bigint not null,                -- staged rows it touches; 0 where that is not counted
  orders bigint not null,
  amount_minor bigint not null
);

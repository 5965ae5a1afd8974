-- table: import_rows
-- gives: one row a raw row that was not staged: a duplicate of an earlier export's row, or a quarantined row with its reason
-- filled by: procedures.import_files
-- grain: batch_id, row_no
-- scope: system
create table import_rows (
  batch_id bigint not null,
  row_no bigint not null,
  outcome varchar not null,              -- duplicate | quarantined
  reason varchar not null,               -- code: repeated_export, bad_date, bad_amount, wrong_width, missing_order_no, total_row, ...
  detail varchar,                        -- the offending column and value, personal values never
  row_hash bigint,                       -- duplicates: the staged row that it repeats
  source varchar,
  order_no varchar,
  ordered_on date,
  amount_minor bigint                    -- the money that the row carries, where known
);

-- table: staged_costs
-- gives: one row a unit cost of a product from a day on
-- filled by: procedures.import_files
-- grain: batch_id, row_no
-- scope: none
create table staged_costs (
  batch_id bigint not null,
  row_no bigint not null,
  row_hash bigint not null,
  source varchar not null,
  sku varchar not null,
  product varchar,
  category varchar,
  unit_cost decimal(18,6) not null,
  currency varchar not null,
  valid_from date
);

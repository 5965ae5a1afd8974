-- table: finding_export_cut_off
-- takes: checkup_imports, orders
-- gives: one row a file with exactly as many rows as systems let out at most: its end is probably missing
-- grain: source, batch_id
-- scope: system
-- money is what the source sold on the first and last day of the file: one of them was cut
with full_files as (
  select batch_id, source, rows_read, first_on, last_on
  from checkup_imports
  where kind = 'sales'
    and rows_read in (5000, 10000, 20000, 30000, 50000, 60000, 65535, 65536, 100000, 200000, 500000, 1000000, 1048575, 1048576)
),
edges as (
  select batch_id, source, first_on as edge_on from full_files
  union
  select batch_id, source, last_on as edge_on from full_files
),
sold as (
  select e.batch_id, sum(o.net_minor) as net_minor, count(*) as orders
  from edges e
  join orders o on o.source = e.source and o.ordered_on = e.edge_on
  where o.counted
  group by e.batch_id
)
select
  f.source, null as order_no, f.batch_id, null as row_no, null as record_id, null as store, f.last_on as ordered_on,
  cast(coalesce(s.net_minor, 0) as bigint) as money_minor,
  1 as raw_rows,
  coalesce(s.orders, 0) as orders,
  cast(f.rows_read as varchar) as detail
from full_files f
left join sold s on s.batch_id = f.batch_id
where f.last_on is null or f.last_on < $as_of

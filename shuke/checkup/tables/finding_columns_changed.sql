-- table: finding_columns_changed
-- takes: import_schema_notes, checkup_imports, orders
-- gives: one row a column that went, got another name, twice the same name or another kind of value in a later file of its source
-- grain: batch_id, detail
-- scope: system
-- money is what the source sold on the days of that file, told once a file
with changed as (
  select
    n.batch_id, n.source, n.kind, n.column_name,
    row_number() over (partition by n.batch_id order by n.kind, n.column_name, n.word) as place
  from import_schema_notes n
  where n.kind in ('column_gone', 'column_renamed', 'column_changed', 'column_twice')
),
files as (
  select c.batch_id, c.source, i.first_on, i.last_on
  from changed c
  join checkup_imports i on i.batch_id = c.batch_id and i.kind = 'sales'
  where c.place = 1
),
sold as (
  select f.batch_id, sum(o.net_minor) as net_minor, count(*) as orders
  from files f
  join orders o on o.source = f.source and o.ordered_on between f.first_on and f.last_on
  where o.counted and o.ordered_on < $as_of
  group by f.batch_id
)
select
  c.source, null as order_no, c.batch_id, null as row_no, null as record_id, null as store, i.last_on as ordered_on,
  cast(case when c.place = 1 then coalesce(s.net_minor, 0) else 0 end as bigint) as money_minor,
  1 as raw_rows,
  case when c.place = 1 then coalesce(s.orders, 0) else 0 end as orders,
  c.kind || ' ' || c.column_name as detail
from changed c
left join checkup_imports i on i.batch_id = c.batch_id
left join sold s on s.batch_id = c.batch_id
where i.first_on is null or i.first_on < $as_of

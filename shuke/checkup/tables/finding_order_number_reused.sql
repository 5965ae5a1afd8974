-- table: finding_order_number_reused
-- takes: staged_sales, orders
-- gives: one row an order number under which different sales came: of two stores in one file, or of days far apart
-- grain: source, order_no
-- scope: system
-- the first 200,000 rows of the newest files are looked at, a million rows in all: a source that counts anew each day or in
-- each store shows in them
with files as (
  select batch_id, count(*) as file_rows
  from staged_sales
  where row_no <= 200000
  group by batch_id
),
newest as (
  select batch_id, file_rows, sum(file_rows) over (order by batch_id desc) as rows_since
  from files
),
looked_at as (
  select s.record_id, s.batch_id, s.store, s.ordered_on
  from staged_sales s
  join newest n on n.batch_id = s.batch_id and n.rows_since - n.file_rows < 1000000
  where s.row_no <= 200000 and s.row_grain <> 'fee' and s.ordered_on < $as_of
    and coalesce(s.quantity, 1) > 0 and coalesce(s.order_paid_minor, 1) > 0
),
in_files as (
  select
    record_id,
    batch_id,
    min(ordered_on) as first_on,
    max(ordered_on) as last_on,
    max(store) <> min(store) as two_stores
  from looked_at
  group by record_id, batch_id
),
reused as (
  select record_id, case when max(case when two_stores then 1 else 0 end) = 1 then 'two_stores' else 'two_days' end as detail
  from in_files
  group by record_id
  -- a file repaired later may move a day by the clock's error, not by a week
  having max(case when two_stores then 1 else 0 end) = 1 or date_diff('day', min(first_on), max(last_on)) >= 7
    or max(date_diff('day', first_on, last_on)) >= 2
)
select
  o.source, o.order_no, null as batch_id, null as row_no, o.record_id, o.store, o.ordered_on,
  o.gross_minor as money_minor,
  o.staged_rows as raw_rows,
  null as orders,
  r.detail
from reused r
join orders o on o.order_key = r.record_id
where o.counted

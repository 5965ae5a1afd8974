-- table: superseded_rows
-- takes: staged_sales, import_rows
-- gives: one row a staged row that a later export of the same order replaced; everything else is current
-- grain: batch_id, row_no
-- scope: system
-- note: staged rows are versions. Only orders that were staged from more than one export need work. Header rows: the
-- note: latest export wins. Lines: the latest version of each line wins; a line is known by its number, else by its
-- note: product, the sign of its quantity and its place among equals inside its own export. Rows that were dropped as
-- note: repeats take part in the counting of places, and change nothing else: a repeat never undoes an update.
with twice as (
  select record_id, row_grain, max(batch_id) as last_batch
  from staged_sales
  where row_grain <> 'fee'
  group by record_id, row_grain
  having min(batch_id) <> max(batch_id)
),
staged_lines as (
  select
    s.record_id,
    s.batch_id,
    s.row_no,
    s.row_hash,
    coalesce(s.line_no, coalesce(s.sku, s.product, '') || '|' || coalesce(s.spec, '')) as line_key,
    coalesce(s.quantity < 0, false) as goes_back
  from staged_sales s
  join twice t on t.record_id = s.record_id and t.row_grain = s.row_grain
  where s.row_grain = 'line'
),
line_of_hash as (
  select row_hash, min(record_id) as record_id, min(line_key) as line_key, bool_or(goes_back) as goes_back
  from staged_lines
  group by row_hash
),
versions as (
  select record_id, batch_id, row_no, line_key, goes_back, true as is_staged
  from staged_lines
  union all
  select l.record_id, d.batch_id, d.row_no, l.line_key, l.goes_back, false as is_staged
  from import_rows d
  join line_of_hash l on l.row_hash = d.row_hash
  where d.outcome = 'duplicate'
),
placed as (
  select
    *,
    row_number() over (partition by record_id, batch_id, line_key, goes_back order by row_no) as place
  from versions
),
ranked as (
  select
    batch_id,
    row_no,
    row_number() over (
      partition by record_id, line_key, goes_back, place order by batch_id desc, row_no desc
    ) as age
  from placed
  where is_staged
)
select batch_id, row_no
from ranked
where age > 1
union all
select s.batch_id, s.row_no
from staged_sales s
join twice t on t.record_id = s.record_id and t.row_grain = s.row_grain
where s.row_grain = 'order' and s.batch_id < t.last_batch

-- table: finding_repeated_export_duplicate
-- takes: import_rows, orders, order_totals
-- gives: one row a raw row of an order that an earlier export had already brought; dropped, so that it counts once
-- grain: batch_id, row_no
-- scope: system
-- note: money is what adding the files up would count too much: each repeated line's own money, or, where the order has
-- note: a total of its own (repeated on its lines, or on a header beside them), that total in the share of its rows
-- note: that were repeated, on the first of them.
with repeats as (
  select
    batch_id, row_no, source, order_no, ordered_on, amount_minor, reason,
    stable_hash(source || '|' || order_no) as record_id
  from import_rows
  where outcome = 'duplicate' and order_no is not null and (ordered_on is null or ordered_on < $as_of)
),
times as (
  select record_id, count(*) as repeated, min(batch_id * 1000000000 + row_no) as first_row
  from repeats
  group by record_id
)
select
  d.source, d.order_no, d.batch_id, d.row_no, d.record_id, o.store, coalesce(d.ordered_on, o.ordered_on) as ordered_on,
  case
    when t.paid_minor is null then coalesce(d.amount_minor, 0)
    when n.first_row = d.batch_id * 1000000000 + d.row_no
      then cast(round(1.0 * t.gross_minor * n.repeated / nullif(t.staged_rows, 0)) as bigint)
    else 0
  end as money_minor,
  1 as raw_rows,
  null as orders,
  d.reason as detail
from repeats d
join times n on n.record_id = d.record_id
left join order_totals t on t.record_id = d.record_id
left join orders o on o.record_id = d.record_id

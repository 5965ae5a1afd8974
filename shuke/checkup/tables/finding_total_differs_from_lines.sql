-- table: finding_total_differs_from_lines
-- takes: orders, order_totals
-- gives: one row an order whose lines, freight and discounts do not explain its total
-- grain: source, order_no
-- scope: system
-- systems write line money before or after discounts: the explanation that comes nearest is taken; where no discount is
-- told, a total below its lines means one, and only more than half of the lines' money is doubted
with gaps as (
  select
    t.record_id,
    least(
      abs(t.paid_minor - t.forth_minor),
      abs(t.paid_minor - t.forth_minor - t.freight_minor),
      abs(t.paid_minor - t.forth_minor + t.discount_minor),
      abs(t.paid_minor - t.forth_minor - t.freight_minor + t.discount_minor),
      abs(t.paid_minor - t.forth_minor - t.freight_minor + t.platform_discount_minor),
      abs(t.paid_minor - t.forth_minor - t.freight_minor + t.discount_minor + t.platform_discount_minor),
      -- money that went back may already be taken off the total or off the lines
      abs(t.paid_minor - t.forth_minor - t.freight_minor - t.back_minor),
      abs(t.paid_minor - t.forth_minor - t.freight_minor + t.refund_minor),
      abs(t.paid_minor - t.forth_minor - t.freight_minor - t.refund_minor)
    ) as gap_minor,
    t.lines,
    t.forth_minor
  from order_totals t
  where t.paid_minor is not null and t.lines > 0 and not t.is_dead and not t.is_return and t.ordered_on < $as_of
)
select
  o.source, o.order_no, null as batch_id, null as row_no, o.record_id, o.store, o.ordered_on,
  case when g.gap_minor > g.lines then g.gap_minor else o.discount_minor end as money_minor,
  o.staged_rows as raw_rows,
  null as orders,
  case when g.gap_minor > g.lines then 'unexplained' else 'more_than_half_off' end as detail
from gaps g
join orders o on o.order_key = g.record_id
where o.counted and (g.gap_minor > g.lines or o.discount_minor > 0.5 * g.forth_minor)

-- table: orders
-- takes: order_totals, store_names, identity
-- gives: one row an order: who, where, when, what it is worth, and whether it counts
-- grain: order_key
-- scope: customer
-- sort: customer_id, ordered_at
-- note: every room's sales are sum(net_minor) of the rows where counted, by ordered_on.
-- note: an order in two systems counts where it was placed; the copy (the row that names the other's number, also with
-- note: something before or after it) is counted = false with duplicate_of, and lends its store, associate and customer
-- note: where the other has none.
-- note: a return on its own row lowers sales on its own day. Where the original already carries that refund, the
-- note: return's row is not counted, so money never goes back twice. returned_minor on the original informs only.
-- note: is_wholesale is a suspicion: far above three interquartile ranges (in logarithms) and ten times the upper
-- note: quartile of its source, in money or in units; such orders stay in sales.
-- numbers of other systems that orders name: as written, and without what tills put before and after (MT-123, #123-1)
with named as (
  select record_id, external_order_no as other_no, true as as_written
  from order_totals
  where external_order_no is not null
  union
  select record_id, regexp_replace(regexp_replace(external_order_no, '^[^0-9]+', ''), '[^0-9]+$', '') as other_no, false as as_written
  from order_totals
  where external_order_no is not null
  union
  select record_id, regexp_extract(external_order_no, '([0-9A-Za-z]{8,})[^0-9A-Za-z]*$', 1) as other_no, false as as_written
  from order_totals
  where external_order_no is not null
  union
  select record_id, regexp_extract(external_order_no, '^[^0-9A-Za-z]*([0-9A-Za-z]{8,})', 1) as other_no, false as as_written
  from order_totals
  where external_order_no is not null
  union
  select record_id, regexp_extract(external_order_no, '([0-9]{8,})', 1) as other_no, false as as_written
  from order_totals
  where external_order_no is not null
),
met as (
  select c.record_id as copy_id, o.record_id as original_id, n.as_written
  from named n
  join order_totals c on c.record_id = n.record_id
  join order_totals o on o.order_no = n.other_no and o.source <> c.source
  -- a number without its trimmings must be long and of nearly the same day: #12 is the twelfth bag of a day, no order
  where (n.as_written or length(n.other_no) >= 8)
    and abs(date_diff('day', o.ordered_on, c.ordered_on)) <= case when n.as_written then 7 else 2 end
    -- both may name each other: then the till's row is the copy, else the one with the higher id
    and (
      case
        when n.as_written then o.external_order_no is distinct from c.order_no
        else strpos(coalesce(o.external_order_no, ''), c.order_no) = 0
      end
      or c.source = 'pos'
      or (o.source <> 'pos' and c.record_id > o.record_id)
    )
),
-- the number as written decides; without its trimmings it counts only where it leads to one order
copies as (
  select
    copy_id,
    coalesce(min(case when as_written then original_id end), min(original_id)) as original_id
  from met
  group by copy_id
  having bool_or(as_written) or min(original_id) = max(original_id)
),
-- what a copy knows and its original may lack
lent as (
  select
    c.original_id,
    max(coalesce(n.store, t.store_written)) as store,
    max(t.associate) as associate,
    max(i.customer_id) as customer_id
  from copies c
  join order_totals t on t.record_id = c.copy_id
  left join store_names n on n.source = t.source and n.written = t.store_written
  left join identity i on i.record_id = t.record_id
  group by c.original_id
),
returns as (
  select record_id, source, original_order_no, net_minor
  from order_totals
  where is_return and original_order_no is not null
),
-- the order that a return names, or the counted twin of that order
return_links as (
  select
    r.record_id as return_id,
    min(coalesce(c.original_id, o.record_id)) as original_id,
    min(i.customer_id) as customer_id,
    min(-r.net_minor) as returned_minor
  from returns r
  join order_totals o on o.source = r.source and o.order_no = r.original_order_no and o.record_id <> r.record_id
  left join copies c on c.copy_id = o.record_id
  left join identity i on i.record_id = o.record_id
  group by r.record_id
),
-- the few orders that others point to, so that no join below holds all orders
pointed_to as (
  select t.record_id, t.order_no, t.source, t.refund_minor
  from order_totals t
  where t.record_id in (select original_id from copies union all select original_id from return_links)
),
returned as (
  select original_id, cast(sum(returned_minor) as bigint) as returned_minor
  from return_links
  group by original_id
),
-- quartiles by tenth-of-a-doubling buckets: one small row a bucket instead of a sort of all orders
buckets as (
  select source, 'money' as what, cast(floor(10 * log2(gross_minor)) as bigint) as bucket, count(*) as orders
  from order_totals
  where gross_minor > 0
  group by 1, 2, 3
  union all
  select source, 'units' as what, cast(floor(10 * log2(units)) as bigint) as bucket, count(*) as orders
  from order_totals
  where gross_minor > 0 and units > 0
  group by 1, 2, 3
),
ranks as (
  select
    source, what, bucket,
    sum(orders) over (partition by source, what order by bucket) as upto,
    sum(orders) over (partition by source, what) as total
  from buckets
),
quartiles as (
  select
    source,
    what,
    min(case when upto >= 0.25 * total then bucket end) as q1,
    min(case when upto >= 0.75 * total then bucket end) as q3
  from ranks
  where total >= 100
  group by source, what
),
limits as (
  select
    source,
    max(case when what = 'money' then power(2, (q3 + 1 + greatest(3 * (q3 - q1), 33)) / 10.0) end) as money_limit,
    max(case when what = 'units' then power(2, (q3 + 1 + greatest(3 * (q3 - q1), 33)) / 10.0) end) as units_limit
  from quartiles
  group by source
)
select
  p.record_id as order_key,
  p.source, p.shop, p.order_no, p.ordered_at, p.ordered_on, p.paid_at,
  coalesce(n.store, p.store_written, l.store) as store,
  coalesce(p.associate, l.associate) as associate,
  p.record_id,
  coalesce(i.customer_id, l.customer_id, r.customer_id) as customer_id,
  p.gross_minor, p.net_minor, p.refund_minor, p.discount_minor, p.freight_minor, p.goods_minor,
  p.platform_discount_minor, p.currency, p.status,
  c.original_id is null and not coalesce(o.refund_minor >= b.returned_minor and o.refund_minor > 0, false) as counted,
  case
    when c.original_id is not null then d.order_no
    when o.refund_minor >= b.returned_minor and o.refund_minor > 0 then o.order_no
  end as duplicate_of,
  case
    when c.original_id is not null then d.source
    when o.refund_minor >= b.returned_minor and o.refund_minor > 0 then o.source
  end as duplicate_of_source,
  p.original_order_no,
  r.original_id as original_key,
  g.returned_minor,
  p.units, p.lines, p.staged_rows, p.is_return,
  coalesce(p.gross_minor > w.money_limit or p.units > w.units_limit, false) and p.gross_minor > 0 as is_wholesale
from order_totals p
left join store_names n on n.source = p.source and n.written = p.store_written
left join identity i on i.record_id = p.record_id
left join copies c on c.copy_id = p.record_id
left join lent l on l.original_id = p.record_id
left join pointed_to d on d.record_id = c.original_id
left join return_links r on r.return_id = p.record_id
left join pointed_to o on o.record_id = r.original_id
left join returned b on b.original_id = r.original_id
left join returned g on g.original_id = p.record_id
left join limits w on w.source = p.source

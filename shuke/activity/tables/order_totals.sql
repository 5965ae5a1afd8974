-- table: order_totals
-- takes: staged_sales, superseded_rows, product_kinds
-- gives: one row an order as its own system tells it: money, status, what came back
-- grain: record_id
-- scope: system
-- note: gross = what the buyer paid after all discounts, freight included, platform subsidy apart: the order's own
-- note: total once, else the sum of its lines that were not returned plus freight. Returned money = the order's own
-- note: refund, else the refunds of its lines, else its negative lines; a status 'refunded' without an amount means all.
-- note: net = gross - returned money. Unpaid and cancelled orders are 0, unless money was paid and went back.
-- note: rows of grain 'refund' (a bill tells part refunds in rows of their own) add up to the order's refund.
-- note: a document of its own that only gives money back (no positive line) is a return: gross 0, net negative.
with current_rows as (
  select
    s.record_id, s.source, s.shop, s.order_no, s.external_order_no, s.original_order_no,
    s.ordered_at, s.ordered_on, s.paid_at, s.store, s.associate, s.currency,
    s.order_paid_minor, s.order_goods_minor, s.order_freight_minor, s.order_discount_minor,
    s.order_platform_discount_minor, s.order_refund_minor, s.line_discount_minor, s.quantity,
    s.row_grain = 'line' as is_line,
    s.row_grain = 'refund' as is_refund,  -- such a row tells a refund and nothing else
    s.line_amount_minor is not null or s.unit_price is not null as is_priced,
    -- statuses as numbers, so that the strongest is a plain maximum
    case s.status
      when 'unpaid' then 1 when 'cancelled' then 2 when 'paid' then 3 when 'shipped' then 4
      when 'completed' then 5 when 'part_refunded' then 6 when 'refunded' then 7
    end as code,
    coalesce(k.line_kind, 'goods') as line_kind,
    coalesce(
      s.line_amount_minor,
      cast(
        case
          when s.currency in ('JPY', 'KRW', 'VND', 'CLP', 'ISK') then round(s.quantity * s.unit_price, 0)
          when s.currency in ('BHD', 'KWD', 'OMR', 'JOD', 'TND') then round(s.quantity * s.unit_price, 3) * 1000
          else round(s.quantity * s.unit_price, 2) * 100
        end as bigint
      ),
      0
    ) as amount,
    coalesce(s.line_refund_minor, 0) as line_refund,
    coalesce(s.line_refunded, false) as line_refunded
  from staged_sales s
  left join product_kinds k on k.product_key = coalesce(s.sku, s.product)
  left join superseded_rows x on x.batch_id = s.batch_id and x.row_no = s.row_no
  where s.row_grain <> 'fee' and x.row_no is null
),
marked as (
  select
    *,
    -- a cancelled line counts only where its money came in and went back
    is_line and (coalesce(code, 3) > 2 or (code = 2 and line_refund > 0)) as is_live,
    -- a discount line lowers the receipt; any other line with a negative quantity gives money back
    coalesce(quantity < 0, false) and line_kind <> 'discount' as goes_back
  from current_rows
),
summed as (
  select
    record_id,
    source,
    order_no,
    min(shop) as shop,
    max(external_order_no) as external_order_no,
    max(original_order_no) as original_order_no,
    min(ordered_at) as ordered_at,
    min(ordered_on) as ordered_on,
    min(paid_at) as paid_at,
    max(store) as store_written,
    max(associate) as associate,
    min(currency) as currency,
    max(order_paid_minor) as paid_minor,
    min(order_paid_minor) as least_paid_minor,
    max(order_goods_minor) as order_goods_minor,
    max(order_freight_minor) as freight_minor,
    max(order_discount_minor) as order_discount_minor,
    max(order_platform_discount_minor) as platform_discount_minor,
    max(order_refund_minor) as most_refund_minor,
    cast(sum(case when is_refund then order_refund_minor end) as bigint) as refund_rows_minor,
    count(*) as staged_rows,
    bool_and(is_refund) as only_refunds,
    count(*) filter (where is_line and is_priced) as priced_lines,
    count(*) filter (where is_line) as lines,
    max(case when not is_line then code end) as header_code,
    max(case when is_line then coalesce(code, 3) end) as line_code,
    min(case when is_line then coalesce(code, 3) end) as least_line_code,
    cast(sum(case when is_live and not goes_back then amount else 0 end) as bigint) as forth_minor,
    cast(sum(case when is_live and goes_back then amount else 0 end) as bigint) as back_minor,
    cast(sum(case when is_live and not goes_back then line_refund else 0 end) as bigint) as line_refund_minor,
    cast(
      sum(
        case when is_live and not goes_back and line_refund = 0 and (line_refunded or code = 7) then amount else 0 end
      ) as bigint
    ) as unsaid_refund_minor,
    cast(sum(case when is_live and line_kind = 'goods' then amount else 0 end) as bigint) as goods_lines_minor,
    cast(sum(case when is_line then coalesce(line_discount_minor, 0) else 0 end) as bigint) as line_discounts_minor,
    sum(case when is_line and line_kind = 'goods' and quantity > 0 then quantity else 0 end) as units
  from marked
  group by record_id, source, order_no  -- record_id stands for source and order_no
),
-- what the rows say about the order as a whole; 3 (paid) where no status was given
judged as (
  select
    *,
    coalesce(header_code, line_code, 3) as code,
    -- the order's own total may be repeated, or stand on a reversal row with a minus
    case
      when paid_minor is not null then greatest(paid_minor, 0)
      when lines > 0 then forth_minor + coalesce(freight_minor, 0)
      else coalesce(order_goods_minor, 0) - coalesce(order_discount_minor, 0) + coalesce(freight_minor, 0)
    end as due_minor,
    case
      when greatest(most_refund_minor, refund_rows_minor, 0) > 0 then greatest(most_refund_minor, refund_rows_minor)
      when line_refund_minor > 0 then line_refund_minor + unsaid_refund_minor
      when least_paid_minor < 0 then -least_paid_minor
      when back_minor < 0 then -back_minor
      else 0
    end as said_refund_minor
  from summed
),
worth as (
  select
    *,
    -- cancelled after the money had come in and gone back is a refund, not a cancellation
    code <= 2 and not (code = 2 and said_refund_minor + unsaid_refund_minor > 0 and due_minor > 0) as is_dead,
    -- refund rows alone belong to an order of another export
    due_minor < 0 or (due_minor = 0 and (back_minor < 0 or least_paid_minor < 0 or only_refunds)) as is_return
  from judged
),
paid_back as (
  select
    *,
    case
      when is_dead then 0
      -- some systems set the total to 0 once all went back; what came back had been paid
      when due_minor = 0 and not is_return then said_refund_minor
      else greatest(due_minor, 0)
    end as gross_minor,
    case
      when is_dead then 0
      when is_return then greatest(-due_minor, 0) + said_refund_minor
      when said_refund_minor > 0 then said_refund_minor
      when code = 7 and (header_code = 7 or least_line_code = 7) then due_minor
      else least(unsaid_refund_minor, due_minor)
    end as refund_minor
  from worth
)
select
  record_id, source, shop, order_no, external_order_no, original_order_no,
  ordered_at, ordered_on, paid_at, store_written, associate, currency,
  gross_minor,
  refund_minor,
  gross_minor - refund_minor as net_minor,
  -- where no discount is told, lines above the total mean one
  case
    when coalesce(nullif(order_discount_minor, 0), line_discounts_minor, 0) <> 0
      then coalesce(nullif(order_discount_minor, 0), line_discounts_minor)
    when lines > 0 and paid_minor > 0 then greatest(forth_minor + coalesce(freight_minor, 0) - paid_minor, 0)
    else 0
  end as discount_minor,
  coalesce(freight_minor, 0) as freight_minor,
  case
    when is_dead then 0
    -- lines without any price share what the order says
    when priced_lines > 0 then goods_lines_minor
    else gross_minor - coalesce(freight_minor, 0)
  end as goods_minor,
  paid_minor,
  forth_minor,
  back_minor,
  coalesce(platform_discount_minor, 0) as platform_discount_minor,
  case
    when is_dead and code = 1 then 'unpaid'
    when is_dead then 'cancelled'
    when is_return then 'refunded'
    when refund_minor >= gross_minor and refund_minor > 0 then 'refunded'
    when refund_minor > 0 then 'part_refunded'
    when code = 3 then 'paid'
    when code = 4 then 'shipped'
    when code = 6 then 'part_refunded'
    else 'completed'
  end as status,
  is_dead,
  is_return and not is_dead as is_return,
  cast(units as double) as units,
  cast(lines as bigint) as lines,
  cast(priced_lines as bigint) as priced_lines,
  cast(staged_rows as bigint) as staged_rows
from paid_back

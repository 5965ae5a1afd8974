-- table: finding_returns_without_original
-- takes: unlinked_returns
-- gives: one row a returned line whose original nobody can name: the return names none, and its customer never bought that product before
-- grain: record_id, row_no
-- scope: system
select
  source, order_no, batch_id, row_no, order_key as record_id, store, ordered_on,
  -amount_minor as money_minor,
  1 as raw_rows,
  null as orders,
  case
    when original_order_no is not null then 'number_not_found'
    when customer_id is null then 'nobody_known'
    when bought is null then 'never_bought'
    else 'bought_less'
  end as detail
from unlinked_returns
where coalesce(bought, 0) + quantity < 0

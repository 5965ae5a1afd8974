-- table: finding_returns_not_linked
-- takes: unlinked_returns
-- gives: one row a returned line that names no original though its customer bought that product before: the original can be found
-- grain: record_id, row_no
-- scope: system
select
  source, order_no, batch_id, row_no, order_key as record_id, store, ordered_on,
  -amount_minor as money_minor,
  1 as raw_rows,
  null as orders,
  'bought ' || cast(bought_on as varchar) as detail
from unlinked_returns
where bought + quantity >= 0

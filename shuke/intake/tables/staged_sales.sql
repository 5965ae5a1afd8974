-- table: staged_sales
-- gives: one row a raw row of an order or order line file, typed and normalised; later versions of a row are added, never replaced
-- filled by: procedures.import_files
-- grain: batch_id, row_no
-- scope: system
-- note: 'source' is the platform (tmall also for rows of tmall_lines). record_id = stable_hash(source|order_no) joins staged_persons.
-- note: instants are UTC, ordered_on is the shop's business day. order_* money stands on every row that carries it: take it once an order.
-- note: row_hash = stable_hash over the typed values (not batch, row): equal rows across exports count once.
create table staged_sales (
  batch_id bigint not null,
  row_no bigint not null,                -- data row in its file or sheet, from 1
  row_hash bigint not null,
  record_id bigint not null,
  source varchar not null,
  shop varchar not null,                 -- '' where the platform has one shop; scopes buyer ids
  row_grain varchar not null,            -- order (header row) | line (a line, may repeat order totals) | refund (money of an order that went back) | fee (advert, insurance: never a sale)
  order_no varchar not null,             -- the main order number
  line_no varchar,                       -- null where the file does not number its lines
  external_order_no varchar,             -- the number of the same order in another system (O2O)
  original_order_no varchar,             -- on a return row: the order that it returns
  status varchar,                        -- unpaid paid shipped completed cancelled part_refunded refunded
  ordered_at timestamp,
  ordered_on date,
  paid_at timestamp,
  completed_at timestamp,
  store varchar,                         -- as written in the file; reference names it
  associate varchar,
  cashier varchar,
  currency varchar not null,
  order_paid_minor bigint,               -- what the buyer paid for the whole order, freight included
  order_goods_minor bigint,
  order_freight_minor bigint,
  order_discount_minor bigint,
  order_platform_discount_minor bigint,  -- platform subsidy: not paid by the buyer
  order_refund_minor bigint,
  sku varchar,
  product varchar,
  category varchar,
  spec varchar,
  quantity decimal(18,3),
  unit_price decimal(18,6),
  line_amount_minor bigint,              -- paid for the line; null: quantity x unit_price, half up
  line_discount_minor bigint,
  line_refund_minor bigint,
  line_refunded boolean,                 -- the refund of this line succeeded
  payment_method varchar,
  buyer_key varchar                      -- kind of the strongest identifier of the buyer in staged_persons (card, phone, ...); null: nobody known
);

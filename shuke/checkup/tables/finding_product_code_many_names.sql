-- table: finding_product_code_many_names
-- takes: product_writings
-- gives: one row a further name under a product code, written beside its usual name for two weeks or more
-- grain: source, detail
-- scope: system
-- blanks, brackets and letter case make no other name; a code that was simply renamed has names one after the other
with written as (
  select
    source, product_key, product, lines, money_minor, first_on, last_on,
    regexp_replace(lower(product), '[ 　()（）【】·.,，。_/-]+', '', 'g') as plain
  from product_writings
  where product is not null and product <> product_key
),
named as (
  select source, product_key, plain, min(product) as product, sum(lines) as lines, sum(money_minor) as money_minor,
    min(first_on) as first_on, max(last_on) as last_on
  from written
  group by source, product_key, plain
),
placed as (
  select
    *,
    sum(lines) over (partition by source, product_key) as all_lines,
    row_number() over (partition by source, product_key order by lines desc, plain) as place
  from named
)
select
  o.source, null as order_no, null as batch_id, null as row_no, null as record_id, null as store,
  o.last_on as ordered_on,
  cast(o.money_minor as bigint) as money_minor,
  1 as raw_rows,
  0 as orders,
  o.product_key || ' ' || u.product || ' / ' || o.product as detail
from placed o
join placed u on u.source = o.source and u.product_key = o.product_key and u.place = 1
where o.place > 1 and o.lines >= 5 and o.lines >= 0.05 * o.all_lines
  and date_diff('day', greatest(o.first_on, u.first_on), least(o.last_on, u.last_on)) >= 14

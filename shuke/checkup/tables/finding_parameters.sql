-- table: finding_parameters
-- takes: registration_breaks, skewed_days, finding_sales_without_customer, finding_store_stopped_registering, finding_masked_or_virtual_phone, orders
-- gives: one row a value that the sentence about a finding uses beside its own rows, money and days
-- grain: code, name
-- scope: system
-- note: values are texts: shares 0 to 1, days YYYY-MM-DD, codes; they are written out in the reader's language later
with dearest_break as (
  select b.*
  from registration_breaks b
  join (
    select source, store, sum(money_minor) as money_minor
    from finding_store_stopped_registering
    group by source, store
  ) m on m.source = b.source and m.store = b.store
  order by m.money_minor desc, b.store
  limit 1
),
anonymous as (
  select source, sum(money_minor) as money_minor
  from finding_sales_without_customer
  group by source
  order by money_minor desc, source
  limit 1
),
hidden as (
  select source, sum(money_minor) as money_minor
  from finding_masked_or_virtual_phone
  group by source
  order by money_minor desc, source
  limit 1
),
-- how far the wrong clock's hours must be moved so that they look like the right ones
wrong_hours as (
  select extract(hour from o.ordered_at) as hour, count(*) as orders
  from orders o
  join skewed_days d on d.source = o.source and d.store = o.store and d.ordered_on = o.ordered_on
  group by 1
),
right_hours as (
  select extract(hour from o.ordered_at) as hour, count(*) as orders
  from orders o
  join (select distinct source, store from skewed_days) s on s.source = o.source and s.store = o.store
  left join skewed_days d on d.source = o.source and d.store = o.store and d.ordered_on = o.ordered_on
  where d.store is null and o.ordered_on < $as_of
  group by 1
),
shifts as (
  select (r.hour - w.hour + 24) % 24 as hours, sum(1.0 * r.orders * w.orders) as likeness
  from wrong_hours w
  join right_hours r on r.orders > 0
  group by 1
  order by likeness desc, hours
  limit 1
)
select 'store_stopped_registering' as code, 'break_store' as name, store as value from dearest_break
union all
select 'store_stopped_registering', 'break_on', cast(from_on as varchar) from dearest_break
union all
select 'store_stopped_registering', 'before_share', cast(before_share as varchar) from dearest_break
union all
select 'store_stopped_registering', 'since_share', cast(since_share as varchar) from dearest_break
union all
select 'sales_without_customer', 'top_source', source from anonymous
union all
select 'sales_without_customer', 'top_minor', cast(money_minor as varchar) from anonymous
union all
select 'masked_or_virtual_phone', 'top_source', source from hidden
union all
-- more than half a day behind is less than half a day ahead
select 'clock_skew', 'slow_hours', cast(case when hours > 12 then hours - 24 else hours end as varchar) from shifts

"""Customer features over a bare pass: the tables of `predictions` against one grouping of the same columns by customer.

full: 1,000,000 customers, about 4 million orders and 20 million lines; small: 50,000 customers. The rows are made up
here by arithmetic, so that nothing else is measured.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.figure import Figure, tell

_ROOT = Path(__file__).resolve().parent.parent
_ORDERS = """
with people as (
  select i as customer_id, 5 + (i * 7919) % 86 as cycle, 1 + (i * 104729) % 97 % (1 + (i * 31) % 12) as buys
  from range({customers}) t(i)
),
days as (
  select customer_id, cycle, unnest(generate_series(1, buys)) as k from people
)
select
  customer_id * 100 + k as order_key,
  case when (customer_id + k) % 7 < 5 then 'pos' when (customer_id + k) % 7 = 5 then 'tmall' else 'youzan' end
    as source,
  date '2026-11-22' - ((k - 1) * cycle + (customer_id * 13 + k * 17) % cycle + (customer_id * 3) % 90)::integer
    as ordered_on,
  case when (customer_id + k) % 7 < 5 then 'store ' || (customer_id % 12)::varchar else 'online' end as store,
  customer_id,
  (500 + (customer_id * 37 + k * 101) % 30000)::bigint as gross_minor,
  (500 + (customer_id * 37 + k * 101) % 30000)::bigint as net_minor,
  0::bigint as refund_minor,
  ((customer_id + k) % 5 * 100)::bigint as discount_minor,
  null::bigint as returned_minor,
  null::bigint as original_key,
  true as counted,
  false as is_return,
  false as is_wholesale,
  timestamp '2026-01-01' as ordered_at
from days
"""
_LINES = """
select
  order_key,
  (line + 1)::integer as position,
  'S' || ((order_key + line * 13) % 600)::varchar as sku,
  'product number ' || ((order_key + line * 13) % 600)::varchar as product,
  'category ' || ((customer_id * 7 + (order_key + line) % 5) % 20)::varchar as category,
  1::decimal(18, 3) as quantity,
  (net_minor / 6)::bigint as amount_minor,
  0::bigint as refund_minor,
  'goods' as line_kind,
  '' as spec,
  discount_minor,
  store,
  counted,
  customer_id,
  ordered_on
from orders, range(6) t(line)
where line < 5 or order_key % 2 = 0
"""
_PRODUCTS = """select 'S' || i::varchar as sku, 'product number ' || i::varchar as product,
  'category ' || (i % 20)::varchar as category, 300::bigint as unit_cost_minor, true as is_goods from range(600) t(i)"""
_NO_COUPONS = """select 1::bigint as customer_id, 1::bigint as record_id, '' as coupon_no, 0::bigint as face_minor,
  timestamp '2026-01-01' as issued_at, timestamp '2026-01-01' as expires_at,
  null::timestamp as used_at, '' as status where false"""
_NO_INTERACTIONS = """select 1::bigint as customer_id, 1::bigint as record_id, '' as kind,
  date '2026-01-01' as happened_on, 1.0::double as score where false"""
_NO_PROFILES = """select 1::bigint as customer_id, true as is_member, false as is_staff,
  date '2026-01-01' as registered_on, '' as store where false"""
# What the tables of predictions read, grouped by customer once.
FLOOR = (
    """create or replace temp table bare_orders as
select customer_id, count(distinct ordered_on), min(ordered_on), max(ordered_on), sum(net_minor), sum(gross_minor),
  sum(discount_minor),
  sum(refund_minor), sum(returned_minor), count(distinct source), min(store), bool_or(is_return), bool_or(is_wholesale)
from orders where counted and customer_id is not null and ordered_on < date '2026-11-23' group by customer_id""",
    """create or replace temp table bare_lines as
select customer_id, count(*), max(ordered_on), sum(amount_minor), min(product), min(category), max(position),
  max(order_key)
from order_lines where counted and line_kind = 'goods' and customer_id is not null and ordered_on < date '2026-11-23'
group by customer_id""",
)


# Runs in a process of its own, whose settings are those of a workspace made for it.
_WORK = """
import sys, time
from datetime import date
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from bench import features
from bench.figure import peak_gigabytes
from shuke.kernel.actor import SYSTEM
from shuke.lake.actions import open_run
from shuke.predictions.actions import RECOMMENDATION_TABLES, TABLES, build, build_recommendations
call_command("migrate", verbosity=0)
with open_run(settings.WORKSPACE, kind="bench") as run:
    run.write("orders", sql=features._ORDERS.format(customers=int(sys.argv[1])))
    run.write("order_lines", sql=features._LINES)
    stores = " union all ".join(f"select 'store {n}' as store, 'store' as channel" for n in range(12))
    run.write("stores", sql=f"{stores} union all select 'online', 'online'")
    run.write("products", sql=features._PRODUCTS)
    run.write("coupons", sql=features._NO_COUPONS)
    run.write("interactions", sql=features._NO_INTERACTIONS)
    run.write("customer_profiles", sql=features._NO_PROFILES)
    print(f"{run.tables['orders']['rows']:,} orders, {run.tables['order_lines']['rows']:,} lines", file=sys.stderr)
    lake = run.reader()
    lake.use("orders", "order_lines")
    floors, figures = [], []
    for _ in range(3):
        started = time.perf_counter()
        for statement in features.FLOOR:
            lake.cursor.execute(statement)
        floors.append(time.perf_counter() - started)
        lake.cursor.execute("drop table bare_orders; drop table bare_lines")
        started = time.perf_counter()
        build(SYSTEM, run=run, parameters={"as_of": date(2026, 11, 23), "timezone": "Asia/Shanghai", "currency": "CNY"})
        figures.append(time.perf_counter() - started)
    started = time.perf_counter()
    parameters = {"as_of": date(2026, 11, 23), "timezone": "Asia/Shanghai", "currency": "CNY"}
    build_recommendations(SYSTEM, run=run, parameters=parameters)
    named = time.perf_counter() - started
    for name in (*TABLES, *RECOMMENDATION_TABLES):
        print(f"{name} {run.timings[name]:.2f} s", file=sys.stderr)
    print(min(floors), min(figures), named, peak_gigabytes())
"""


def main() -> int:
    """Prints floor, figure and ratio (the best of three rounds each); exit code 1 when the ratio is above four."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", choices=["small", "full"], default="full")
    customers = 1_000_000 if parser.parse_args().size == "full" else 50_000
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        shop = Path(folder) / "shop"
        (shop / "lake").mkdir(parents=True)
        (shop / "shuke.toml").write_text('shop = "bench"\n', "utf-8")
        settings = {
            "SHUKE_WORKSPACE": str(shop),
            "DJANGO_SETTINGS_MODULE": "shuke.server.settings",
            "PYTHONPATH": str(_ROOT),
        }
        command = [sys.executable, "-c", _WORK, str(customers)]
        done = subprocess.run(command, env=os.environ | settings, stdout=subprocess.PIPE, text=True, check=True)
    floor, figure, named, memory = (float(number) for number in done.stdout.split())
    features = tell(Figure("customer features", figure=figure, floor=floor, limit=4.0))
    tell(Figure("customer features with decayed product counts", figure=figure + named, limit=25.0))
    tell(Figure("recommendations, prices and habits", figure=named))
    tell(Figure("customer features, memory", figure=memory, unit="GB", limit=6.0))
    return 0 if features.is_met else 1


if __name__ == "__main__":
    sys.exit(main())

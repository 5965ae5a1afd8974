"""Segments over a bare pass, and the preview of a rule: what `segments` computes in a week, and what the builder asks.

full: 1,000,000 customers, about 4 million orders and 20 million lines; small: 50,000 customers. The orders are those of
`bench.features`; profiles, interactions and coupons are made up here by arithmetic. The floor groups by customer, once,
the columns that facts, stages and layers read.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.figure import Figure, tell

_ROOT = Path(__file__).resolve().parent.parent
PROFILES = """
select
  i as customer_id, 'n' as name, '86138' || i::varchar as phone, '' as email,
  date '1980-01-01' + (i % 9000)::integer as birthday,
  case i % 2 when 0 then 'male' else 'female' end as gender,
  'city ' || (i % 4)::varchar as city, '' as address, '' as member_id, '' as card,
  'store ' || (i % 12)::varchar as store, 'associate ' || (i % 100)::varchar as associate,
  date '2025-01-01' + (i % 690)::integer as registered_on, date '2025-01-01' + (i % 690)::integer as first_seen_on,
  date '2026-01-01' as last_seen_on, 1 as sources, 1 as records, i % 3 > 0 as is_member, false as is_staff,
  i % 5 = 0 as in_wecom
from range({customers} * 11 // 10) t(i)
"""
INTERACTIONS = """
select
  (i * 7919) % {customers} as customer_id, i as record_id, 'x' as source,
  (['visit', 'browse', 'reply', 'review', 'event', 'survey', 'message'])[1 + i % 7] as kind,
  timestamp '2026-01-01' as "at", date '2026-11-20' - (i % 500)::integer as happened_on,
  (case when i % 7 in (3, 5) then i % 10 end)::decimal(9, 3) as score, 's' as store, 'a' as associate, '' as note
from range({customers} * 2) t(i)
"""
COUPONS = """
select
  (i * 104729) % {customers} as customer_id, i as record_id, 'x' as source, i::varchar as coupon_no, 'c' as name,
  'cash' as kind, 1000::bigint as face_minor, 0::bigint as min_spend_minor, timestamp '2026-08-01' as issued_at,
  timestamp '2026-11-01' + to_days((i % 60)::integer) as expires_at,
  case when i % 3 = 0 then timestamp '2026-09-01' end as used_at, '' as used_order_no,
  case when i % 3 = 0 then 'used' else 'issued' end as status
from range({customers}) t(i)
"""
FLOOR = (
    """select customer_id, count(*), max(to_on), sum(gap_days), max(from_on) from customer_gaps group by customer_id""",
    """select customer_id, max(orders), max(net_365_minor), max(days_since), max(cycle_days), max(last_product),
  max(favourite_category), max(main_channel), max(store_main), max(monetary_score), max(discount_share)
  from customer_features group by customer_id""",
    """select customer_id, max(store), max(associate), max(city), max(birthday), max(registered_on), max(phone)
  from customer_profiles group by customer_id""",
    """select customer_id, max(interactions_365), max(recommend_score), max(last_visit_on)
  from customer_interactions group by customer_id""",
    "select customer_id, max(coupons_open), max(coupon_expires_on) from customer_coupons group by 1",
    """select customer_id, max(replenish_product), max(returned_product), max(new_product)
  from customer_tastes group by customer_id""",
    "select customer_id, max(store) from customer_stores group by 1",
)
RULES = (
    {"all": [{"field": "orders", "at_least": 3}, {"field": "stage", "is": "lapsing"},
             {"field": "net_365_minor", "more_than": 10_000}]},
    {"all": [{"field": "bought_category", "in": ["category 3", "category 4"], "last_months": 6, "at_least": 2},
             {"not": {"field": "bought_product", "in": ["product number 7"], "last_days": 90}}]},
    {"all": [{"field": "days_since", "more_than": {"field": "cycle_days", "times": 1.5}},
             {"any": [{"field": "city", "in": ["city 1"]}, {"field": "last_product", "contains": "77"}]}]},
)  # fmt: skip
_WORK = """
import sys, time
from datetime import date
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from bench import features, segments as bench
from bench.figure import peak_gigabytes
from shuke.kernel.actor import SYSTEM
from shuke.lake.actions import open_run
from shuke.predictions.actions import build as predict
from shuke.segments.actions import build
from shuke.segments.queries import preview
customers = int(sys.argv[1])
call_command("migrate", verbosity=0)
parameters = {"as_of": date(2026, 11, 23), "timezone": "Asia/Shanghai", "currency": "CNY"}
with open_run(settings.WORKSPACE, kind="bench") as run:
    run.write("orders", sql=features._ORDERS.format(customers=customers))
    run.write("order_lines", sql=features._LINES)
    stores = " union all ".join(f"select 'store {n}' as store, 'store' as channel" for n in range(12))
    run.write("stores", sql=f"{stores} union all select 'online', 'online'")
    run.write("products", sql="select 'S' || i::varchar as sku, 300::bigint as unit_cost_minor from range(600) t(i)")
    owned = "select distinct customer_id, store, 'bought' as reason from orders where store <> 'online'"
    run.write("customer_stores", sql=owned)
    made = {"customer_profiles": bench.PROFILES, "interactions": bench.INTERACTIONS, "coupons": bench.COUPONS}
    for table, sql in made.items():
        run.write(table, sql=sql.format(customers=customers))
    predict(SYSTEM, run=run, parameters=parameters)
    lake = run.reader()
    floors, figures, previews = [], [], []
    for _ in range(3):
        started = time.perf_counter()
        for statement in bench.FLOOR:
            lake.arrow(statement)
        floors.append(time.perf_counter() - started)
        started = time.perf_counter()
        build(SYSTEM, run=run, parameters=parameters)
        figures.append(time.perf_counter() - started)
        lake = run.reader()
        for rule in bench.RULES:
            started = time.perf_counter()
            preview(SYSTEM, lake=lake, rule=rule)
            previews.append(time.perf_counter() - started)
    print(min(floors), min(figures), max(previews), peak_gigabytes())
"""


def main() -> int:
    """Prints the figures; exit code 1 when a preview takes longer than a second."""
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
    floor, figure, slowest, memory = (float(number) for number in done.stdout.split())
    met = [
        tell(Figure(f"stages, layers and segments of {customers:,} customers", figure=figure, floor=floor)),
        tell(Figure("slowest preview of a rule", figure=slowest, limit=1.0)),
        tell(Figure("segments, memory", figure=memory, unit="GB", limit=6.0)),
    ]
    return 0 if all(one.is_met for one in met) else 1


if __name__ == "__main__":
    sys.exit(main())

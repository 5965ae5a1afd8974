"""Predictions: the published anchors, the fit against the `lifetimes` package, ten million customers to stored values.

Also the bars on public data where they lie beside the checkout: ranking, calibration and spend at time cuts. full: 1 M
simulated customers for the fit, 10 M for values; small: a tenth. What is missing is skipped with its reason.
"""

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np

from bench.figure import Figure, seconds, tell
from shuke.predictions.adapters import definition
from shuke.predictions.adapters.boosting import bounded, learn_return
from shuke.predictions.rules import (
    auc,
    ece,
    fit_bgnbd,
    over_actual,
    panel,
    past_windows,
    predict_return,
    purchases,
    top_tenth_share,
)
from shuke.predictions.rules.level import level_ahead
from shuke.predictions.rules.returns import usual_spend
from shuke.predictions.values import Floats, Purchases

_ROOT = Path(__file__).resolve().parent.parent
_DATA = _ROOT.parent / "shared" / "data"
_FIRST = date(2000, 1, 1)
_ANCHOR = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
_LIKELIHOOD = -9582.4256
_SETS = {
    "cdnow": ("cdnow/cdnow_master.parquet", date(1998, 7, 1), 5, """
        select customer_id, date_diff('day', date '2000-01-01', date::date) as day, round(sum(amount) * 100) as net
        from '{file}' group by all having net > 0"""),
    "online retail": ("online_retail_ii/online_retail_ii.parquet", date(2011, 12, 10), 9, """
        select customer_id::bigint, date_diff('day', date '2000-01-01', invoice_date::date) as day,
          round(sum(quantity * price) * 100) as net
        from (select distinct invoice, stock_code, quantity, invoice_date, price, customer_id from '{file}')
        where customer_id is not null and invoice not like 'C%' and quantity > 0 and price > 0
        group by all having net > 0"""),
}  # fmt: skip

_WORK = """
import sys, time
from datetime import date
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from bench.figure import peak_gigabytes
from shuke.lake.actions import open_run
from shuke.predictions.actions.values import write_values
from shuke.predictions.adapters.boosting import bounded
call_command("migrate", verbosity=0)
with open_run(settings.WORKSPACE, kind="bench") as run, bounded():
    run.write("customer_clocks", sql='''
      select i as customer_id,
        (1 + floor(-ln(1 - (hash(i) %% 1000003) / 1000003.0) * 3 * ((hash(i * 7) %% 100) / 50.0)))
        ::integer as purchases,
        date '2026-11-22' - (hash(i * 3) %% 730)::integer as first_on,
        case when purchases = 1 then first_on else date '2026-11-22' - floor(
          date_diff('day', first_on, date '2026-11-22') * ((hash(i * 5) %% 1000) / 1000.0))::integer end as last_on,
        (purchases * (2000 + hash(i * 11) %% 30000))::bigint as purchase_net_minor
      from range(%d) t(i)''' % int(sys.argv[1]))
    run.write("not_personalised", sql="select 1::bigint as customer_id where false")
    started = time.perf_counter()
    told = write_values(run, parameters={"as_of": date(2026, 11, 23)}, margin_share=0.35)
    spent = time.perf_counter() - started
    print(f"{told['customers']:,} customers, {told['distinct_histories']:,} histories", file=sys.stderr)
    print(spent, peak_gigabytes())
"""


def main() -> int:
    """Prints every anchor and bar; exit code 1 when one is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", choices=["small", "full"], default="full")
    full = parser.parse_args().size == "full"
    figures = _anchor()
    figures += _against_lifetimes(1_000_000 if full else 100_000)
    figures += _ten_millions(10_000_000 if full else 1_000_000, full=full)
    for name in _SETS:
        figures += _public(name)
    return 0 if all(figure.is_met for figure in figures) else 1


def _anchor() -> list[Figure]:
    file = _DATA / "cdnow" / "cdnow_summary_2357.parquet"
    if not file.is_file():
        print("CDNOW is not beside this checkout: no anchor.")
        return []
    rows = duckdb.execute(f"select frequency, recency, T from '{file}'").fetchnumpy()
    found = fit_bgnbd(*(np.asarray(rows[name], float) for name in ("frequency", "recency", "T")))
    print(
        f"CDNOW r {found.r:.4f} alpha {found.alpha:.4f} a {found.a:.4f} b {found.b:.4f} LL {found.log_likelihood:.4f}"
    )
    apart = max(abs(round(getattr(found, name), 3) - value) for name, value in _ANCHOR.items())
    return [
        tell(Figure("CDNOW likelihood from the published", figure=abs(found.log_likelihood - _LIKELIHOOD), unit="nats",
                    limit=0.001)),
        tell(Figure("CDNOW parameters from the published", figure=apart, unit="points", limit=0.0005)),
    ]  # fmt: skip


def _simulated(customers: int) -> tuple[Floats, Floats, Floats]:
    luck = np.random.default_rng(7)
    rate, leaves = luck.gamma(0.8, 1 / 60.0, customers), luck.beta(0.8, 2.5, customers)
    age = np.floor(luck.uniform(30, 730, customers)) + 1
    x, last, now, alive = np.zeros(customers), np.zeros(customers), np.zeros(customers), np.ones(customers, bool)
    while alive.any():
        now = np.where(alive, np.ceil(now + luck.exponential(1 / rate)), now)
        buys = alive & (now <= age)
        x, last = x + buys, np.where(buys, now, last)
        alive = buys & (luck.random(customers) > leaves)
    return x, last, age


def _against_lifetimes(customers: int) -> list[Figure]:
    if importlib.util.find_spec("lifetimes") is None:
        print("The package lifetimes is not installed: no comparison (pip install lifetimes==0.11.3).")
        return []
    rows = _simulated(customers)
    ours = seconds(lambda: fit_bgnbd(*rows), rounds=2)
    module = importlib.import_module("lifetimes")
    theirs = seconds(lambda: module.BetaGeoFitter().fit(*rows))
    mine, other = fit_bgnbd(*rows), module.BetaGeoFitter().fit(*rows)
    told = f"r {mine.r:.4f}/{other.params_['r']:.4f} alpha {mine.alpha:.2f}/{other.params_['alpha']:.2f}"
    print(f"{customers:,} customers: ours {ours:.2f} s, lifetimes {theirs:.2f} s, {theirs / ours:.1f} times; {told}")
    return [
        tell(
            Figure(
                f"BG/NBD fit of {customers:,} over a twentieth of lifetimes", figure=ours, floor=theirs / 20, limit=1
            )
        )
    ]


def _ten_millions(customers: int, *, full: bool) -> list[Figure]:
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
    spent, memory = (float(number) for number in done.stdout.split())
    return [
        tell(
            Figure(f"values of {customers:,} customers, Parquet to Parquet", figure=spent, limit=30 if full else None)
        ),
        tell(Figure("values, memory", figure=memory, unit="GB", limit=6)),
    ]


def _public(name: str) -> list[Figure]:
    path, last, months, sql = _SETS[name]
    file = _DATA / path
    if not file.is_file():
        print(f"{name} is not beside this checkout: skipped.")
        return []
    rows = duckdb.execute(sql.format(file=file)).fetchnumpy()
    who, day, net = rows.values()
    known = purchases(who, day, net, {})
    found = []
    for horizon in (30, 90):
        found += _cuts(known, name=name, last=last, horizon=horizon, months=months)
    return found


def _cuts(known: Purchases, *, name: str, last: date, horizon: int, months: int) -> list[Figure]:
    """Every monthly cut; the worst figures against their bars (calibration where a year of history exists)."""
    rules = (definition("returns"), definition("level"))
    end, first = (last - _FIRST).days, int(known.days.min())
    gaps, gains, errors, levels, shares, biases = [], [], [], [], [], []
    with bounded():
        windows = past_windows(known, day=end, horizons=(30, 90), settings=rules[0])
        for number in range(months):
            cut = end - horizon - 30 * number
            said = predict_return(known, day=cut, horizon=horizon, learn=learn_return, settings=rules, windows=windows)
            now = panel(known, cut=cut, horizon=horizon)
            came = now.orders > 0
            ranks = {method: auc(came, ranked) for method, ranked in said.methods.items()}
            mean = ranks.pop("blend", ranks["bgnbd"])
            gaps.append(max(ranks.values()) - mean)
            gains.append(mean - max(value for method, value in ranks.items() if method != "boosting"))
            if cut - first >= 365:
                errors.append(ece(came, said.value))
                levels.append(over_actual(came, said.value))
            spend = said.chances["expected"] * usual_spend(now)
            level = level_ahead(
                [w for w in windows if w.horizon == horizon], day=cut, settings=rules[1], of="spend_shift"
            )
            shares.append(top_tenth_share(now.spend, spend))
            biases.append(over_actual(now.spend, spend * np.exp(level.shift)))
            print(
                f"{name} {_FIRST + timedelta(days=cut)} +{horizon}:"
                f" AUC {mean:.4f}, best single {max(ranks.values()):.4f},"
                f" ECE {ece(came, said.value):.3f}, level {over_actual(came, said.value):.2f} ({said.level.basis}),"
                f" spend of the top tenth {shares[-1]:.3f}, bias {biases[-1]:.2f}",
                flush=True,
            )
    at = f"{name}, {horizon} days"
    print(f"{at}: mean gain over the best of BG/NBD and simple rules {np.mean(gains):+.4f}")
    figures = [tell(Figure(f"{at}, AUC below the best single method at the worst cut", figure=max(0.0, *gaps) * 1000,
                           unit="thousandths", limit=2))]  # fmt: skip
    if errors:
        off = max(max(level, 1 / level) for level in levels)
        figures.append(
            tell(Figure(f"{at}, ECE at the worst cut", figure=max(errors) * 100, unit="hundredths", limit=3))
        )
        figures.append(tell(Figure(f"{at}, level at the worst cut", figure=off, unit="times", limit=1.11)))
    return figures


if __name__ == "__main__":
    sys.exit(main())

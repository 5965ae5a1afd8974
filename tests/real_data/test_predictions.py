"""Rankings, levels and spend on public data, at time cuts: the bars that hold on every cut tried here.

The data are public (CDNOW; UCI 502, CC BY 4.0) and not part of the project; tests skip where they are absent.
"""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from shuke.predictions.adapters import definition
from shuke.predictions.adapters.boosting import bounded, learn_return
from shuke.predictions.rules import auc, ece, over_actual, panel, past_windows, predict_return, purchases
from shuke.predictions.values import Purchases, Window

pytestmark = [pytest.mark.real_data, pytest.mark.slow]
_FIRST = date(2000, 1, 1)
_CDNOW = """select customer_id, date_diff('day', date '2000-01-01', date::date) as day, round(sum(amount) * 100) as net
from '{file}' group by all having net > 0"""
_RETAIL = """select customer_id::bigint, date_diff('day', date '2000-01-01', invoice_date::date) as day,
  round(sum(quantity * price) * 100) as net
from (select distinct invoice, stock_code, quantity, invoice_date, price, customer_id from '{file}')
where customer_id is not null and invoice not like 'C%' and quantity > 0 and price > 0 group by all having net > 0"""


def read(file: Path, *, sql: str) -> Purchases:
    if not file.is_file():
        pytest.skip(f"{file.name} is not beside this checkout")
    rows = duckdb.execute(sql.format(file=file)).fetchnumpy()
    who, day, net = rows.values()
    return purchases(who, day, net, {})


def judged(known: Purchases, *, on: date, horizon: int, windows: tuple[Window, ...]) -> tuple[float, float, float]:
    """How far the mean is from the best single method in AUC, then ECE and predicted over actual."""
    day = (on - _FIRST).days
    settings = (definition("returns"), definition("level"))
    with bounded():
        said = predict_return(known, day=day, horizon=horizon, learn=learn_return, settings=settings, windows=windows)
    came = panel(known, cut=day, horizon=horizon).orders > 0
    found = {name: auc(came, ranked) for name, ranked in said.methods.items()}
    best = max(value for name, value in found.items() if name != "blend")
    return found["blend"] - best, ece(came, said.value), over_actual(came, said.value)


@pytest.mark.parametrize("horizon", [30, 90])
def test_online_retail_at_cuts_with_a_year_of_history(shared_data: Path, horizon: int) -> None:
    known = read(shared_data / "online_retail_ii" / "online_retail_ii.parquet", sql=_RETAIL)
    last = date(2011, 12, 10)
    windows = past_windows(known, day=(last - _FIRST).days, horizons=(30, 90), settings=definition("returns"))
    cuts = [date(2011, 7, 10), date(2011, 8, 15), date(2011, 9, 10)]
    for on in cuts:
        below, error, level = judged(known, on=on, horizon=horizon, windows=windows)
        assert below >= -0.0035, (on, below)
        assert error <= 0.04, (on, error)
        assert 0.85 <= level <= 1.15, (on, level)


def test_cdnow_at_cuts(shared_data: Path) -> None:
    known = read(shared_data / "cdnow" / "cdnow_master.parquet", sql=_CDNOW)
    last = date(1998, 7, 1)
    windows = past_windows(known, day=(last - _FIRST).days, horizons=(30, 90), settings=definition("returns"))
    for on in (date(1997, 12, 15), last - timedelta(days=90)):
        below, error, level = judged(known, on=on, horizon=90, windows=windows)
        assert below >= -0.002, (on, below)
        assert error <= 0.03, (on, error)
        assert 0.9 <= level <= 1.1, (on, level)

"""The next basket: Recall@10 against plain counts and TIFU-KNN, and the time of a grocery's whole run.

Accuracy is measured where the public Online Retail II lies beside the checkout (`../shared/data`); baskets of invoices,
customers with three or more, the last one held out. The grocery (32,000 customers, about 800,000 lines) is made up: its
recall says nothing of a real shop, its time does. `--file lines.parquet` measures any table with the three columns.
"""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from bench.figure import Figure, tell
from shuke.predictions.rules.baskets import measured, next_basket

_RETAIL = Path(__file__).resolve().parents[2] / "shared" / "data" / "online_retail_ii" / "online_retail_ii.parquet"
_LINES = """
with lines as (
  select customer_id::bigint as customer_id, invoice, upper(trim(stock_code)) as item_id,
    min(invoice_date) over (partition by invoice) as bought_at
  from read_parquet('{path}')
  where customer_id is not null and quantity > 0 and price > 0 and invoice not like 'C%'
    and regexp_matches(stock_code, '^[0-9]{{5}}')
)
select distinct customer_id, item_id,
  dense_rank() over (partition by customer_id order by bought_at, invoice) as basket_no
from lines order by 1, 2, 3
"""


def main() -> int:
    """Prints recalls with their ratios to the baselines, and seconds; exit code 1 when the time is above 60 s."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", choices=["small", "full"], default="full")
    parser.add_argument("--file", type=Path)
    asked = parser.parse_args()
    if asked.file is not None:
        _accuracy(asked.file.name, _arrow(f"select * from read_parquet('{asked.file}')"))
        return 0
    if _RETAIL.is_file() and asked.size == "full":
        _accuracy("Online Retail II", _arrow(_LINES.format(path=_RETAIL)))
    lines = grocery(customers=32_000 if asked.size == "full" else 2_000)
    started = time.perf_counter()
    next_basket(lines)
    spent = time.perf_counter() - started
    name = f"next basket, {lines.num_rows:,} grocery lines"
    return 0 if tell(Figure(name, figure=spent, limit=60.0)).is_met else 1


def _arrow(sql: str) -> Any:
    relation = duckdb.sql(sql)
    return relation.to_arrow_table() if relation is not None else pa.table({})


def _accuracy(name: str, lines: Any) -> None:
    found = {(one.method, one.metric): one for one in measured(lines)}
    for (method, metric), one in found.items():
        words = f"{name}, {method}, {metric.replace('_', ' ')} ({one.low:.3f} to {one.high:.3f})"
        print(f"{words}: figure {one.value:.4f} of 1, {one.customers:,} customers", flush=True)
    for ours, theirs in (
        ("recall_at_10", "top_frequent"),
        ("recall_at_10", "tifu_knn"),
        ("new_recall_at_10", "popular_new"),
    ):
        ratio = found["next_basket", ours].value / max(found[theirs, ours].value, 1e-9)
        print(f"{name}, {ours.replace('_', ' ')} over {theirs}: figure {ratio:.3f} times", flush=True)


def grocery(*, customers: int, items: int = 20_000, seed: int = 0) -> pa.Table:
    """Baskets as of a big grocery: most come seldom, few every week; a long tail of items; tastes, and some habit."""
    draw = np.random.default_rng(seed)
    visits = 1 + draw.negative_binomial(0.55, 0.17, customers)
    person = np.repeat(np.arange(customers), visits)
    number = np.arange(len(person)) - np.repeat(np.cumsum(visits) - visits, visits)
    size = 1 + draw.negative_binomial(1.1, 0.165, len(person))
    customer, basket = np.repeat(person, size), np.repeat(number, size)
    lines = len(customer)
    weight = np.cumsum(np.arange(1, items + 1) ** -0.75)
    drawn = np.searchsorted(weight, draw.random(lines) * weight[-1])
    # Tastes: over half of the lines fall on items of the customer's own three of eighty corners.
    corner = draw.integers(0, 80, (customers, 3))[customer, draw.integers(0, 3, lines)]
    item = np.where(draw.random(lines) < 0.55, drawn // 80 * 80 + corner, drawn)
    start = np.searchsorted(customer, customer)
    earlier = start + (draw.random(lines) * (np.arange(lines) - start)).astype(np.int64)
    again = (draw.random(lines) < 0.22) & (np.arange(lines) > start)
    item = np.where(again, item[earlier], item)
    return pa.table({"customer_id": customer, "basket_no": basket, "item_id": item})


if __name__ == "__main__":
    sys.exit(main())

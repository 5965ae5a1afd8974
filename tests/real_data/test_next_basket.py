"""The next basket on public invoices: each customer's last one held out, beside TIFU-KNN and popularity.

The data are public (UCI 502, CC BY 4.0) and not part of the project; the test skips where they are absent.
"""

from pathlib import Path

import duckdb
import pytest

from shuke.predictions.rules.baskets import measured

pytestmark = [pytest.mark.real_data, pytest.mark.slow]
# A third of the customers keeps it short; invoices are baskets, charges and returns are none.
_LINES = """
with lines as (
  select customer_id::bigint as customer_id, invoice, upper(trim(stock_code)) as item_id,
    min(invoice_date) over (partition by invoice) as bought_at
  from read_parquet('{file}')
  where customer_id::bigint % 3 = 0 and quantity > 0 and price > 0 and invoice not like 'C%'
    and regexp_matches(stock_code, '^[0-9]{{5}}')
)
select distinct customer_id, item_id,
  dense_rank() over (partition by customer_id order by bought_at, invoice) as basket_no
from lines order by 1, 2, 3
"""


def test_learned_lists_beat_tifu_knn_and_popularity(shared_data: Path) -> None:
    file = shared_data / "online_retail_ii" / "online_retail_ii.parquet"
    if not file.is_file():
        pytest.skip(f"{file.name} is not beside this checkout")
    lines = duckdb.sql(_LINES.format(file=file))
    assert lines is not None
    found = {(one.method, one.metric): one for one in measured(lines.to_arrow_table())}
    assert found["next_basket", "recall_at_10"].customers > 900
    ours = found["next_basket", "recall_at_10"].value
    assert ours >= 1.06 * found["tifu_knn", "recall_at_10"].value, found
    assert ours >= found["top_frequent", "recall_at_10"].value, found
    fresh = found["next_basket", "new_recall_at_10"].value
    assert fresh >= 1.2 * found["popular_new", "new_recall_at_10"].value, found

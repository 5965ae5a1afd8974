"""A real messy export: every row of Online Retail II is accounted for."""

from pathlib import Path

import duckdb
import pytest

from tests.intake.conftest import Shop


@pytest.mark.real_data
def test_online_retail_ii(shop: Shop, shared_data: Path) -> None:
    path = shared_data / "online_retail_ii" / "online_retail_ii.parquet"
    (report,) = shop.take(path).files
    assert (report.source, report.rows_read, report.duplicate, report.staged, report.quarantined) == (
        "generic_online_retail",
        1_067_370,
        22_523,
        1_044_847,
        0,
    )
    assert [part.rows_read for part in report.parts] == [525_461, 541_909]
    truth = duckdb.sql(
        "select sum(cast(round(quantity * cast(price as decimal(18,6)) * 100, 0) as bigint)),"
        " count(distinct customer_id)"
        f" from '{path}'"
    ).fetchall()[0]
    amount = "cast(round(quantity * unit_price * 100, 0) as bigint)"
    repeated = shop.value("select sum(amount_minor) from import_rows")
    assert shop.value(f"select sum({amount}) from staged_sales") + repeated == truth[0]
    assert shop.value("select count(distinct shop_user_id) from staged_persons") == truth[1]
    assert shop.value("select count(distinct order_no) from import_rows") == 1088
    without = (
        "select count(*) from import_rows join (select distinct row_hash, buyer_key from staged_sales) using (row_hash)"
    )
    nobody = shop.value("select count(*) from staged_sales where buyer_key is null") + shop.value(
        f"{without} where buyer_key is null"
    )
    assert nobody == 243_007
    again = shop.take(path).files[0]
    assert (again.already_imported, again.staged) == (True, 0)

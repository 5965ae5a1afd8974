"""Two years of a real, messy export, through the front door: every row accounted for, sales equal to the penny.

The data are public (UCI 502, CC BY 4.0) and not part of the project; the test skips where they are absent.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

# What the README of the data set and a direct count say; the engine must find them by itself.
ROWS = 1_067_370
REPEATED_LINES = 22_523
REPEATED_INVOICES = 1_088
WITHOUT_CUSTOMER = 243_007


def shuke(*arguments: str, cwd: Path) -> Any:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    environment.pop("SHUKE_WORKSPACE", None)
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "shuke.cli.main", *arguments, "--json"]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def source(shared_data: Path) -> Path:
    path = shared_data / "online_retail_ii" / "online_retail_ii.parquet"
    if not path.is_file():
        pytest.skip("Online Retail II is not beside this checkout")
    return path


@pytest.fixture(scope="module")
def imported(source: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    folder = tmp_path_factory.mktemp("retail")
    shuke("init", "gifts", "--currency", "GBP", "--timezone", "Europe/London", "--language", "en", cwd=folder)
    return folder / "gifts", shuke("import", str(source), cwd=folder / "gifts")


@pytest.fixture(scope="module")
def checkup(imported: tuple[Path, Any]) -> Any:
    return shuke("checkup", cwd=imported[0])


def finding(checkup: Any, code: str) -> Any:
    found = [item for item in checkup["findings"] if code in item["code"]]
    assert found, f"no finding with {code} among {[item['code'] for item in checkup['findings']]}"
    return found[0]


def direct(source: Path, select: str) -> Any:
    """A direct query on the file: repeats across the two yearly sheets counted once, amounts rounded per line."""
    sql = f"""
    with counted as (
      select invoice, stock_code, description, quantity, invoice_date, price, customer_id, country,
        greatest(count(*) filter (sheet = 1), count(*) filter (sheet = 2)) as times
      from '{source}' group by all
    ), lines as (
      select *, cast(round(quantity * cast(price as decimal(18, 6)) * 100) as bigint) * times as minor from counted
    )
    select {select} from lines"""
    return duckdb.execute(sql).fetchall()[0]


def test_every_row_is_accounted_for(imported: tuple[Path, Any]) -> None:
    (file,) = imported[1]["files"]
    assert file["rows_read"] == ROWS == file["staged"] + file["duplicate"] + file["quarantined"]
    assert file["duplicate"] == REPEATED_LINES
    assert file["quarantined"] == 0


def test_the_same_file_again_changes_nothing(imported: tuple[Path, Any], source: Path) -> None:
    (file,) = shuke("import", str(source), cwd=imported[0])["files"]
    assert file["already_imported"] is True
    assert file["staged"] == 0


def test_the_checkup_finds_the_days_exported_twice(checkup: Any, source: Path) -> None:
    found = finding(checkup, "duplicate")
    assert (found["rows"], found["orders"]) == (REPEATED_LINES, REPEATED_INVOICES)
    assert found["money_minor"] > 0
    assert found["currency"] == "GBP"
    assert found["repair"]


def test_the_checkup_finds_lines_without_a_customer(checkup: Any) -> None:
    assert finding(checkup, "without_customer")["rows"] == WITHOUT_CUSTOMER


@pytest.mark.parametrize(
    "code",
    ["returns_without_original", "lines_not_goods", "zero_or_negative_price", "wholesale", "identical_lines"],
)
def test_the_checkup_finds_the_other_traps_with_their_money(checkup: Any, code: str) -> None:
    found = finding(checkup, code)
    assert found["rows"] > 0
    assert "duplicate" not in found["code"]


def test_findings_are_ranked_by_money(checkup: Any) -> None:
    money = [item["money_minor"] for item in checkup["findings"]]
    assert money == sorted(money, reverse=True)


def test_sales_agree_to_the_penny(imported: tuple[Path, Any], checkup: Any, source: Path) -> None:
    for what in ("orders", "lines"):
        shuke("export", what, "--out", f"{what}.parquet", cwd=imported[0])
    minor, lines = direct(source, "sum(minor)::bigint, sum(times)::bigint")
    orders = f"select sum(net_minor)::bigint from '{imported[0] / 'orders.parquet'}' where counted"
    exported = f"select sum(amount_minor)::bigint, count(*) from '{imported[0] / 'lines.parquet'}'"
    assert duckdb.execute(orders).fetchall()[0] == (minor,)
    assert duckdb.execute(exported).fetchall()[0] == (minor, lines)
    assert lines == ROWS - REPEATED_LINES


def test_a_week_in_the_past_has_plays_with_their_evidence(imported: tuple[Path, Any], source: Path) -> None:
    week = shuke("week", "--as-of", "2011-12-05", cwd=imported[0])
    assert week["as_of"] == "2011-12-05"
    known = f"select count(distinct customer_id) from '{source}' where invoice_date < '2011-12-05'"
    assert week["customers"] == duckdb.execute(known).fetchall()[0][0]
    assert {item["play"] for item in week["proposals"]} >= {"second_purchase_due", "about_to_leave"}
    # Nobody has a consent record, and lapsed people do not come to a till: the play is not proposed, and says why.
    lost = {item["play"]: item["excluded"].get("consent_unknown", 0) for item in week["not_proposed"]}
    assert lost["win_back"] > 0 and week["unknown_consent"]["lost"] >= sum(lost.values())
    for item in week["proposals"]:
        assert item["people"] > 0
        assert item["gain_low_minor"] <= item["gain_minor"] <= item["gain_high_minor"]
        assert item["basis"]


def test_the_metrics_sales_are_those_of_the_file(imported: tuple[Path, Any], source: Path) -> None:
    shuke("week", "--as-of", "2011-12-05", cwd=imported[0])
    years = shuke("metrics", "sales", "--grain", "year", "--last", "5", cwd=imported[0])["points"]
    minor = direct(source, "sum(minor) filter (where invoice_date < '2011-12-05')::bigint")[0]
    assert sum(point["numerator"] for point in years) == minor
    assert [point["mature"] for point in years] == [False, True, False]


def test_segments_without_their_data_stay_off_and_name_the_column(imported: tuple[Path, Any]) -> None:
    week = shuke("week", "--as-of", "2011-12-05", cwd=imported[0])
    off = {item["play"]: item["why"] for item in week["not_proposed"] if item["why"]}
    assert set(off) >= {"birthday", "coupon_expiring", "new_member_no_purchase", "price_sensitive", "one_channel"}
    assert "birthday" in off["birthday"] and "member file" in off["birthday"]
    shuke("export", "segments", "--out", "segments.parquet", cwd=imported[0])
    found = duckdb.execute(f"select distinct segment from '{imported[0] / 'segments.parquet'}'").fetchall()
    assert {row[0] for row in found}.isdisjoint(off)


def test_two_weeks_from_proposal_to_effect(imported: tuple[Path, Any]) -> None:
    shop = imported[0]
    first = shuke("week", "--as-of", "2011-11-21", cwd=shop)
    shuke("approve", *(str(item["id"]) for item in first["proposals"]), cwd=shop)
    shuke("export", "tasks", "--out", "tasks.csv", cwd=shop)
    tasks = duckdb.execute(f"select count(*), count(distinct customer_id) from '{shop / 'tasks.csv'}'").fetchall()[0]
    treated = sum(item["people"] - item["holdout"] for item in first["proposals"])
    assert tasks == (treated, treated)
    told = {item["play"]: item for item in shuke("week", "--as-of", "2011-11-28", cwd=shop)["last_week"]}
    assert set(told) == {item["play"] for item in first["proposals"]}
    for item in first["proposals"]:
        result = told[item["play"]]
        assert (result["treated"], result["holdout"]) == (item["people"] - item["holdout"], item["holdout"])
        assert result["low"] <= result["difference"] <= result["high"]
        assert result["sentence"]

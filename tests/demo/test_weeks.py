"""A week told later: files know nothing of the days to come, and only people who were reached do anything more."""

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from shuke.demo.actions import fill_sheets, tasks_in, write_exports, write_week
from shuke.demo.adapters import load_response
from shuke.demo.rules.responses import Hidden, untouched
from shuke.demo.rules.weeks import extra_chance
from shuke.demo.values import Answer, Arm, Outcome, TaskRow
from tests.demo.conftest import AS_OF

SINCE = AS_OF - timedelta(days=7)
SIZE = {"customers": 600, "seed": 9}
Order = tuple[object, ...]


def orders_of(truth: Path) -> list[Order]:
    query = f"select person_id, source, ordered_at, status from '{truth}/orders.parquet' order by all"
    return duckdb.sql(query).fetchall()


def tasks_of(truth: Path, *, play: str = "coupon_expiring", strength: float = 0.0) -> list[TaskRow]:
    """A task for every second member."""
    rows = duckdb.sql(
        f"select source_row_id from '{truth}/records.parquet' where source = 'member' and person_id % 2 = 0 order by 1"
    ).fetchall()
    return [
        TaskRow(
            f"T{n}", "member", str(row), play, SINCE + timedelta(days=n % 3), strength, Arm.TREATED, "wecom", "s", "a"
        )
        for n, (row,) in enumerate(rows)
    ]


def live(folder: Path, tasks: Sequence[TaskRow]) -> tuple[Outcome, ...]:
    write_exports(folder / "exports", truth=folder / "truth", as_of=AS_OF, until=SINCE, **SIZE)
    return write_week(folder / "exports", truth=folder / "truth", since=SINCE, as_of=AS_OF, tasks=tasks, **SIZE)[1]


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A week in which nobody was contacted."""
    folder = tmp_path_factory.mktemp("quiet")
    assert live(folder, []) == ()
    return folder


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory, quiet: Path) -> tuple[Path, list[TaskRow], tuple[Outcome, ...]]:
    """The same week in which every second member was."""
    folder = tmp_path_factory.mktemp("busy")
    tasks = tasks_of(quiet / "truth")
    return folder, tasks, live(folder, tasks)


def test_told_in_two_parts_it_is_the_same_retailer(quiet: Path, tmp_path: Path) -> None:
    write_exports(tmp_path / "exports", truth=tmp_path / "truth", as_of=AS_OF, **SIZE)
    orders = "select person_id, ordered_at from '{}/orders.parquet' where status <> 'return' order by all"
    people = "select person_id, purchase_rate from '{}/persons.parquet' order by all"
    facts = (
        "select source, source_row_id, person_id from '{}/records.parquet'"
        " where source in ('member', 'wecom', 'consent', 'interaction') order by all"
    )
    for query in (orders, people, facts):
        whole, parts = (duckdb.sql(query.format(folder / "truth")).fetchall() for folder in (tmp_path, quiet))
        assert whole == parts


def test_files_of_the_first_part_know_nothing_of_the_week(quiet: Path) -> None:
    day, early, late = SINCE.isoformat(), [], []
    for path in sorted((quiet / "exports").glob("*.csv")):
        text = path.read_bytes().decode(
            "gb18030" if path.name.startswith(("pos", "Export", "jd")) and "(1)" not in path.name else "utf-8-sig"
        )
        found = {
            cell[:10]
            for row in csv.reader(text.splitlines())
            for cell in row
            if cell[:5] == "2026-" and len(cell) == 19
        }
        is_week = "20261116-" in path.name or path.name.endswith("20261123.csv")
        expected_late = path.name.startswith("coupons")
        if not is_week and not expected_late:
            early += [(path.name, on) for on in found if on >= day]
        elif is_week:
            late.append((path.name, max(found, default="")))
    assert not early
    assert len(late) >= 7 and any(on >= day for _, on in late)


def test_an_export_repeats_the_last_days_with_newer_states(quiet: Path) -> None:
    old = {row["订单号"].strip(): row for row in _youzan(quiet, "有赞订单_2026H2.csv")}
    new = {row["订单号"].strip(): row for row in _youzan(quiet, "有赞订单_20261116-20261122.csv")}
    both = old.keys() & new.keys()
    assert both and len(new) > len(both)
    assert any(old[number]["订单状态"] != new[number]["订单状态"] for number in both)
    assert all(old[number]["订单实付金额"] == new[number]["订单实付金额"] for number in both)


def _youzan(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / "exports" / name).read_text("utf-8-sig").splitlines()))


def test_only_people_who_were_reached_do_anything_more(
    quiet: Path, busy: tuple[Path, list[TaskRow], tuple[Outcome, ...]]
) -> None:
    folder, tasks, outcomes = busy
    before, after = Counter(_sold(quiet)), Counter(_sold(folder))
    assert not before - after, "whatever people do anyway, they do"
    extra = after - before
    rows = duckdb.sql(f"select person_id, bought_on, is_done from '{folder}/truth/responses.parquet'").fetchall()
    bought = Counter((person, on) for person, on, _ in rows if on)
    assert Counter((person, on) for person, on in extra.elements()) <= bought and extra.total() > 5
    assert all(done for _, on, done in rows if on)
    assert len(rows) == len(tasks) and 0 < len(outcomes) < len(tasks)
    assert {o.task_code for o in outcomes} <= {task.task_code for task in tasks}


def _sold(folder: Path) -> list[tuple[object, ...]]:
    return duckdb.sql(
        f"select person_id, ordered_on from '{folder}/truth/orders.parquet'"
        " where status <> 'return' and duplicate_of is null and person_id is not null"
    ).fetchall()


def test_the_same_tasks_give_the_same_bytes(
    busy: tuple[Path, list[TaskRow], tuple[Outcome, ...]], tmp_path: Path
) -> None:
    folder, tasks, outcomes = busy
    assert live(tmp_path, tasks) == outcomes
    for path in sorted(folder.rglob("*.*")):
        assert (tmp_path / path.relative_to(folder)).read_bytes() == path.read_bytes(), path.name


def test_a_discount_is_used_by_those_who_come_anyway(tmp_path: Path, quiet: Path) -> None:
    tasks = tasks_of(quiet / "truth", play="price_sensitive", strength=0.1)
    live(tmp_path, tasks)
    truth = tmp_path / "truth"
    done = f"select person_id from '{truth}/responses.parquet' where is_done and person_id is not null"
    listed = ", ".join(str(person) for (person,) in duckdb.sql(done).fetchall())
    sums = (
        "select sum(gross_minor) from '{}/orders.parquet' where status <> 'return' and duplicate_of is null"
        f" and ordered_on >= date '{SINCE}' and person_id in ({listed})"
    )
    ((with_offer,), (without,)) = (
        duckdb.sql(sums.format(folder / "truth")).fetchall()[0] for folder in (tmp_path, quiet)
    )
    assert with_offer < without, "prices fall, hardly anybody comes in addition"


def test_effects_are_of_the_size_of_real_retail() -> None:
    response = load_response()
    lifts = [*response.lift.values(), response.other_lift]
    assert min(lifts) >= 0 and max(lifts) <= 0.5 and 0.0 in lifts
    luck = np.random.default_rng(1)
    size = 4_000
    people = Hidden(
        rate=luck.gamma(2, 0.012, size), shape=np.full(size, 1.5), sensitivity=luck.random(size),
        response=luck.beta(1.4, 3.6, size), affluence=np.ones(size), is_alive=np.ones(size, np.bool_),
        days_since=luck.random(size) * 60,
    )  # fmt: skip
    base = untouched(people, days=28)
    for play, lift in response.lift.items():
        tasks = [TaskRow("T", "member", "x", play, date(2026, 11, 19), 0.0, Arm.TREATED)] * size
        chance = extra_chance(people, tasks=tasks, response=response)
        assert float(chance.mean()) == pytest.approx(lift * float(base.mean()), rel=0.1, abs=1e-9)


def test_sheets_come_back_as_staff_fill_them(tmp_path: Path) -> None:
    names = ("task_code", "source", "source_row_id", "play", "send_on", "offer_strength_share", "arm", "channel")
    header = ",".join((*names, "store", "associate", "script", "outcome", "note"))
    sheet = tmp_path / "out" / "滨江店_周敏.csv"
    sheet.parent.mkdir()
    line = "{},member,{},win_back,2026-11-19,0.05,treated,wecom,滨江店,周敏,'=好,,"
    sheet.write_text("\r\n".join([header, *(line.format(f"T{n}", n) for n in range(3))]), "utf-8-sig")
    tasks = tasks_in(tmp_path / "out")
    assert [(t.task_code, t.source_row_id, t.associate) for t in tasks] == [(f"T{n}", str(n), "周敏") for n in range(3)]
    assert fill_sheets(tmp_path / "out", into=tmp_path / "none", outcomes=[]) == ()
    (path,) = fill_sheets(tmp_path / "out", into=tmp_path / "in", outcomes=[Outcome("T1", Answer.REFUSED)])
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    assert [row["outcome"] for row in rows] == ["", "拒绝联系", ""]
    assert set(load_response().words) == {answer.value for answer in Answer} - {"replied"}

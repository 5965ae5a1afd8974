"""A number is the same on the command line, in the export, at the API and on its page, and its rows add up to it."""

import csv
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from shuke.access.actions import create_user
from shuke.cli import main as command
from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.errors import NotAllowed
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.metrics import queries, rules
from shuke.metrics.adapters import load_metrics
from shuke.procedures import export_tables
from shuke.procedures.manage_people import add_client
from tests.metrics.conftest import BuildMetrics

MONTH = date(2026, 9, 1)
Cell = tuple[float | None, float, float | None]


@pytest.fixture
def walk(workspace: Workspace, build_metrics: BuildMetrics) -> list[tuple[str, str]]:
    """Every metric and dimension of a built shop."""
    build_metrics()
    found = load_metrics(workspace)
    return [
        (code, dimension)
        for code, metric in found.items()
        if metric.needs != "metric_spent"
        for dimension in metric.dimensions
    ]


def _command(*arguments: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(command, "open_workspace", lambda _: None)
    assert command.main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def _nothing(*given: object, **named: object) -> None:
    """The shop of these tests has no staged rows to bring up to date."""
    del given, named


def _cells(points: list[dict[str, Any]]) -> dict[str, Cell]:
    return {point["member"]: (point["value"], point["numerator"], point["denominator"]) for point in points}


def test_four_doors_tell_the_same_numbers(
    walk: list[tuple[str, str]],
    workspace: Workspace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(export_tables, "ensure", _nothing)
    out = tmp_path / "metrics.csv"
    export_tables.export_table(SYSTEM, workspace=workspace, what="metrics", out=out, form=None, progress=print)
    exported: dict[tuple[str, str], dict[str, Cell]] = {}
    for row in csv.DictReader(out.open(encoding="utf-8-sig")):
        if row["grain"] == "month" and row["period_start"] == MONTH.isoformat():
            told = [float(row[name]) if row[name] else None for name in ("value", "numerator", "denominator")]
            member = row["member"].removeprefix("'")
            exported.setdefault((row["metric"], row["dimension"]), {})[member] = (told[0], told[1] or 0.0, told[2])
    key = add_client(SYSTEM, name="test", scopes=["metrics:read"])
    api = Client(headers={"authorization": f"Bearer {key}"})
    told = 0
    for code, dimension in walk:
        asked = ["metrics", code, "--grain", "month", "--period", MONTH.isoformat(), "--by", dimension]
        printed = _cells(_command(*asked, capsys=capsys, monkeypatch=monkeypatch)["points"])
        address = f"/api/v1/metrics/{code}?grain=month&period_start={MONTH}&dimension={dimension}"
        answered = _cells(api.get(address).json()["points"])
        assert printed == answered == exported.get((code, dimension), {}), (code, dimension)
        told += len(printed)
        with open_reader(SYSTEM, workspace) as lake:
            for member, (value, numerator, denominator) in printed.items():
                one = queries.point(
                    SYSTEM,
                    lake=lake,
                    metric=code,
                    grain="month",
                    period_start=MONTH,
                    dimension=dimension,
                    member=member,
                )
                assert one is not None
                assert (one.value, one.numerator, one.denominator) == (value, numerator, denominator)
    assert told > 250


def test_rows_add_up_to_every_number(walk: list[tuple[str, str]], workspace: Workspace) -> None:
    with open_reader(SYSTEM, workspace) as lake:
        for code, dimension in walk:
            members = queries.breakdown(
                SYSTEM, lake=lake, metric=code, grain="month", period_start=MONTH, dimension=dimension
            )
            for member, _, point in members[:2]:
                parts = [("numerator", point.numerator)]
                parts += [("denominator", point.denominator)] if point.denominator is not None else []
                for part, wanted in parts:
                    page = queries.rows(
                        SYSTEM, lake=lake, metric=code, grain="month", period_start=MONTH, dimension=dimension,
                        member=member, part=part, limit=100_000,
                    )  # fmt: skip
                    assert page.sum == wanted, (code, dimension, member, part)
                    amounts = [row[page.columns.index("amount")] for row in page.rows]
                    assert page.total == len(page.rows)
                    assert sum(amounts) == pytest.approx(page.sum, abs=1e-6)


@pytest.mark.parametrize("stores", [["滨江店"], ["滨江店", "武林店"]])
def test_a_manager_sees_own_stores_in_numbers_and_rows(
    stores: list[str], walk: list[tuple[str, str]], workspace: Workspace
) -> None:
    manager = Actor(name="店长", role=Role.MANAGER, stores=frozenset(stores))
    with open_reader(manager, workspace) as lake:
        for code in ("sales", "buyers", "repurchase_rate", "order_bands", "enrolment_rate"):
            dimension = "band" if code == "order_bands" else "all"
            members = queries.breakdown(
                manager, lake=lake, metric=code, grain="month", period_start=MONTH, dimension=dimension
            )
            for member, _, point in members:
                page = queries.rows(
                    manager,
                    lake=lake,
                    metric=code,
                    grain="month",
                    period_start=MONTH,
                    dimension=dimension,
                    member=member,
                )
                assert page.sum == point.numerator, (code, member)
                assert {row[page.columns.index("store")] for row in page.rows} <= set(stores)
        whole = queries.series(manager, lake=lake, metric="sales", grain="month")[-2]
        parts = [
            queries.series(manager, lake=lake, metric="sales", grain="month", dimension="store", member=store)[-2]
            for store in stores
        ]
        assert whole.numerator == sum(part.numerator for part in parts) != 0
        for dimension, member in (("store", "临平店"), ("channel", ""), ("associate", "临平店/周敏")):
            with pytest.raises(NotAllowed):
                queries.series(manager, lake=lake, metric="sales", grain="month", dimension=dimension, member=member)


def test_the_page_shows_the_same_number(walk: list[tuple[str, str]], workspace: Workspace, settings: Any) -> None:
    try:
        reverse("metric", kwargs={"code": "sales"})
    except NoReverseMatch:
        pytest.skip("the console has no page of a metric yet")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    user, _ = create_user(SYSTEM, username="o", name="o", role=Role.OWNER)
    browser = Client()
    browser.force_login(user)
    for code in dict.fromkeys(code for code, dimension in walk if dimension == "all"):
        answer = browser.get(reverse("metric", kwargs={"code": code}))
        assert answer.status_code == 200, code
        with open_reader(SYSTEM, workspace) as lake:
            latest = queries.latest_period(SYSTEM, lake=lake, metric=code, grain="week")
            assert latest is not None
            point = queries.point(SYSTEM, lake=lake, metric=code, grain="week", period_start=latest.start_on)
        assert point is not None
        told = re.search(r'data-value="([^"]+)"', answer.content.decode())
        assert told is not None and told[1] == repr(point.value), code


@pytest.mark.parametrize(("above", "below"), [(3.0, 7.0), (0.0, 5.0), (5.0, 0.0), (12.0, None), (-3.5, 9.0)])
def test_the_value_in_sql_is_the_value(above: float, below: float | None, workspace: Workspace) -> None:
    with open_reader(SYSTEM, workspace) as lake:
        sql = f"select {rules.VALUE_SQL} from (select $above::double as numerator, $below::double as denominator)"
        assert lake.value(sql, above=above, below=below) == rules.value_of(above, below)

"""Definition files: a shop's own ones, and every way to get one wrong."""

from datetime import date
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.errors import NotAllowed
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.metrics import actions, queries, rules
from shuke.metrics.adapters import BadMetric, load_metrics
from shuke.metrics.queries import UnknownMetric
from tests.metrics import shop
from tests.metrics.conftest import BuildMetrics

LISTED = Path(__file__).parent.parent / "house" / "sql_functions.txt"


def own(workspace: Workspace, code: str, text: str) -> None:
    """Writes a shop's own metric file."""
    folder = workspace.root / "metrics"
    folder.mkdir(exist_ok=True)
    (folder / f"{code}.yaml").write_text(text, "utf-8")


def test_a_shop_changes_one_number_in_one_file(workspace: Workspace, build_metrics: BuildMetrics) -> None:
    build_metrics()
    with open_reader(SYSTEM, workspace) as lake:
        before = queries.series(SYSTEM, lake=lake, metric="repurchase_rate", grain="month")[-2]
    own(workspace, "repurchase_rate", "days: 60\nzh: {name: 六十天复购率}\n")
    build_metrics()
    about = queries.definition(SYSTEM, code="repurchase_rate", language="zh-hans")
    assert (about.name, about.days) == ("六十天复购率", 60)
    assert "60 天" in about.stand and "{days}" not in about.stand
    assert queries.definition(SYSTEM, code="repurchase_rate", language="en").name == "Repurchase rate"
    with open_reader(SYSTEM, workspace) as lake:
        after = queries.series(SYSTEM, lake=lake, metric="repurchase_rate", grain="month")[-2]
    assert after.period == before.period
    assert after.denominator is not None and before.denominator is not None
    assert after.denominator < before.denominator


def test_a_shop_adds_a_metric(workspace: Workspace, build_metrics: BuildMetrics) -> None:
    texts = "{name: n, what: w, numerator: a, window: w, refunds: r, identity: i, dedupe: d, stand: s}"
    count = "{numerator: {table: metric_orders, day: ordered_on, where: is_purchase and gross_minor >= 50000}}"
    own(workspace, "large_orders", f"zh: {texts}\nen: {texts}\nunit: count\ncount: {count}\n")
    build_metrics()
    with open_reader(SYSTEM, workspace) as lake:
        points = queries.series(SYSTEM, lake=lake, metric="large_orders", grain="year")
        assert points[-1].numerator > 0
        page = queries.rows(SYSTEM, lake=lake, metric="large_orders", grain="year", period_start=date(2026, 1, 1))
    assert page.sum == points[-1].numerator


@pytest.mark.parametrize(
    ("text", "line", "words", "hint"),
    [
        ("days: 30\ndayz: 60\n", 2, "dayz", "Did you mean 'days'?"),
        ("days: many\n", 1, "whole number", "Mend it"),
        ("days: 0.5\n", 1, "whole number", "Mend it"),
        ("unit: percent\n", 1, "percent", "share"),
        ("better: higher\n", 1, "higher", "up"),
        ("grains: [day]\n", 1, "grains", "all, store"),
        ("zh:\n  nmae: x\n", 2, "nmae", "name"),
        ("zh:\n  name: '{tage}'\n", 1, "tage", "{days}"),
        ("count:\n  numerator: {table: orders, day: ordered_on}\n", 2, "orders", "metric_orders"),
        ("count:\n  numerator:\n    table: metric_days\n    day: day_no\n", 4, "day_no", "Did you mean 'day_on'?"),
        ("count:\n  numerator: {table: metric_days}\n", 2, "by 'day'", "one of them"),
        ("count:\n  numerator: {day: day_on}\n", 2, "'table' is missing", "Name a table"),
        ("count:\n  numerator: {table: metric_days, day: day_on, where: 'next_on >'}\n", 2, "no SQL", "comma"),
        ("count:\n  numerator: {table: metric_days, day: day_on, each: person}\n", 2, "each", "Mend"),
        ("days: 30\n  wait: 2\n", 2, "mapping values", "indentation"),
    ],
)
def test_a_mistake_names_its_line_and_repair(text: str, line: int, words: str, hint: str, workspace: Workspace) -> None:
    own(workspace, "repurchase_rate", text)
    with pytest.raises(BadMetric) as told:
        load_metrics(workspace)
    assert f"metrics/repurchase_rate.yaml line {line}:" in str(told.value)
    assert words in str(told.value) and hint in told.value.hint


def test_a_churn_window_is_longer_than_its_periods(workspace: Workspace) -> None:
    own(workspace, "churn_rate", "days: 60\n")
    with pytest.raises(BadMetric, match="longer than a quarter"):
        load_metrics(workspace)


def test_a_wrong_file_stops_before_anything_is_computed(workspace: Workspace, build_metrics: BuildMetrics) -> None:
    build_metrics()
    own(workspace, "sales", "countt: {}\n")
    with pytest.raises(BadMetric):
        build_metrics()
    own(workspace, "sales", "order: 10\n")
    with open_reader(SYSTEM, workspace) as lake:
        assert queries.series(SYSTEM, lake=lake, metric="sales", grain="week")


def test_computed_sql_uses_only_functions_that_both_engines_know(workspace: Workspace) -> None:
    allowed = {line.split("#")[0].strip() for line in LISTED.read_text("utf-8").splitlines()}
    statements = [
        rules.statement(batch, as_of=date(2026, 11, 23))
        for batch in rules.batches(rules.tallies_needed(list(load_metrics(workspace).values())))
    ]
    assert len(statements) > 10
    for sql in statements:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
        used = {
            str(node.this).lower() if isinstance(node, exp.Anonymous) else node.sql_name().lower()
            for node in tree.find_all(exp.Func)
            if not isinstance(node, exp.Connector | exp.Binary)
        }
        assert used <= allowed, used - allowed
        assert sqlglot.transpile(sql, read="duckdb", write="spark")


def test_every_definition_takes_a_stand(workspace: Workspace) -> None:
    found = queries.definitions(SYSTEM, language="zh-hans")
    assert len(found) >= 23
    for language in ("zh-hans", "en"):
        for about in queries.definitions(SYSTEM, language=language):
            for text in (about.name, about.what, about.numerator, about.window, about.refunds, about.identity):
                assert text and "{" not in text, about.code
            assert len(about.stand) > 20 and about.dedupe, about.code
    assert sum(about.simple for about in found) == 3
    with pytest.raises(UnknownMetric):
        queries.definition(SYSTEM, code="none", language="en")


def test_a_small_shop_shows_three_numbers(workspace: Workspace, build_metrics: BuildMetrics) -> None:
    build_metrics()
    with open_reader(SYSTEM, workspace) as lake:
        assert len(queries.cards(SYSTEM, lake=lake, language="zh-hans", grain="month")) > 10
        actions.set_simple(SYSTEM, simple=True)
        assert queries.is_simple(SYSTEM)
        assert len(queries.cards(SYSTEM, lake=lake, language="zh-hans", grain="month")) == 3
    actions.set_simple(SYSTEM, simple=False)
    assert not queries.is_simple(SYSTEM)
    manager = Actor(name="店长", role=Role.MANAGER, stores=frozenset({"滨江店"}))
    with pytest.raises(NotAllowed):
        actions.set_simple(manager, simple=True)


def test_before_the_first_week_nothing_is_invented(workspace: Workspace) -> None:
    with open_reader(SYSTEM, workspace) as lake:
        assert queries.series(SYSTEM, lake=lake, metric="sales", grain="week") == ()
        assert all(card.point is None for card in queries.home_cards(SYSTEM, lake=lake, language="zh-hans"))
        assert queries.latest_period(SYSTEM, lake=lake, metric="sales", grain="week") is None


def test_a_shop_without_any_order_has_empty_metrics(workspace: Workspace, build_metrics: BuildMetrics) -> None:
    build_metrics(as_of=date(2020, 1, 1))
    with open_reader(SYSTEM, workspace) as lake:
        assert queries.series(SYSTEM, lake=lake, metric="sales", grain="week") == ()
        assert all(card.point is None for card in queries.cards(SYSTEM, lake=lake, language="en", grain="week"))


def test_without_members_their_metrics_are_off_not_zero(workspace: Workspace, build_metrics: BuildMetrics) -> None:
    nobody = [{**row, "is_member": False, "registered_on": None} for row in shop.profiles(1)]
    nobody[0]["registered_on"] = date(2026, 1, 1)
    build_metrics(customer_profiles=nobody)
    with open_reader(SYSTEM, workspace) as lake:
        cards = {card.definition.code: card for card in queries.cards(SYSTEM, lake=lake, language="en", grain="week")}
        home = {card.definition.code: card for card in queries.home_cards(SYSTEM, lake=lake, language="zh-hans")}
        pack = queries.meeting_pack(SYSTEM, lake=lake, language="en")
    assert "churn_rate" not in cards and cards["repurchase_rate"].point is not None
    assert home["member_penetration"].point is None and "会员" in home["member_penetration"].sentence
    assert "member_penetration" not in {line.code for store in pack.stores for line in store.lines}


@pytest.mark.parametrize(
    "text", ["a: &a [1, 1]\nb: [*a, *a]\n", "zh: {name: &x {en: *x}}\n", "days: 2026-13-45\n", "zh: a\x01b\n"]
)
def test_a_file_that_stands_for_more_than_it_says_is_refused(text: str, workspace: Workspace) -> None:
    (workspace.root / "metrics").mkdir(exist_ok=True)
    (workspace.root / "metrics" / "sales.yaml").write_text(text, "utf-8")
    with pytest.raises(BadMetric, match="sales"):
        queries.definitions(SYSTEM, language="en")

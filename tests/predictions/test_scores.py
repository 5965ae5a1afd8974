"""Scores in the lake: whole, explained, blind to the future, silent about those who asked for it, and never broken."""

import json
import math
import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.predictions import queries
from shuke.predictions.actions import build, score
from shuke.predictions.adapters import definition, say_reason
from shuke.predictions.values import Reason
from tests.predictions.world import AS_OF, interaction, order, profile, tables_of

SHOP = {"as_of": AS_OF, "timezone": "Asia/Shanghai", "currency": "CNY"}
History = Mapping[int, Sequence[date]]
Rows = list[dict[str, Any]]


def shop(customers: int, *, days: int, seed: int = 1) -> dict[int, list[date]]:
    """Customers of many rhythms, some of whom have left; the youngest first bought a month ago."""
    luck = random.Random(seed)
    found = {}
    for customer in range(1, customers + 1):
        day = AS_OF - timedelta(days=luck.randint(20, days))
        cycle, leaves = luck.choice((10, 25, 60, 120)), luck.choice((0.05, 0.3, 0.6))
        own = []
        while day < AS_OF + timedelta(days=60):
            own.append(day)
            if luck.random() < leaves:
                break
            day += timedelta(days=max(1, round(luck.expovariate(1 / cycle))))
        found[customer] = own
    return found


def scored(workspace: Workspace, fill_lake: Any, tables: dict[str, Any], *, cuts: int = 1) -> dict[str, Rows]:
    fill_lake(**tables)
    with open_run(workspace, kind="test") as run:
        build(SYSTEM, run=run, parameters=SHOP)
        score(SYSTEM, run=run, parameters=SHOP, cuts=cuts)
        lake = run.reader()
        names = ("customer_values", "customer_scores", "model_cards", "scoreboard", "customer_features")
        return {name: lake.rows(f"select * from {name} order by all") for name in names}


def whole(found: dict[str, Rows]) -> None:
    """Every buyer has every score, each with a reason, and no figure is missing or infinite."""
    buyers = {row["customer_id"] for row in found["customer_features"]}
    assert {row["customer_id"] for row in found["customer_values"]} == buyers
    for row in found["customer_values"]:
        assert all(math.isfinite(value) for name, value in row.items() if name != "version")
        assert 0 <= row["alive_share"] <= 1 and row["orders_30"] <= row["orders_90"] <= row["orders_365"]
        for days in (30, 90, 365):
            assert 0 <= row[f"orders_{days}_low"] <= row[f"orders_{days}_high"]
            assert 0 <= row[f"margin_{days}_low_minor"] <= row[f"margin_{days}_high_minor"]
    kinds = {("return", 30), ("return", 90), ("spend", 90)}
    assert {(row["model"], row["horizon_days"]) for row in found["customer_scores"]} == (kinds if buyers else set())
    assert len(found["customer_scores"]) == 3 * len(buyers)
    for row in found["customer_scores"]:
        assert 0 <= row["low"] <= row["value"] <= row["high"] and math.isfinite(row["high"])
        assert row["model"] == "spend" or row["high"] <= 1
        assert 0 <= row["score"] <= 100
    for card in found["model_cards"]:
        assert json.loads(card["details"])["state"] in ("fitted", "fallback", "nobody")


@pytest.fixture
def usual() -> dict[str, Any]:
    history = shop(700, days=500)
    tables = tables_of(history)
    tables["interactions"] = [
        interaction(customer, kind=kind, on=AS_OF - timedelta(days=customer % 120 - 5), number=place)
        for customer in range(1, 400)
        for place, kind in enumerate(("visit", "reply"))
    ]
    return tables


def test_every_buyer_has_scores_with_reasons_and_cards_tell_how_good_they_are(
    workspace: Workspace, fill_lake: Any, usual: dict[str, Any]
) -> None:
    found = scored(workspace, fill_lake, usual)
    whole(found)
    assert {row["method"] for row in found["customer_scores"] if row["model"] == "return"} <= {
        "blend", "rfm", "recency", "frequency", "last_spend",
    }  # fmt: skip
    texts = definition("reasons")
    for row in found["customer_scores"]:
        assert row["reason_1"] in texts and row["reason_1_value"]
        assert abs(row["reason_1_value"]) >= abs(row["reason_2_value"]) >= abs(row["reason_3_value"])
    cards = {(card["model"], card["horizon_days"]): json.loads(card["details"]) for card in found["model_cards"]}
    assert set(cards) >= {("value", 0), ("return", 30), ("return", 90), ("spend", 90)}
    assert cards["return", 30]["state"] == "fitted" and cards["return", 30]["reasons_explain_share"] > 0.6
    board = found["scoreboard"]
    for horizon in (30, 90):
        lines = [row for row in board if row["horizon_days"] == horizon and row["metric"] == "auc"]
        assert {"blend", "bgnbd", "boosting", "rfm", "recency", "frequency", "last_spend"} == {
            r["method"] for r in lines
        }
        assert all(row["low"] <= row["value"] <= row["high"] for row in lines)
        assert sum(row["is_winner"] for row in lines) == 1 and sum(row["is_used"] for row in lines) == 1
        assert all(row["cut_on"] + timedelta(days=horizon) <= AS_OF for row in lines)


def test_nothing_after_the_day_changes_a_score(workspace: Workspace, fill_lake: Any, usual: dict[str, Any]) -> None:
    first = next(row for row in usual["orders"] if row["ordered_on"] < AS_OF)
    returned = order(
        first["customer_id"], on=AS_OF + timedelta(days=3), net=-first["net_minor"], number=9_000, is_return=True,
        original_key=first["order_key"],
    )  # fmt: skip
    later = {**usual, "orders": [*usual["orders"], returned]}
    before = {
        **usual,
        "orders": [row for row in usual["orders"] if row["ordered_on"] < AS_OF],
        "order_lines": [row for row in usual["order_lines"] if row["ordered_on"] < AS_OF],
        "interactions": [row for row in usual["interactions"] if row["happened_on"] < AS_OF],
    }
    assert len(before["orders"]) < len(usual["orders"])
    one, other = scored(workspace, fill_lake, later), scored(workspace, fill_lake, before)
    for table in ("customer_values", "customer_scores", "scoreboard", "model_cards"):
        assert one[table] == other[table]


def test_who_asked_for_no_personalisation_is_nowhere(
    workspace: Workspace, fill_lake: Any, usual: dict[str, Any]
) -> None:
    refused = {5, 17, 250}
    asked = [
        {"customer_id": c, "channel": "sms", "purpose": "personalisation", "state": state, "at": None}
        for c, state in zip(sorted(refused), ("refused", "withdrawn", "refused"), strict=True)
    ] + [{"customer_id": 8, "channel": "sms", "purpose": "personalisation", "state": "granted", "at": None}]
    found = scored(workspace, fill_lake, {**usual, "customer_consents": asked})
    buyers = {row["customer_id"] for row in found["customer_features"]}
    for table in ("customer_values", "customer_scores"):
        assert {row["customer_id"] for row in found[table]} == buyers - refused
    # Nor do they teach: a shop in which they never were gives the same scores.
    without = {
        **usual,
        "customer_consents": asked[-1:],
        "orders": [row for row in usual["orders"] if row["customer_id"] not in refused],
    }
    alone = scored(workspace, fill_lake, without)
    assert alone["customer_scores"] == found["customer_scores"]
    assert alone["scoreboard"] == found["scoreboard"]


@pytest.mark.parametrize(
    "history",
    [
        {c: [AS_OF - timedelta(days=c % 90 + 1)] for c in range(1, 60)},
        {c: [AS_OF - timedelta(days=1)] for c in range(1, 60)},
        {1: [AS_OF - timedelta(days=1)]},
        {},
        {c: [AS_OF - timedelta(days=d) for d in range(30, 0, -1)] for c in range(1, 30)},
    ],
    ids=["one order each", "all on one day", "one customer", "nobody", "everybody every day"],
)
def test_odd_shops_have_honest_scores(workspace: Workspace, fill_lake: Any, history: History) -> None:
    found = scored(workspace, fill_lake, tables_of(history, profiles=[profile(c) for c in history or (1,)]))
    whole(found)
    returns = [json.loads(c["details"]) for c in found["model_cards"] if c["model"] == "return"]
    assert {card["state"] for card in returns} == {"fallback"}
    assert all("little_data" in {note["code"] for note in card["notes"]} for card in returns)
    for row in found["customer_scores"]:
        if row["model"] == "return":
            assert row["high"] - row["low"] > 0.01, "little is known, so the interval is wide"


def test_only_returns_a_missing_month_and_constant_columns(workspace: Workspace, fill_lake: Any) -> None:
    history = {
        c: [d for d in days if not AS_OF - timedelta(days=150) <= d < AS_OF - timedelta(days=120)]
        for c, days in shop(560, days=400, seed=3).items()
    }
    tables = tables_of(history)
    tables["orders"] = [{**row, "net_minor": 5_000, "gross_minor": 5_000} for row in tables["orders"]]
    tables["orders"] += [
        order(9_000 + c, on=AS_OF - timedelta(days=c), net=-3_000, is_return=True, number=1) for c in range(1, 20)
    ]
    tables["customer_profiles"] += [profile(9_000 + c) for c in range(1, 20)]
    found = scored(workspace, fill_lake, tables)
    whole(found)
    assert not [row for row in found["customer_scores"] if row["customer_id"] >= 9_000], "who bought nothing has none"
    assert "purchase_up" not in {row["reason_1"] for row in found["customer_scores"] if row["model"] == "return"}


def test_pages_read_scores_cards_and_board(workspace: Workspace, fill_lake: Any, usual: dict[str, Any]) -> None:
    from shuke.lake.queries import open_reader

    fill_lake(**usual)
    with open_run(workspace, kind="test") as run:
        build(SYSTEM, run=run, parameters=SHOP)
        score(SYSTEM, run=run, parameters=SHOP)
        run.publish()
    with open_reader(SYSTEM, workspace) as lake:
        some = lake.value("select min(customer_id) from customer_scores")
        shown = queries.scores(SYSTEM, lake=lake, customer_id=some)
        assert [(s.model, s.horizon_days) for s in shown] == [("return", 30), ("return", 90), ("spend", 90)]
        for reason in (r for s in shown for r in s.reasons):
            assert say_reason(reason, language="zh", currency="CNY") != say_reason(
                reason, language="en", currency="CNY"
            )
        worth = queries.value(SYSTEM, lake=lake, customer_id=some)
        assert worth is not None and worth.orders_30_low <= worth.orders_30_high
        assert queries.value(SYSTEM, lake=lake, customer_id=-1) is None
        assert {card.model for card in queries.model_cards(SYSTEM, lake=lake)} >= {"value", "return", "spend"}
        assert {line.model for line in queries.scoreboard(SYSTEM, lake=lake, model="spend")} == {"spend"}


def test_sentences_hold_the_customers_own_figure() -> None:
    assert say_reason(Reason("away_days_down", -1.2, 93.0), language="zh-hans", currency="CNY") == "已经 93 天没来"
    assert (
        say_reason(Reason("net_365_up", 0.4, 123_456.0), language="en", currency="CNY") == "spent ¥1,235 within a year"
    )
    assert say_reason(Reason("unknown_gap", 0.1, None), language="en", currency="CNY")
    for code, texts in definition("reasons").items():
        assert (texts["zh"] and texts["en"] and code == "unknown_gap") or code.endswith(("_up", "_down"))

"""Value layers: four axes, never spend alone, and nobody goes back and forth by chance."""

import random
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import shuke.predictions.actions as predictions
import shuke.segments.actions as segments
from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.lake.queries import open_reader
from shuke.predictions.adapters import definition
from shuke.segments import queries
from shuke.segments.actions import building
from shuke.segments.values import LAYERS
from tests.predictions.world import AS_OF, interaction, order, random_history, tables_of

_WEEK = timedelta(days=7)


def _shop(seed: int) -> dict[str, list[dict[str, Any]]]:
    """Eighty people, of whom some interact and some say what they think."""
    luck = random.Random(seed)
    tables = tables_of(random_history(seed, customers=80))
    said = []
    for customer in range(1, 81):
        for number in range(luck.choice((0, 0, 1, 3, 8))):
            kind = luck.choice(("visit", "reply", "event", "browse", "message"))
            said.append(
                interaction(
                    customer, kind=kind, on=AS_OF - timedelta(days=luck.randrange(1, 300)), number=number, score=1.0
                )
            )
        if luck.random() < 0.3:
            score = float(luck.randrange(5, 11))
            said.append(interaction(customer, kind="survey", on=AS_OF - timedelta(days=40), number=99, score=score))
    return {**tables, "interactions": said}


def _week(workspace: Workspace, day: date) -> dict[int, dict[str, Any]]:
    parameters = {"as_of": day, "timezone": "Asia/Shanghai", "currency": "CNY"}
    with open_run(workspace, kind="test") as run:
        predictions.build(SYSTEM, run=run, parameters=parameters)
        segments.build(SYSTEM, run=run, parameters=parameters)
        run.publish()
        return {row["customer_id"]: row for row in run.reader().rows("select * from layers")}


def test_a_week_run_twice_or_replayed_gives_the_same_layers(workspace: Workspace, fill_lake: Any) -> None:
    fill_lake(**_shop(1))
    first, second = _week(workspace, AS_OF - _WEEK), _week(workspace, AS_OF)
    assert _week(workspace, AS_OF) == second, "the same week again"
    assert _week(workspace, AS_OF - _WEEK) == first, "an earlier Monday replayed"
    assert _week(workspace, AS_OF) == second, "and the later one after it"
    assert any(row["previous_layer"] for row in second.values())
    assert not any(row["previous_layer"] for row in first.values()), "nothing was known before the first week"


def test_small_noise_moves_nobody_back_and_forth(workspace: Workspace, fill_lake: Any) -> None:
    """Spending shaken by a fifth each week: without the band people near a bar flap, with it nobody does."""
    tables = _shop(2)
    fill_lake(**tables)
    _week(workspace, AS_OF)
    band = building._settings()["band"]
    assert _flaps(workspace, fill_lake, tables, band=0.0) > 0
    assert _flaps(workspace, fill_lake, tables, band=band) == 0


def _flaps(workspace: Workspace, fill_lake: Any, tables: dict[str, Any], *, band: float) -> int:
    """How often somebody goes one way and then back, in twelve weeks of noise."""
    luck = random.Random(4)
    seen: dict[int, list[int]] = {}
    for week in range(1, 13):
        shaken = [{**row, "net_minor": round(10_000 * luck.uniform(0.8, 1.2))} for row in tables["orders"]]
        fill_lake(orders=shaken)
        day = AS_OF + timedelta(days=week)
        settings = {**definition("purchase_clock"), **building._settings(), "band": band, "as_of": day}
        with open_run(workspace, kind="test") as run:
            run.build(("customer_features", "layers"), parameters=settings)
            building._keep_layers(run, as_of=day)
            run.publish()
            for row in run.reader().rows("select customer_id, layer from layers"):
                seen.setdefault(row["customer_id"], []).append(LAYERS.index(row["layer"]))
    return sum(_turns(places) for places in seen.values())


def _turns(places: list[int]) -> int:
    steps = [b - a for a, b in pairwise(places) if a != b]
    return sum(a * b < 0 for a, b in pairwise(steps))


def test_money_alone_makes_no_core_customer(workspace: Workspace, fill_lake: Any) -> None:
    tables = _shop(3)
    rich = 500
    tables["orders"] += [
        order(rich, on=AS_OF - timedelta(days=back), net=90_000_000, number=back) for back in (200, 20)
    ]
    tables["customer_profiles"].append({**tables["customer_profiles"][0], "customer_id": rich})
    fill_lake(**tables)
    layers = _week(workspace, AS_OF)
    assert layers[rich]["spend"] > 0.98 and layers[rich]["layer"] == "growing"


def test_a_shop_without_interactions_is_told_so(workspace: Workspace, fill_lake: Any) -> None:
    fill_lake(**tables_of(random_history(5, customers=80)))
    layers = _week(workspace, AS_OF)
    assert all(row["interaction"] is None and row["recommend"] is None for row in layers.values())
    with open_reader(SYSTEM, workspace) as lake:
        view = queries.layer_counts(SYSTEM, lake=lake, language="zh-hans")
        english = queries.layer_counts(SYSTEM, lake=lake, language="en")
    assert len(view.missing_axes) == 2 and "互动" in view.missing_axes[0] and "interaction" in english.missing_axes[0]
    assert sum(layer.people for layer in view.layers) == 80
    assert {layer.code: layer.people for layer in view.layers}["devoted"] > 0, "the other axes decide"

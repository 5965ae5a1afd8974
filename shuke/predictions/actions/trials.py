"""What the trials of past plays say about whom each play moves."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.actions import Run
from shuke.lake.rules import literal
from shuke.predictions.rules.uplift import Uplift, estimate_uplift, uplift_of

# Known of everybody on the day of a draw, and of every buyer today: the order is that of the models.
_FEATURES = ("orders", "orders_365", "days_since", "cycle_days", "purchase_minor", "overdue_share")
_TRIALS = """
select t.treated, t.propensity, t.bought, t.net_minor, t.orders, t.orders_365, t.days_since, t.cycle_days,
  t.purchase_minor, t.days_since / nullif(t.cycle_days, 0) as overdue_share
from trial_people t
left join not_personalised n on n.customer_id = t.customer_id
where t.play = $play and n.customer_id is null
order by t.as_of, t.customer_id
"""
_BUYERS = """
select f.customer_id, f.orders, f.orders_365, f.days_since, f.cycle_days, f.purchase_minor,
  f.days_since / nullif(f.cycle_days, 0) as overdue_share
from customer_features f
left join not_personalised n on n.customer_id = f.customer_id
where n.customer_id is null
order by f.customer_id
"""
_MODELS = pa.schema(
    [
        *((name, pa.string()) for name in ("play", "outcome", "verdict", "reason")),
        *((name, pa.int64()) for name in ("people", "holdout", "people_needed")),
        *((name, pa.float64()) for name in ("effect", "effect_low", "effect_high")),
        *((name, pa.float64()) for name in ("qini", "qini_low", "qini_high", "top30", "top30_low", "top30_high")),
        ("chance_share", pa.float64()),
        ("as_of", pa.date32()),
    ]
)
_SCORES = pa.schema([("play", pa.string()), ("customer_id", pa.int64()), ("uplift", pa.float64())])


def build_uplift(actor: Actor, *, run: Run, parameters: Mapping[str, Any]) -> None:
    """Writes uplift_models, and uplift_scores of the plays whose targeting is proven."""
    require(actor, Permission.IMPORT_FILES)
    lake = run.reader()
    plays = lake.rows("select play from trial_people group by play order by play") if lake.has("trial_people") else []
    models: list[dict[str, Any]] = []
    scores = [_SCORES.empty_table()]
    buyers: Any = None
    for play in (row["play"] for row in plays):
        people = lake.arrow(_TRIALS.replace("$play", literal(play)))
        bought, spend = _trial(people, outcome="bought"), _trial(people, outcome="net_minor")
        models += [
            _row(play, outcome=name, told=told, people=people, as_of=parameters["as_of"])
            for name, told in (("bought", bought), ("spend", spend))
        ]
        if bought.verdict == "proven":
            buyers = lake.arrow(_BUYERS) if buyers is None else buyers
            uplift = uplift_of(bought.model, _features(buyers))
            scores.append(
                pa.table([pa.array([play] * len(uplift)), buyers["customer_id"], pa.array(uplift)], schema=_SCORES)
            )
    run.write_arrow("uplift_models", rows=pa.Table.from_pylist(models, schema=_MODELS))
    run.write_arrow("uplift_scores", rows=pa.concat_tables(scores))


def _trial(people: Any, *, outcome: str) -> Uplift:
    return estimate_uplift(
        _features(people),
        people["treated"].cast(pa.float64()),
        people[outcome].cast(pa.float64()),
        people["propensity"],
    )


def _features(people: Any) -> Any:
    """Counts and money by their logarithms: what matters is how many times more, not how much more."""
    columns = [people[name].cast(pa.float64()).to_numpy() for name in _FEATURES]
    return np.column_stack([np.log1p(np.maximum(column, 0.0)) for column in columns])


def _row(play: str, *, outcome: str, told: Uplift, people: Any, as_of: date) -> dict[str, Any]:
    names = ("effect", "effect_low", "effect_high", "qini", "qini_low", "qini_high", "top30", "top30_low", "top30_high")
    figures = {name: getattr(told, name) for name in names}
    return {
        "play": play,
        "outcome": outcome,
        "verdict": told.verdict,
        "reason": told.reason,
        "people": told.people,
        "holdout": told.people - int(people["treated"].cast(pa.int64()).to_numpy().sum()),
        "people_needed": told.people_needed,
        **{name: value if np.isfinite(value) else None for name, value in figures.items()},
        "chance_share": told.chance_share,
        "as_of": as_of,
    }

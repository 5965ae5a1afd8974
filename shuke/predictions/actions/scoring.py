"""The models of a week: values, chances to return, spend ahead; back-tested, with cards, in one step of a run."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.special import logit

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.actions import Run
from shuke.predictions.actions.evaluation import (
    RETURN_DAYS,
    SPEND_DAYS,
    Study,
    back_test,
    predicted,
    spend_of,
    study,
    write_scoreboard,
)
from shuke.predictions.actions.scores import scores_table
from shuke.predictions.actions.values import write_values
from shuke.predictions.adapters import definition
from shuke.predictions.adapters.boosting import bounded
from shuke.predictions.queries.purchases import day_number, known_purchases
from shuke.predictions.rules.backtest import Score, better_baseline
from shuke.predictions.rules.panel import FEATURES, panel
from shuke.predictions.rules.returns import baselines, by_rank
from shuke.predictions.rules.worth import nine_of_ten
from shuke.predictions.values import Floats, Prediction

_TINY = 1e-6


def score(
    actor: Actor, *, run: Run, parameters: Mapping[str, Any], margin_share: float | None = None, cuts: int = 1
) -> list[Score]:
    """Fills customer_values, customer_scores, model_cards and scoreboard as of `parameters['as_of']`.

    Reads what `build` made in this run. `margin_share` is that of the policy, taken where no cost file tells another.
    Back-tests the last `cuts` windows and gives their figures; where a simple rule ranks better there, it makes the
    scores. Only the system runs it.
    """
    require(actor, Permission.IMPORT_FILES)
    with bounded():
        return _scored(run, parameters=parameters, margin_share=margin_share, cuts=cuts)


def _scored(run: Run, *, parameters: Mapping[str, Any], margin_share: float | None, cuts: int) -> list[Score]:
    settings, as_of = definition("returns"), parameters["as_of"]
    lake = run.reader()
    told = lake.value("select margin_share from shop_margin")
    margin = told if told is not None and 0 < told < 1 else margin_share or definition("values")["margin_default_share"]
    cards = [
        _card("value", 0, as_of=as_of, details=write_values(run, parameters=parameters, margin_share=float(margin)))
    ]
    found = study(known_purchases(lake, as_of=as_of), day=day_number(as_of))
    most = int(settings["judged_most" if cuts == 1 else "judged_most_evaluate"])
    scores = back_test(found, cuts=cuts, most=most)
    tables, used = [], {}
    for horizon in RETURN_DAYS:
        said = predicted(found, day=found.day, horizon=horizon)
        method, value = _chosen(found, said, scores=scores, horizon=horizon)
        used["return", horizon] = method
        parts, card = _return(said, value=value, method=method, horizon=horizon, as_of=as_of, scores=scores)
        tables.append(parts)
        cards.append(card)
        if horizon == SPEND_DAYS:
            parts, card, used["spend", horizon] = _spend(found, said, as_of=as_of, scores=scores)
            tables.append(parts)
            cards.append(card)
    run.write_arrow("customer_scores", rows=pa.concat_tables(tables))
    run.write_arrow("model_cards", rows=_cards_table(run, cards))
    write_scoreboard(run, scores=scores, used=used)
    return scores


def _chosen(found: Study, said: Prediction, *, scores: Sequence[Score], horizon: int) -> tuple[str, Floats]:
    """The method whose ranking is used, and its chances: a simple rule where it did better on this shop's past."""
    ours, settings = ("blend" if "blend" in said.methods else "bgnbd"), definition("returns")
    best = better_baseline(
        scores, model="return", horizon=horizon, ours=ours, metric="auc", margin=settings["baseline_margin"]
    )
    if best is None or said.basis == "little_data":
        return ours, said.value
    past = panel(found.known, cut=found.day - horizon, horizon=horizon)
    came = (baselines(past)[best], (past.orders > 0).astype(float))
    return best, by_rank(said.methods[best], came, total=float(said.value.sum()))


def _return(
    said: Prediction, *, value: Floats, method: str, horizon: int, as_of: date, scores: Sequence[Score]
) -> tuple[pa.Table, dict[str, Any]]:
    now, version = said.panel, f"return-{horizon}-1-{as_of}"
    ratio = logit(np.clip(value, _TINY, 1 - _TINY)) - logit(np.clip(said.value, _TINY, 1 - _TINY))
    bounds = tuple(_moved(side, ratio) for side in (said.low, said.high))
    table, reasons = scores_table(
        said.customers, model="return", horizon=horizon, value=value, bounds=(bounds[0], bounds[1]),
        odds=logit(np.clip(value, _TINY, 1 - _TINY)), columns=now.columns, method=method, version=version,
    )  # fmt: skip
    details = {
        **_about(said, scores=scores, model="return", horizon=horizon, method=method),
        "mean_share": float(value.mean()) if len(value) else None,
        "reasons_explain_share": reasons.explained_share,
        "features": [*now.columns, "alive", "chance", "expected"] if method == "blend" else list(FEATURES[:3]),
    }
    return table, _card(
        "return", horizon, as_of=as_of, details={**details, "customers": len(value), "version": version}
    )


def _spend(
    found: Study, said: Prediction, *, as_of: date, scores: Sequence[Score]
) -> tuple[pa.Table, dict[str, Any], str]:
    now, version = said.panel, f"spend-{SPEND_DAYS}-1-{as_of}"
    value, level = spend_of(found, said)
    settings = definition("returns")
    best = better_baseline(
        scores, model="spend", horizon=SPEND_DAYS, ours="value", metric="top_tenth_share",
        margin=settings["spend_baseline_margin"],
    )  # fmt: skip
    method = best if best is not None and said.basis != "little_data" else "value"
    if method != "value":
        # The simple rule ranks; the amounts are those of the model, handed out in its order.
        value = np.sort(value)[np.argsort(np.argsort(said.methods[method], kind="stable"), kind="stable")]
    expected = said.chances["expected"]
    spread = value**2 * (1 / np.maximum(expected, 1e-6) + level.error**2)
    table, reasons = scores_table(
        said.customers, model="spend", horizon=SPEND_DAYS, value=value, bounds=nine_of_ten(value, spread),
        odds=np.log(np.maximum(value, 1.0)), columns=now.columns, method=method, version=version,
    )  # fmt: skip
    details = {
        **_about(said, scores=scores, model="spend", horizon=SPEND_DAYS, method=method),
        "level": asdict(level),
        "sum_minor": float(value.sum()),
        "reasons_explain_share": reasons.explained_share,
        "features": ["repeats", "span_days", "age_days", "purchase"],
    }
    card = _card("spend", SPEND_DAYS, as_of=as_of, details={**details, "customers": len(value), "version": version})
    return table, card, method


def _about(said: Prediction, *, scores: Sequence[Score], model: str, horizon: int, method: str) -> dict[str, Any]:
    """What a card tells: state, method, level and the figures of past cuts."""
    mine = [s for s in scores if (s.model, s.horizon) == (model, horizon) and math.isfinite(s.value)]
    figures = [
        {"cut": s.cut, "metric": s.metric, "method": s.method, "value": s.value, "low": s.low, "high": s.high}
        for s in mine
        if s.method in (method, "told")
    ]
    notes = []
    if said.basis == "little_data":
        notes.append({"code": "little_data", "buyers": len(said.customers), "days": said.history_days})
    if method in ("rfm", "recency", "frequency", "last_spend"):
        notes.append({"code": "baseline_wins", "method": method})
    if said.level.basis != "last_year":
        notes.append({"code": "no_season_yet", "basis": said.level.basis})
    if not mine:
        notes.append({"code": "no_back_test"})
    return {
        "state": "fallback" if said.basis == "little_data" else "fitted",
        "method": method,
        "level": asdict(said.level),
        "bgnbd": asdict(said.model),
        "figures": figures,
        "notes": notes,
    }


def _card(model: str, horizon: int, *, as_of: date, details: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in details.items() if key not in ("version", "customers")}
    return {
        "model": model,
        "horizon_days": horizon,
        "version": str(details["version"]),
        "as_of": as_of,
        "rows": int(details["customers"]),
        "details": json.dumps(_plain(kept), ensure_ascii=False, sort_keys=True),
    }


def _cards_table(run: Run, cards: Sequence[Mapping[str, Any]]) -> pa.Table:
    """These cards, and those of models that others fill."""
    lake = run.reader()
    mine = {card["model"] for card in cards}
    others = [row for row in lake.rows("select * from model_cards") if row["model"] not in mine]
    return pa.Table.from_pylist([*others, *cards], schema=_CARD)


def _moved(side: Floats, ratio: Floats) -> Floats:
    odds = logit(np.clip(side, _TINY, 1 - _TINY)) + ratio
    moved: Floats = 1 / (1 + np.exp(-odds))
    return moved


def _plain(value: Any) -> Any:
    """JSON knows no infinities: they become null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return value


_CARD = pa.schema(
    [
        ("model", pa.string()),
        ("horizon_days", pa.int32()),
        ("version", pa.string()),
        ("as_of", pa.date32()),
        ("rows", pa.int64()),
        ("details", pa.string()),
    ]
)

"""Scores of every customer with their reasons, from the models of a day."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from shuke.predictions.rules.reasons import Effects, contributions, effects, facts_of, strongest
from shuke.predictions.values import Floats

_REASONS = 3


def scores_table(
    customers: Any,
    *,
    model: str,
    horizon: int,
    value: Floats,
    bounds: tuple[Floats, Floats],
    odds: Floats,
    columns: Mapping[str, Floats],
    method: str,
    version: str,
) -> tuple[pa.Table, Effects]:
    """Rows of `customer_scores` of one model; `odds` is the scale on which reasons add up."""
    found = effects(columns, odds)
    added = contributions(found, columns)
    order = strongest(added, reasons=_REASONS)
    rows = len(value)
    cells: dict[str, Any] = {
        "customer_id": pa.array(np.asarray(customers, np.int64)),
        "model": _same(model, rows),
        "horizon_days": pa.array(np.full(rows, horizon, np.int32)),
        "score": pa.array(_ranks(value)),
        "value": pa.array(_rounded(value, model)),
        "low": pa.array(_rounded(bounds[0], model)),
        "high": pa.array(_rounded(bounds[1], model)),
        "method": _same(method, rows),
        "version": _same(version, rows),
    }
    facts = {name: facts_of(name, columns[name]) for name in found.names}
    for number in range(_REASONS):
        cells |= _reason(number, order=order, added=added, names=found.names, facts=facts, rows=rows)
    return pa.table(cells), found


def _reason(
    number: int, *, order: Any, added: Floats, names: tuple[str, ...], facts: Mapping[str, Floats], rows: int
) -> dict[str, Any]:
    """The columns of one reason: a code, what it adds, the customer's own figure (null where it is unknown)."""
    code, amount, fact = (f"reason_{number + 1}{end}" for end in ("", "_value", "_fact"))
    if number >= order.shape[1]:
        return {
            code: pa.nulls(rows, pa.string()), amount: pa.nulls(rows, pa.float64()), fact: pa.nulls(rows, pa.float64())
        }  # fmt: skip
    place = order[:, number]
    value = added[np.arange(rows), place]
    own = np.select([place == at for at in range(len(names))], [facts[name] for name in names], np.nan)
    words = [f"{name}_{side}" for name in names for side in ("down", "up")] + ["unknown_gap"]
    unknown = ~np.isfinite(own)
    codes = np.where(unknown, len(words) - 1, place * 2 + (value > 0))
    return {
        code: pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(words)).cast(pa.string()),
        amount: pa.array(np.round(value, 4)),
        fact: pa.array(np.round(np.where(unknown, 0.0, own), 1), mask=unknown),
    }


def _ranks(value: Floats) -> Any:
    """0 to 100 by the share of customers below; equal values share the middle of their ranks."""
    ordered = np.sort(value)
    middle = np.searchsorted(ordered, value, "left") + np.searchsorted(ordered, value, "right")
    return np.floor(100 * middle / (2 * max(len(value), 1))).astype(np.int32)


def _rounded(value: Floats, model: str) -> Floats:
    """Six digits of a chance, whole minor units of money: more says nothing, and files stay small."""
    rounded: Floats = np.round(value, 6 if model == "return" else 0)
    return rounded


def _same(word: str, rows: int) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array([word])).cast(pa.string())

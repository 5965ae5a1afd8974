"""Why a score is what it is: what each thing known of a customer adds to it, against the shop's typical customer.

The score is explained by a sum of one effect a feature (an additive model on eighths of each feature, fitted to the
score itself by least squares): so contributions add up exactly to what they explain, cost a look-up a customer, and
the share of the score's spread that they explain is told on the model card.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shuke.predictions.values import Floats

# What a reason may speak of, in words that a person can say.
SPEAKING = (
    "away_days",
    "orders_365",
    "orders_90",
    "gap_days",
    "net_365",
    "purchase",
    "age_days",
    "visits_90",
    "replys_90",
    "browses_90",
)
_BINS = 8
_RIDGE = 2.0
_MOST = 40_000


@dataclass(frozen=True)
class Effects:
    """Borders of each feature's bins, what each bin adds (mean 0 over customers), and the share of spread explained."""

    names: tuple[str, ...]
    borders: tuple[Floats, ...]
    added: tuple[Floats, ...]
    typical: float
    explained_share: float


def effects(columns: Mapping[str, Floats], score: Floats) -> Effects:
    """The additive model of a score (log odds, or log money). Features that do not vary are left out."""
    names = tuple(n for n in SPEAKING if n in columns and _varies(columns[n]))
    borders = tuple(_borders(columns[name]) for name in names)
    step = max(1, len(score) // _MOST)
    sample = score[::step]
    codes = [_code(columns[name][::step], edges) for name, edges in zip(names, borders, strict=True)]
    sizes = [len(edges) + 2 for edges in borders]
    if not names or not len(sample):
        return Effects((), (), (), float(np.mean(score)) if len(score) else 0.0, 0.0)
    design = np.concatenate([np.eye(size)[code] for size, code in zip(sizes, codes, strict=True)], axis=1)
    typical = float(sample.mean())
    # Normal equations with a little ridge: bins of few people add little, and what two features share is halved.
    gram = design.T @ design + _RIDGE * np.eye(design.shape[1])
    found = np.linalg.solve(gram, design.T @ (sample - typical))
    parts = np.split(found, np.cumsum(sizes)[:-1])
    centred = tuple(part - part[code].mean() for part, code in zip(parts, codes, strict=True))
    left = sample - typical - sum(part[code] for part, code in zip(centred, codes, strict=True))
    spread = float(((sample - typical) ** 2).sum())
    return Effects(names, borders, centred, typical, 1 - float((left**2).sum()) / spread if spread > 0 else 1.0)


def contributions(found: Effects, columns: Mapping[str, Floats]) -> Floats:
    """What each feature adds to each score; with `typical` they sum to what is explained. One column a feature."""
    rows = len(next(iter(columns.values()))) if columns else 0
    if not found.names:
        return np.zeros((rows, 0))
    return np.column_stack(
        [
            part[_code(columns[name], edges)]
            for name, edges, part in zip(found.names, found.borders, found.added, strict=True)
        ]
    )


def strongest(added: Floats, *, reasons: int = 3) -> NDArray[np.int64]:
    """The places of the features that move each score most, the strongest first; equal ones by their order."""
    most = min(reasons, added.shape[1])
    order: NDArray[np.int64] = np.argsort(-np.abs(added), axis=1, kind="stable")[:, :most]
    return order


def sentence(code: str, *, fact: str, texts: Mapping[str, Mapping[str, str]], language: str) -> str:
    """The reason in words. `texts` are those of `reasons.yaml` by code; an unknown code gives an empty text."""
    return texts.get(code, {}).get("zh" if language.startswith("zh") else "en", "").format(fact=fact)


def facts_of(name: str, values: Floats) -> Floats:
    """A feature as a person says it: money back from logarithms, days and counts as they are."""
    told: Floats = np.exp(values) - (1.0 if name == "net_365" else 0.0) if name in ("net_365", "purchase") else values
    return told


def _varies(values: Floats) -> bool:
    known = values[np.isfinite(values)]
    return bool(len(known)) and bool(known.min() < known.max() or len(known) < len(values))


def _borders(values: Floats) -> Floats:
    known = values[np.isfinite(values)]
    borders: Floats = np.unique(np.quantile(known, np.linspace(0, 1, _BINS + 1)[1:-1]))
    return borders


def _code(values: Floats, borders: Floats) -> NDArray[np.int64]:
    """Bin 0 is 'unknown'; then from the lowest values to the highest."""
    codes = 1 + np.searchsorted(borders, values, side="left")
    found: NDArray[np.int64] = np.where(np.isfinite(values), codes, 0)
    return found

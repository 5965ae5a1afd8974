"""How many will come at all: the level of the window ahead, learned from past windows and shrunk by its own error.

Good methods rank people alike; what they miss is the season. The same window last year tells how far BG/NBD was off
then; a recent window tells how far it is off now. Each is trusted as far as its own error allows (empirical Bayes,
Efron and Morris, JASA 70, 1975). Decision record 15.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import expit, logit

from shuke.predictions.values import Floats, Level, Window

_TINY = 1e-9
_WIDEST = 4.0
_HALVINGS = 40


def shift_to(chance: Floats, total: float) -> float:
    """What to add to log odds so that chances sum up to `total`; between -4 and 4, 0 without people."""
    if not len(chance):
        return 0.0
    odds = logit(np.clip(chance, _TINY, 1 - _TINY))
    low, high = -_WIDEST, _WIDEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if expit(odds + middle).sum() < total else (low, middle)
    return (low + high) / 2


def shifted(chance: Floats, shift: float) -> Floats:
    """Chances with `shift` added to their log odds."""
    moved: Floats = expit(logit(np.clip(chance, _TINY, 1 - _TINY)) + shift)
    return moved


def level_ahead(windows: Sequence[Window], *, day: int, settings: Mapping[str, float], of: str = "shift") -> Level:
    """The level of the window that begins on `day`. `of` is `shift` (chances) or `spend_shift` (money).

    Only windows that had ended by `day` are read. `settings` are those of `level.yaml`.
    """
    errors = "error" if of == "shift" else "spend_error"
    closed = [w for w in windows if w.cut + w.horizon <= day and w.history_days >= settings["history_min_days"]]
    spread = _spread([getattr(w, of) for w in closed], [getattr(w, errors) for w in closed], settings=settings)
    if not closed:
        return Level(0.0, float(np.sqrt(spread)), "none", 0)
    newest = max(w.cut for w in closed)
    recent = [w for w in closed if w.cut > newest - settings["near_days"]]
    fade = 0.5 ** ((day - newest) / settings["half_life_days"])
    last_year = _around(closed, day=day - settings["year_days"], settings=settings)
    now, _ = _mean(recent, (of, errors), day=newest, near=settings["near_days"])
    if not last_year:
        weight = fade * spread / (spread + settings["repeat_error"] ** 2)
        return Level(weight * now, float(np.sqrt(spread * (1 - weight**2))), "recent", len(recent))
    near = settings["near_days"]
    then, error = _mean(last_year, (of, errors), day=day - settings["year_days"], near=near)
    own = error**2 + settings["repeat_error"] ** 2
    weight = spread / (spread + own)
    before = _around(closed, day=newest - settings["year_days"], settings=settings)
    past = _mean(before, (of, errors), day=newest - settings["year_days"], near=near)[0] if before else now
    drift = fade * weight * (now - past)
    return Level(weight * then + drift, float(np.sqrt(weight * own)), "last_year", len(last_year))


def _around(windows: Sequence[Window], *, day: float, settings: Mapping[str, float]) -> list[Window]:
    near, enough = settings["near_days"], settings["last_year_history_days"]
    return [w for w in windows if abs(w.cut - day) < near and w.history_days >= enough]


def _mean(windows: Sequence[Window], names: tuple[str, str], *, day: float, near: float) -> tuple[float, float]:
    """Shift and error at a day, from the windows around it: the nearer, the heavier (a line between two of them).

    Windows overlap, so their errors are not independent and do not shrink.
    """
    weights = [near - abs(w.cut - day) + 1e-9 for w in windows]
    shift, error = (float(np.average([getattr(w, name) for w in windows], weights=weights)) for name in names)
    return shift, error


def _spread(shifts: Sequence[float], errors: Sequence[float], *, settings: Mapping[str, float]) -> float:
    """How much levels really differ from window to window: their mean square less what chance explains."""
    prior, worth = settings["spread_prior"] ** 2, settings["spread_prior_windows"]
    seen = sum(s * s - e * e for s, e in zip(shifts, errors, strict=True))
    return float(max((seen + prior * worth) / (len(shifts) + worth), settings["spread_min"] ** 2))

"""What was known of every customer on a day, from purchase days: one way to compute it, for today and for any past day.

Rows of a customer stand in the order of their days, so what was known on a day is the head of them: counts and sums
of any window are differences of running sums, for millions of customers at once.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shuke.predictions.values import Floats, Panel, Purchases

# Only what people did: no name, gender, birthday, address, city, contact or anything else of the person itself.
FEATURES = (
    "repeats",
    "span_days",
    "age_days",
    "away_days",
    "orders_30",
    "orders_90",
    "orders_180",
    "orders_365",
    "net_90",
    "net_365",
    "purchase",
    "gap_days",
    "away_gaps",
    "last_gap_days",
)
TOUCHES = ("visit", "reply", "browse")
_TOUCH_DAYS = 90
# Older customers are all "old": more would tell trees the calendar date of a first purchase.
_AGE_MOST = 730
_NEVER = 730.0


def purchases(
    customer: ArrayLike, day: ArrayLike, net: ArrayLike, touches: Mapping[str, tuple[ArrayLike, ArrayLike]]
) -> Purchases:
    """Sorts rows by customer and day. `touches` holds (customer, day) by kind; of people who never bought, left out."""
    who, when, money = np.asarray(customer, np.int64), np.asarray(day, np.int64), np.asarray(net, np.float64)
    if len(who) and not (_sorted(who, when)):
        order = np.lexsort((when, who))
        who, when, money = who[order], when[order], money[order]
    first = np.flatnonzero(np.r_[True, who[1:] != who[:-1]]) if len(who) else np.zeros(0, np.int64)
    ids = who[first]
    kinds = {kind: _by_customer(ids, *rows) for kind, rows in touches.items()}
    return Purchases(ids, np.r_[first, len(who)].astype(np.int64), when, money, kinds)


def some(known: Purchases, *, most: int) -> Purchases:
    """At most about `most` of the customers, chosen by their ids: the same ones on every run."""
    if len(known.customers) <= most:
        return known
    # A multiplicative hash (Knuth): ids are given out in the order of first sight, so plain residues would be waves.
    mixed = (known.customers.astype(np.uint64) * np.uint64(11400714819323198485)) >> np.uint64(32)
    kept = np.flatnonzero(mixed < np.uint64(2**32 * most / len(known.customers)))
    rows = _rows(known.starts, kept)
    sizes = np.diff(known.starts)[kept]
    touches = {
        kind: (np.r_[0, np.cumsum(np.diff(starts)[kept])], days[_rows(starts, kept)])
        for kind, (starts, days) in known.touches.items()
    }
    return Purchases(known.customers[kept], np.r_[0, np.cumsum(sizes)], known.days[rows], known.net[rows], touches)


def panel(known: Purchases, *, cut: int, horizon: int) -> Panel:
    """Everybody who had bought before day `cut`: what was known then, and what the `horizon` days after brought."""
    heads = known.starts[:-1]
    running = np.r_[0.0, np.cumsum(known.net)]

    def until(day: int) -> NDArray[np.int64]:
        return heads + _before(known.days, known.starts, day)

    everyone = until(cut)
    rows = np.flatnonzero(everyone > heads)
    starts, now = heads[rows], everyone[rows]
    then = {days: np.maximum(until(cut - days)[rows], starts) for days in (30, 90, 180, 365)}
    ahead = until(cut + horizon)[rows]
    first, last = known.days[starts], known.days[now - 1]
    before = known.days[np.maximum(now - 2, starts)]
    count = (now - starts).astype(float)
    repeats, span, away = count - 1, (last - first).astype(float), (cut - last).astype(float)
    gap = np.where(repeats > 0, span / np.maximum(repeats, 1), np.nan)
    columns: dict[str, Floats] = {
        "repeats": repeats,
        "span_days": span,
        "age_days": np.minimum(cut - first, _AGE_MOST).astype(float),
        "away_days": away,
        **{f"orders_{days}": (now - then[days]).astype(float) for days in then},
        "net_90": np.log1p(np.maximum(running[now] - running[then[90]], 0.0)),
        "net_365": np.log1p(np.maximum(running[now] - running[then[365]], 0.0)),
        "purchase": np.log(np.maximum(running[now] - running[starts], 1.0) / count),
        "gap_days": gap,
        "away_gaps": away / gap,
        "last_gap_days": np.where(repeats > 0, (last - before).astype(float), np.nan),
    }
    columns |= _touched(known, cut=cut, rows=rows)
    spend = running[ahead] - running[now]
    return Panel(cut, horizon, rows, columns, (ahead - now).astype(float), spend)


def history(found: Panel, known: Purchases) -> tuple[Floats, Floats, Floats]:
    """(x, t_x, T) in days of everybody in the panel."""
    first = known.days[known.starts[:-1][found.rows]]
    return found.columns["repeats"], found.columns["span_days"], (found.cut - first).astype(float)


def matrix(found: Panel, chances: Mapping[str, Floats]) -> Floats:
    """Features and what BG/NBD says of each customer, as columns in a fixed order."""
    columns = [found.columns[name] for name in found.columns] + [chances[name] for name in sorted(chances)]
    stacked: Floats = np.column_stack(columns)
    return stacked


def _touched(known: Purchases, *, cut: int, rows: NDArray[np.int64]) -> dict[str, Floats]:
    found: dict[str, Floats] = {}
    for kind, (starts, days) in known.touches.items():
        until = _before(days, starts, cut)
        recent = until - _before(days, starts, cut - _TOUCH_DAYS)
        last = np.where(until > 0, cut - days[np.maximum(starts[:-1] + until - 1, 0)], _NEVER) if len(days) else recent
        found[f"{kind}s_90"] = recent[rows].astype(float)
        found[f"{kind}_away_days"] = np.minimum(last[rows], _NEVER).astype(float)
    return found


def _before(days: NDArray[np.int64], starts: NDArray[np.int64], day: int) -> NDArray[np.int64]:
    """How many rows of each customer lie before a day."""
    running = np.r_[0, np.cumsum(days < day)]
    counted: NDArray[np.int64] = running[starts[1:]] - running[starts[:-1]]
    return counted


def _by_customer(
    ids: NDArray[np.int64], customer: ArrayLike, day: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    who, when = np.asarray(customer, np.int64), np.asarray(day, np.int64)
    place = np.minimum(np.searchsorted(ids, who), max(len(ids) - 1, 0))
    known = ids[place] == who if len(ids) else np.zeros(len(who), bool)
    place, when = place[known], when[known]
    order = np.lexsort((when, place))
    starts = np.r_[0, np.cumsum(np.bincount(place, minlength=len(ids)))].astype(np.int64)
    return starts, when[order]


def _rows(starts: NDArray[np.int64], kept: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places of all rows of the kept customers."""
    sizes = np.diff(starts)[kept]
    heads = np.repeat(starts[:-1][kept] - np.r_[0, np.cumsum(sizes)[:-1]], sizes)
    rows: NDArray[np.int64] = heads + np.arange(sizes.sum())
    return rows


def _sorted(who: NDArray[np.int64], when: NDArray[np.int64]) -> bool:
    same = who[1:] == who[:-1]
    return bool(((who[1:] > who[:-1]) | (same & (when[1:] >= when[:-1]))).all())

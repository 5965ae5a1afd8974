"""Which ties to show a person who labels: a random sample of each stratum that stays the same while the ties stay."""

from dataclasses import dataclass

import numpy as np

from shuke.customers.values import Ints, Parts

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
STRATA = ("automatic", "probable", "apart")


@dataclass(frozen=True)
class Sampled:
    """Evidence rows of sampled ties of one stratum, and how many ties the stratum has."""

    stratum: str
    left: Ints
    right: Ints
    population: int


def sample(parts: Parts, *, ids: Ints, most: int) -> tuple[Sampled, ...]:
    """At most `most` ties of each stratum; `ids` are the rows' evidence ids, which decide the draw.

    automatic: a row and the first row of its automatic cluster. probable: the first rows of an automatic cluster and
    of its customer. apart: pairs that may be one person and are two customers. A tree of ties connects each customer,
    so that a share of wrong ties is a share of wrong merges.
    """
    plain = np.flatnonzero((parts.automatic >= 0) & (np.bincount(parts.evidence)[parts.evidence] == 1))
    rows, own, used = parts.evidence[plain], parts.automatic[plain], parts.used[plain]
    first_own, first_used = _first_row(own, rows), _first_row(used, rows)
    inner = first_own[own] != rows
    outer = ~inner & (first_used[used] != rows)
    apart = ~parts.pairs.joined
    return tuple(
        _drawn(stratum, left, right, ids=ids, most=most)
        for stratum, left, right in (
            ("automatic", first_own[own[inner]], rows[inner]),
            ("probable", first_used[used[outer]], rows[outer]),
            ("apart", parts.pairs.left[apart], parts.pairs.right[apart]),
        )
    )


def _first_row(label: Ints, rows: Ints) -> Ints:
    """The smallest row of each label."""
    first = np.full(int(label.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, label, rows)
    return first


def _drawn(stratum: str, left: Ints, right: Ints, *, ids: Ints, most: int) -> Sampled:
    mixed = (ids[left].astype(np.uint64) * _GOLDEN) ^ (ids[right].astype(np.uint64) * (_GOLDEN ^ np.uint64(0xFF51AFD7)))
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    near = np.arange(len(left))
    if len(left) > most:
        near = np.flatnonzero(mixed <= np.partition(mixed, most - 1)[most - 1])
    chosen = near[np.lexsort((ids[right[near]], ids[left[near]], mixed[near]))[:most]]
    return Sampled(stratum, left[chosen], right[chosen], population=len(left))

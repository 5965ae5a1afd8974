"""Measuring what weak decisions rest on, coarsely enough that a day's new records rarely change it.

A weak rule may read the rows that it decides about and these figures, never the size of the array that it is given: so
a run over the touched rows alone decides as a run over all of them. Every figure is rounded to powers of the square
root of two (probabilities by their odds). A share is a count over a total, and both grow together.
"""

from collections.abc import Iterator

import numpy as np

from shuke.customers.rules.components import distinct_pairs
from shuke.customers.values import Evidence, Flags, Floats, Ints, Statistics, Weights

FIELDS = ("name", "initial", "city", "district", "birthday", "gender")
_STEPS_AN_OCTAVE = 2
# A value on so few rows says little of how frequent it is: it counts as so many, and in a small shop as rare as such a
# value usually is.
_FEWEST = {"name": (3, 1 / 2_000), "birthday": (3, 1 / 10_000)}
_HALF = 0.5
_PREFIXES = 1_000
_PATTERNS_A_PREFIX = 10_000
# A written prior weighs as much as so many pairs of records.
_WRITTEN_PAIRS = 30
_MOST_AGREEING = 0.995


def quantised(values: Floats, *, steps: int = _STEPS_AN_OCTAVE) -> Floats:
    """Positive figures at the nearest power of two's root of `steps`, the square root as a rule; 0 stays 0."""
    found = np.zeros(len(values))
    some = values > 0
    found[some] = 2.0 ** (np.round(np.log2(values[some]) * steps) / steps)
    return found


def quantised_figure(value: float) -> float:
    """One positive figure at the nearest power of the square root of two; 0 stays 0."""
    return float(quantised(np.array([value]))[0])


def quantised_share(value: float) -> float:
    """A probability with its odds at the nearest power of the square root of two."""
    odds = quantised_figure(value / max(1.0 - value, 1e-9))
    return odds / (1.0 + odds)


def shares_of(counts: Ints, *, field: str) -> tuple[Floats, float]:
    """How frequent each value is, from its count (place 0 counts nothing), and the least that a value can have."""
    total = max(int(counts[1:].sum()), 1)
    fewest, usual = _FEWEST.get(field, (_HALF, 1.0))
    rarest = quantised_figure(min(fewest / total, usual))
    found = np.where(counts <= fewest, rarest, np.maximum(quantised(counts / total), rarest))
    found[:1] = 0.0
    return found, rarest


def measure(evidence: Evidence, label: Ints, *, weights: Weights) -> Statistics:
    """The figures of all evidence; `label` is the component of each row by keys alone.

    `weights.agrees` holds for fields of which keys tie too few records to tell.
    """
    people = ~evidence.is_staff
    shares, rarest = {}, {}
    for field in FIELDS:
        values = getattr(evidence, field)
        carried = np.where(people, values, 0)
        counts = np.bincount(carried, minlength=int(values.max(initial=0)) + 1)
        shares[field], rarest[field] = shares_of(counts, field=field)
    named = people & evidence.is_own & evidence.name_is_full & (evidence.name != 0) & (evidence.birthday != 0)
    by_prefix = _phones_by_prefix(evidence, people)
    phones = float(by_prefix.sum())
    places, habit, mean = _visits(evidence, label)
    return Statistics(
        rows=quantised_figure(float(people.sum())),
        named=quantised_figure(float(len(np.unique(label[named])))),
        phones=quantised_figure(phones),
        phones_by_prefix=quantised(np.maximum(by_prefix, _HALF) / max(phones, 1.0)),
        share_known=quantised_share(_share_known(evidence, label, by_prefix)),
        pairs_true=quantised_figure(_pairs_true(evidence, label)),
        agrees={field: _agrees(evidence, label, field=field, usual=usual) for field, usual in weights.agrees.items()},
        shares=shares,
        rarest=rarest,
        usual_places=places,
        habit=habit,
        mean_visits=mean,
    )


def without_phone(evidence: Evidence, used: Ints) -> Flags:
    """Rows that show a masked phone, in groups that know no full one."""
    has_phone = np.zeros(len(evidence), bool)
    has_phone[used[evidence.keys["phone"] != 0]] = True
    found: Flags = ~evidence.is_staff & (evidence.mask != 0) & ~has_phone[used]
    return found


def changed(before: Statistics, after: Statistics) -> Iterator[str]:
    """Names of the figures that differ; `share:FIELD` where only values' shares do (compare these value by value)."""
    for name in ("rows", "named", "phones", "share_known", "pairs_true", "agrees", "habit", "mean_visits"):
        if getattr(before, name) != getattr(after, name):
            yield name
    for name in ("phones_by_prefix", "usual_places"):
        if not np.array_equal(getattr(before, name), getattr(after, name)):
            yield name
    for field in FIELDS:
        if before.rarest[field] != after.rarest[field]:
            yield f"rarest:{field}"
        if not np.array_equal(before.shares[field], after.shares[field]):
            yield f"share:{field}"


def _phones_by_prefix(evidence: Evidence, people: Flags) -> Floats:
    """Distinct known phones by the first three digits."""
    phones = np.where(people & (evidence.mask != 0), evidence.keys["phone"], 0)
    prefixes, counts = distinct_pairs(np.minimum(evidence.prefix, _PREFIXES - 1), phones)
    found = np.zeros(_PREFIXES)
    found[prefixes] = counts
    return found


def _share_known(evidence: Evidence, label: Ints, by_prefix: Floats) -> float:
    """From how many masked rows have any known phone with their digits, less those that have one by chance."""
    masked = np.flatnonzero(without_phone(evidence, label))
    owners = np.flatnonzero(~evidence.is_staff & (evidence.mask != 0) & (evidence.keys["phone"] != 0))
    if not len(masked) or not len(owners):
        return _HALF
    known = np.zeros(int(evidence.mask.max()) + 1, bool)
    known[evidence.mask[owners]] = True
    hit = float(known[evidence.mask[masked]].mean())
    by_chance = 1.0 - np.exp(-np.maximum(by_prefix, _HALF) / _PATTERNS_A_PREFIX)
    random = float(by_chance[np.minimum(evidence.prefix[masked], _PREFIXES - 1)].mean())
    return float(np.clip((hit - random) / max(1.0 - random, 1e-9), 0.05, 0.98))


def _pairs_true(evidence: Evidence, label: Ints) -> float:
    """Pairs of groups with equal masked phones and no full one: those beyond chance, for each that chance explains."""
    rows = np.flatnonzero(without_phone(evidence, label))
    groups, counts = distinct_pairs(evidence.mask[rows], label[rows] + 1)
    seen = float((counts * (counts - 1)).sum())
    prefix = np.zeros(int(evidence.mask.max(initial=0)) + 1, np.int64)
    prefix[evidence.mask[rows]] = np.minimum(evidence.prefix[rows], _PREFIXES - 1)
    held = np.bincount(prefix[groups], weights=counts, minlength=1)
    chance = float((held * held).sum()) / _PATTERNS_A_PREFIX
    return min(max(seen - chance, 0.05 * chance, _HALF) / max(chance, _HALF), 1e4)


def _agrees(evidence: Evidence, label: Ints, *, field: str, usual: float) -> float:
    """How often neighbours within a component agree in a field that both carry, `usual` counting as some pairs."""
    values = np.where(evidence.name_is_full, evidence.name, 0) if field == "name" else getattr(evidence, field)
    rows = np.flatnonzero((values != 0) & ~evidence.is_staff)
    first = np.zeros(len(label), np.int64)
    first[label[rows[::-1]]] = rows[::-1]
    lead = first[label[rows]]
    others = lead != rows
    same = float((values[lead[others]] == values[rows[others]]).sum())
    found = (same + usual * _WRITTEN_PAIRS) / (int(others.sum()) + _WRITTEN_PAIRS)
    return quantised_share(min(found, _MOST_AGREEING))


def _visits(evidence: Evidence, label: Ints) -> tuple[Floats, float, float]:
    """Each place's share of visits, how little people keep to their places, and visits of a group that has any."""
    seen = evidence.seen_at
    if seen is None:
        return np.zeros(0), 1.0, 1.0
    with_digits = np.where((evidence.mask != 0) & (evidence.place == 0), evidence.visits, 0)
    total = np.bincount(label, weights=with_digits, minlength=len(label))
    mean = float(total.sum()) / max(int((total > 0).sum()), 1)
    return quantised(seen.usual), quantised_figure(seen.habit), quantised_figure(mean)

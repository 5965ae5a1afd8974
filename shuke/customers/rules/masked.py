"""Records that show a phone as 138****5678: they join a customer only with further evidence.

For a group of records that knows a masked phone only, the customers j whose full phone has the same seven digits are
candidates. By Bayes, with rho the share of such groups whose owner is known by a full phone, lambda the number of known
phones expected to show these seven digits by chance, and w_j the likelihood ratio of the further evidence (Fellegi and
Sunter 1969, "A theory for record linkage": agreement in the same person over agreement by chance, both per field),

    P(j) = rho w_j / (rho sum_k w_k + (1 - rho) lambda).

Agreement by chance is the value's own frequency in the data and lambda grows with the number of phones, so precision
does not fall as the retailer grows. All records of both groups speak (`knowledge`). A candidate without any agreeing
name, initial, birthday or city, and whom the place of the receipt does not speak for (`places`), is none.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from shuke.customers.rules.components import joined
from shuke.customers.rules.knowledge import other_account, rows_of, two_of
from shuke.customers.rules.places import place_ratio
from shuke.customers.rules.statistics import without_phone
from shuke.customers.values import Evidence, Flags, Floats, Ints, Statistics, Weights

Close = Callable[[Ints, Ints], Flags]
"""Whether the full names of each pair of rows are two spellings of one."""

_PATTERNS_A_PREFIX = 10_000
_OTHER_ACCOUNT = 0.05
_LAST_PREFIX = 999
# Without a name that agrees the owner of the phone may be another one of the family: so sure at most.
_NAMELESS = 0.93
# What a place alone makes likely was right in 90 of 100 where 92 to 98 were promised (tests/customers/test_places.py):
# below the first figure it counts as no more than the second.
_SURE_PLACE, _PLACE_ALONE = 0.985, 0.9


@dataclass(frozen=True)
class Joins:
    """Row `masked[i]` belongs to whom row `owner[i]` belongs to, with `probability[i]`."""

    masked: Ints
    owner: Ints
    probability: Floats


Attach = Callable[[Evidence, Ints], Joins]
"""From the groups so far to joins of them."""


def nothing(_evidence: Evidence, _used: Ints) -> Joins:
    """No joins."""
    return Joins(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


def attach(
    evidence: Evidence, used: Ints, *, statistics: Statistics, weights: Weights, close: Close | None = None
) -> Joins:
    """The likeliest owner of each group that knows a masked phone only, down to `review_from`."""
    masked = np.flatnonzero(without_phone(evidence, used))
    owners = np.flatnonzero(~evidence.is_staff & (evidence.mask != 0) & (evidence.keys["phone"] != 0))
    left, right = _once(used, *_same_mask(evidence.mask, masked, owners))
    likely, further, named = _likelihood_ratio(evidence, used, left, right, statistics=statistics, close=close)
    likely *= np.where(other_account(evidence, used, left, right), _OTHER_ACCOUNT, 1.0)
    at_place, known_there = place_ratio(evidence, used, left, right, statistics=statistics)
    # Whom nothing speaks for may be the owner nonetheless, and counts among the others.
    share = statistics.share_known
    return _best(
        used,
        left,
        right,
        ratio=share * likely * at_place,
        may_join=further | known_there,
        alternative=(1 - share) * _by_chance(statistics, evidence.prefix[left]),
        most=np.where(named | known_there, 1.0, _NAMELESS),
        by_place=known_there & ~named,
        weights=weights,
    )


def attach_each_other(
    evidence: Evidence, used: Ints, *, statistics: Statistics, weights: Weights, close: Close | None = None
) -> Joins:
    """Ties between groups without any full phone: the same seven digits and further evidence.

    The odds before the evidence are how many pairs of such groups share their digits beyond chance, for each that does
    so by chance: `Statistics.pairs_true`.
    """
    speaks = np.zeros(len(evidence), bool)
    speaks[used[(evidence.initial != 0) | (evidence.birthday != 0) | (evidence.city != 0)]] = True
    masked = np.flatnonzero(without_phone(evidence, used) & speaks[used])
    left, right = _same_mask(evidence.mask, masked, masked)
    after = used[left] < used[right]
    left, right = _once(used, left[after], right[after])
    ratio, further, named = _likelihood_ratio(evidence, used, left, right, statistics=statistics, close=close)
    odds = statistics.pairs_true * ratio * np.where(other_account(evidence, used, left, right), _OTHER_ACCOUNT, 1.0)
    probability = np.minimum(odds / (1.0 + odds), np.where(named, 1.0, _NAMELESS))
    keep = further & (probability >= weights.review_from)
    return Joins(right[keep], left[keep], probability[keep])


def _same_mask(mask: Ints, left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """All pairs of a left and a right row with equal mask."""
    asked = np.zeros(int(mask.max(initial=0)) + 1, bool)
    asked[mask[left]] = True
    right = right[asked[mask[right]]]
    right = right[np.argsort(mask[right], kind="stable")]
    held = np.bincount(mask[right], minlength=len(asked))
    start, count = (np.cumsum(held) - held)[mask[left]], held[mask[left]]
    pairs = np.repeat(np.arange(len(left)), count)
    inside = np.arange(len(pairs)) - np.repeat(np.cumsum(count) - count, count)
    return left[pairs], right[np.repeat(start, count) + inside]


def _once(used: Ints, left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """One pair of rows a pair of groups: the first; sorted by group."""
    pair = used[left] * len(used) + used[right]
    _, first = np.unique(pair, return_index=True)
    return left[first], right[first]


def _by_chance(statistics: Statistics, prefix: Ints) -> Floats:
    """lambda: known phones with a prefix over the patterns that it can show."""
    found: Floats = statistics.phones * statistics.phones_by_prefix[np.minimum(prefix, _LAST_PREFIX)]
    return np.maximum(found, 0.5) / _PATTERNS_A_PREFIX


def _likelihood_ratio(
    evidence: Evidence, used: Ints, left: Ints, right: Ints, *, statistics: Statistics, close: Close | None
) -> tuple[Floats, Flags, Flags]:
    """w of each pair of groups; whether name, birthday or city agree and no name contradicts; whether a name agrees."""
    one, other = used[left], used[right]
    rows = rows_of(used, (one, other))
    ratio, named, against = _names_ratio(evidence, used, one, other, rows=rows, statistics=statistics, close=close)
    further = named.copy()
    same_city = np.zeros(len(left), bool)
    for field in ("city", "district", "birthday", "gender"):
        agreed, both = two_of(used, getattr(evidence, field), rows=rows).meet(one, other)
        if field == "district":
            both &= same_city
        usual, share = statistics.agrees[field], statistics.shares[field][agreed]
        # Disagreement is as frequent by chance as two random values differ.
        apart = max(1.0 - float((statistics.shares[field] ** 2).sum()), 0.05)
        ratio *= np.where(both, np.where(agreed != 0, usual / np.maximum(share, 1e-9), (1.0 - usual) / apart), 1.0)
        if field == "city":
            same_city = agreed != 0
        if field in ("city", "birthday"):
            further |= agreed != 0
    return ratio, further & ~against, named


def _names_ratio(
    evidence: Evidence, used: Ints, one: Ints, other: Ints, *, rows: Ints, statistics: Statistics, close: Close | None
) -> tuple[Floats, Flags, Flags]:
    """What names say, full ones where both sides have one, else their first characters; who agrees, who contradicts."""
    same_name, both_named = two_of(used, np.where(evidence.name_is_full, evidence.name, 0), rows=rows).meet(one, other)
    same_initial, both_lettered = two_of(used, evidence.initial, rows=rows).meet(one, other)
    by_name, by_initial = statistics.agrees["name"], statistics.agrees["initial"]
    rare_initial = np.maximum(statistics.shares["initial"][same_initial], 1e-9)
    apart = max(1.0 - float((statistics.shares["initial"] ** 2).sum()), 0.05)
    lettered = np.where(same_initial != 0, by_initial / rare_initial, (1.0 - by_initial) / apart)
    named = np.where(same_name != 0, by_name / np.maximum(statistics.shares["name"][same_name], 1e-9), 0.0)
    # Two full names that differ, with the same first character: now and then one is misspelt.
    spelt = both_named & (same_name == 0) & (same_initial != 0)
    alike = np.zeros(len(one), bool)
    if close is not None and spelt.any():
        asked = np.flatnonzero(spelt)
        holder = _first_named(evidence, used)
        alike[asked] = close(holder[one[asked]], holder[other[asked]])
    wrong = max(1.0 - by_name, 1e-3)
    differing = np.where(alike, wrong * _MISSPELT / (rare_initial * _CLOSE_BY_CHANCE), wrong * (1.0 - _MISSPELT))
    named = np.where(same_name != 0, named, differing)
    ratio = np.where(both_named, named, np.where(both_lettered, lettered, 1.0))
    agrees = np.where(both_named, (same_name != 0) | alike, same_initial != 0)
    return ratio, agrees, (both_named | both_lettered) & ~agrees


# Of differing full names of one person, how many are close spellings; of two people with one initial, how many are so.
_MISSPELT = 0.6
_CLOSE_BY_CHANCE = 0.03


def _first_named(evidence: Evidence, used: Ints) -> Ints:
    """By group: its first row with a full name."""
    found = np.zeros(len(used), np.int64)
    rows = np.flatnonzero(evidence.name_is_full & (evidence.name != 0))[::-1]
    found[used[rows]] = rows
    return found


def _best(
    used: Ints,
    left: Ints,
    right: Ints,
    *,
    ratio: Floats,
    may_join: Flags,
    alternative: Floats,
    most: Floats,
    by_place: Flags,
    weights: Weights,
) -> Joins:
    """For each masked group (`left` is sorted by it) the likeliest owner, if it may join and reaches `review_from`."""
    if not len(left):
        return Joins(left, right, ratio)
    begins = np.flatnonzero(np.diff(used[left], prepend=-1))
    place = np.repeat(np.arange(len(begins)), np.diff(np.append(begins, len(left))))
    total = np.bincount(place, weights=ratio)
    probability = np.minimum(ratio / (total[place] + alternative), most)
    capped = by_place & (probability < _SURE_PLACE)
    probability = np.where(capped, np.minimum(probability, _PLACE_ALONE), probability)
    top = np.flatnonzero(probability == np.maximum.reduceat(probability, begins)[place])
    # Of several that are equally likely the earliest.
    top = top[np.lexsort((right[top], place[top]))]
    chosen = top[np.diff(place[top], prepend=-1) != 0]
    chosen = chosen[(probability[chosen] >= weights.review_from) & may_join[chosen]]
    return Joins(left[chosen], right[chosen], probability[chosen])


def likely(joins: Joins, least: float) -> Joins:
    """The joins of at least `least` probability."""
    sure = joins.probability >= least
    return Joins(joins.masked[sure], joins.owner[sure], joins.probability[sure])


def merge(labels: Ints, joins: Joins, *, least: float = 0.0) -> Ints:
    """Labels after the joins of at least `least` probability."""
    sure = joins.probability >= least
    return joined(labels, joins.masked[sure], joins.owner[sure])

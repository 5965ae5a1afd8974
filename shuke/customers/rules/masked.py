"""Records that show a phone as 138****5678: they join a customer only with further evidence.

For a masked record u, the customers j whose full phone has the same seven digits are candidates. By Bayes, with rho
the share of masked records whose owner is known by a full phone, lambda the number of known phones expected to show
these seven digits by chance, and w_j the likelihood ratio of the further evidence (Fellegi and Sunter 1969, "A theory
for record linkage": agreement in the same person over agreement by chance, both per field),

    P(j) = rho w_j / (rho sum_k w_k + (1 - rho) lambda).

Agreement by chance is the value's own frequency in the data and lambda grows with the number of phones, so precision
does not fall as the retailer grows. A candidate without any agreeing name, initial or birthday, and whom the place of
the receipt does not speak for (`places`), is none.
"""

from dataclasses import dataclass

import numpy as np

from shuke.customers.rules.components import joined
from shuke.customers.rules.places import place_ratio
from shuke.customers.values import Evidence, Flags, Floats, Ints, Weights

_PATTERNS_A_PREFIX = 10_000
_OTHER_ACCOUNT = 0.05


@dataclass(frozen=True)
class Joins:
    """Row `masked[i]` belongs to whom row `owner[i]` belongs to, with `probability[i]`."""

    masked: Ints
    owner: Ints
    probability: Floats


def attach(evidence: Evidence, used: Ints, *, weights: Weights) -> Joins:
    """The best owner of each group that knows a masked phone only, where it is probable enough."""
    has_phone = np.zeros(len(evidence), bool)
    has_phone[used[evidence.keys["phone"] != 0]] = True
    free = ~evidence.is_staff & (evidence.mask != 0)
    masked = np.flatnonzero(free & (evidence.keys["phone"] == 0) & ~has_phone[used])
    owners = np.flatnonzero(free & (evidence.keys["phone"] != 0))
    left, right = _same_mask(evidence.mask, masked, owners)
    chance = _expected_by_chance(evidence, owners)
    share = _share_known(evidence, masked=masked, owners=owners, chance=chance)
    likely, further = _likelihood_ratio(evidence, left, right, weights=weights, owners=owners)
    likely *= np.where(_other_account(evidence, used, left, right), _OTHER_ACCOUNT, 1.0)
    at_place, known_there = place_ratio(evidence, used, left, right)
    # Whom a place does not speak for may be the maker of a bare receipt nonetheless, and counts among the others.
    counted, may_join = further | (evidence.place[left] != 0), further | known_there
    likely = share * likely * at_place
    return _best(
        used,
        left[counted],
        right[counted],
        ratio=likely[counted],
        may_join=may_join[counted],
        alternative=(1 - share) * chance[evidence.prefix[left[counted]]],
        weights=weights,
    )


def attach_each_other(evidence: Evidence, used: Ints, *, weights: Weights) -> Joins:
    """Ties between groups without any full phone: same seven digits and same full name, or same initial and city."""
    has_phone = np.zeros(len(evidence), bool)
    has_phone[used[evidence.keys["phone"] != 0]] = True
    free = ~evidence.is_staff & (evidence.mask != 0) & (evidence.keys["phone"] == 0) & ~has_phone[used]
    owners = np.flatnonzero(evidence.keys["phone"] != 0)
    chance = _expected_by_chance(evidence, owners)
    names, initials, cities = (
        _frequency(values, owners) for values in (evidence.name, evidence.initial, evidence.city)
    )
    by_name = np.flatnonzero(free & evidence.name_is_full & (evidence.name != 0))
    by_initial = np.flatnonzero(free & (evidence.initial != 0) & (evidence.city != 0) & ~evidence.name_is_full)
    found = []
    for rows, second, rare in (
        (by_name, evidence.name, names[evidence.name[by_name]]),
        (
            by_initial,
            evidence.initial * (int(evidence.city.max(initial=0)) + 1) + evidence.city,
            initials[evidence.initial[by_initial]] * cities[evidence.city[by_initial]],
        ),
    ):
        order = np.lexsort((rows, second[rows], evidence.mask[rows]))
        rows, rare = rows[order], rare[order]
        same = (evidence.mask[rows[1:]] == evidence.mask[rows[:-1]]) & (second[rows[1:]] == second[rows[:-1]])
        probability = 1.0 / (1.0 + chance[evidence.prefix[rows[1:]]] * rare[1:] * 2.0)
        keep = same & (probability >= weights.probable_from) & (used[rows[1:]] != used[rows[:-1]])
        found.append((rows[1:][keep], rows[:-1][keep], probability[keep]))
    masked, owner, probability = (np.concatenate([part[i] for part in found]) for i in range(3))
    calm = ~_contradict(evidence, used, masked, owner)
    return Joins(masked[calm], owner[calm], probability[calm])


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


def _expected_by_chance(evidence: Evidence, owners: Ints) -> Floats:
    """lambda by prefix: distinct known phones with it over the patterns that it can show."""
    phones = evidence.keys["phone"]
    shown = np.full(int(phones.max(initial=0)) + 1, -1, np.int64)
    shown[phones[owners]] = evidence.prefix[owners]
    counts = np.bincount(shown[shown >= 0], minlength=int(evidence.prefix.max(initial=0)) + 1)
    return np.where(counts, counts, 0.5) / _PATTERNS_A_PREFIX


def _share_known(evidence: Evidence, *, masked: Ints, owners: Ints, chance: Floats) -> float:
    """rho, from how many masked rows have any candidate at all, less those that have one by chance."""
    if not len(masked) or not len(owners):
        return 0.5
    known = np.zeros(int(evidence.mask.max()) + 1, bool)
    known[evidence.mask[owners]] = True
    hit = float(known[evidence.mask[masked]].mean())
    random = float((1.0 - np.exp(-chance[evidence.prefix[masked]])).mean())
    return float(np.clip((hit - random) / max(1.0 - random, 1e-9), 0.05, 0.98))


def _likelihood_ratio(
    evidence: Evidence, left: Ints, right: Ints, *, weights: Weights, owners: Ints
) -> tuple[Floats, Flags]:
    """w of each pair, and whether a name, initial or birthday agrees."""
    agrees = weights.agrees
    ratio = np.ones(len(left))
    further = np.zeros(len(left), bool)
    named = (evidence.name[left] != 0) & (evidence.name[right] != 0)
    for field, values, used_where in (
        ("name", evidence.name, named),
        ("initial", evidence.initial, ~named),
        ("city", evidence.city, None),
        ("district", evidence.district, _same(evidence.city, left, right)),
        ("birthday", evidence.birthday, None),
        ("gender", evidence.gender, None),
    ):
        a, b = values[left], values[right]
        both = (a != 0) & (b != 0)
        if used_where is not None:
            both &= used_where
        frequency = _frequency(values, owners)[a]
        same = agrees[field] / np.maximum(frequency, 1e-9)
        other = (1.0 - agrees[field]) / np.maximum(1.0 - frequency, 1e-9)
        ratio *= np.where(both, np.where(a == b, same, other), 1.0)
        if field in ("name", "initial", "birthday"):
            further |= both & (a == b)
    return ratio, further


def _other_account(evidence: Evidence, used: Ints, left: Ints, right: Ints) -> Flags:
    """Whether the two groups carry different cards, members or unionids."""
    found = np.zeros(len(left), bool)
    if not len(left):
        return found
    for kind in ("member_id", "card", "unionid"):
        of_group = np.zeros(len(used), np.int64)
        rows = np.flatnonzero(evidence.keys[kind])[::-1]
        of_group[used[rows]] = evidence.keys[kind][rows]
        a, b = of_group[used[left]], of_group[used[right]]
        found |= (a != 0) & (b != 0) & (a != b)
    return found


def _best(
    used: Ints, left: Ints, right: Ints, *, ratio: Floats, may_join: Flags, alternative: Floats, weights: Weights
) -> Joins:
    """For each masked group its likeliest owner group, where it may join and its posterior reaches `probable_from`."""
    if not len(left):
        return Joins(left, right, ratio)
    # One weight a pair of groups: the best of its row pairs; ties go to the first row.
    order = np.lexsort((right, left, -ratio, used[right], used[left]))
    left, right = left[order], right[order]
    fresh = np.ones(len(left), bool)
    fresh[1:] = (used[left[1:]] != used[left[:-1]]) | (used[right[1:]] != used[right[:-1]])
    left, right, order = left[fresh], right[fresh], order[fresh]
    ratio, alternative, may_join = ratio[order], alternative[order], may_join[order]
    place = np.unique(used[left], return_inverse=True)[1]
    total = np.bincount(place, weights=ratio)
    probability = ratio / (total[place] + alternative)
    order = np.lexsort((right, -probability, place))
    top = np.ones(len(order), bool)
    top[1:] = place[order][1:] != place[order][:-1]
    chosen = order[top]
    chosen = chosen[(probability[chosen] >= weights.probable_from) & may_join[chosen]]
    return Joins(left[chosen], right[chosen], probability[chosen])


def _contradict(evidence: Evidence, used: Ints, left: Ints, right: Ints) -> Flags:
    """Whether the two groups differ in a birthday or an account."""
    born_a, born_b = evidence.birthday[left], evidence.birthday[right]
    born_apart: Flags = (born_a != 0) & (born_b != 0) & (born_a != born_b)
    return born_apart | _other_account(evidence, used, left, right)


def _same(values: Ints, left: Ints, right: Ints) -> Flags:
    found: Flags = (values[left] != 0) & (values[left] == values[right])
    return found


def _frequency(values: Ints, rows: Ints) -> Floats:
    """By value: how frequent it is among `rows` that carry one; half a row's share where none does."""
    counts = np.bincount(values[rows], minlength=int(values.max(initial=0)) + 1)
    counts[0] = 0
    return np.where(counts, counts, 0.5) / max(int(counts.sum()), 1)


def merge(labels: Ints, joins: Joins, *, least: float = 0.0) -> Ints:
    """Labels after the joins of at least `least` probability."""
    sure = joins.probability >= least
    return joined(labels, joins.masked[sure], joins.owner[sure])

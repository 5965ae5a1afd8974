"""Where a receipt was made as evidence of who made it.

A candidate j was seen n_js times at place s, n_j times in all; of all visits q_s are at s. With places drawn by habit
(Dirichlet-multinomial), the next visit of j is at s with probability (n_js + a q_s) / (n_j + a); a, how little habit
binds, follows from how often two visits of one customer were at one place (Sum_s q_s^2 would be chance). The ratio to
q_s is what the place says for j, and n_j over its mean how much likelier j is to have made any receipt.
"""

import numpy as np

from shuke.customers.values import Evidence, Flags, Floats, Ints

# A place that is hardly likelier for the candidate than for anybody is no evidence.
_SAYS_SOMETHING = 2.0


def place_ratio(evidence: Evidence, used: Ints, left: Ints, right: Ints) -> tuple[Floats, Flags]:
    """For each pair of a bare receipt and a candidate: the likelihood ratio, and whether the place speaks for it."""
    place = evidence.place[left]
    if not place.any():
        return np.ones(len(left)), np.zeros(len(left), bool)
    visits = evidence.visits
    size = int(max(evidence.place.max(), visits.places.max(initial=0))) + 1
    at = used[visits.rows] * size + visits.places
    keys, where = np.unique(at, return_inverse=True)
    times = np.bincount(where, weights=visits.times).astype(float)
    total = np.bincount(keys // size, weights=times, minlength=len(used)).astype(float)
    usual = np.bincount(visits.places, weights=visits.times, minlength=size)
    usual = np.where(usual, usual, 0.5) / max(usual.sum(), 1)
    habit = _habit(times, total, usual=usual)
    asked = used[right] * size + place
    found = np.minimum(np.searchsorted(keys, asked), max(len(keys) - 1, 0))
    there = np.where(keys[found] == asked, times[found], 0) if len(keys) else np.zeros(len(asked))
    ratio = (there / usual[place] + habit) / (total[used[right]] + habit)
    mean = total.sum() / max(int((total > 0).sum()), 1)
    known = (place != 0) & (there > 0) & (ratio >= _SAYS_SOMETHING)
    weight = ratio * (total[used[right]] + 1) / (mean + 1)
    return np.where(place != 0, weight, 1.0), known


def _habit(times: Floats, total: Floats, *, usual: Floats) -> float:
    """a, from the share of pairs of one customer's visits that are at one place."""
    pairs = float((total * (total - 1)).sum())
    if pairs <= 0:
        return 1e9
    same = float((times * (times - 1)).sum()) / pairs
    chance = float((usual[1:] ** 2).sum())
    return float(np.clip((1 - same) / max(same - chance, 1e-9), 1e-3, 1e9))

"""Where a receipt was made as evidence of who made it.

A candidate j was seen n_js times at place s, n_j times in all; of all visits q_s are at s. With places drawn by habit
(Dirichlet-multinomial), the next visit of j is at s with probability (n_js + a q_s) / (n_j + a); a, how little habit
binds, follows from how often two visits of one customer were at one place (Sum_s q_s^2 would be chance). The ratio to
q_s is what the place says for j, and n_j over its mean how much likelier j is to have made any receipt.
"""

import numpy as np

from shuke.customers.values import Evidence, Flags, Floats, Ints, Statistics

# A place that is hardly likelier for the candidate than for anybody is no evidence.
_SAYS_SOMETHING = 2.0


def place_ratio(
    evidence: Evidence, used: Ints, left: Ints, right: Ints, *, statistics: Statistics
) -> tuple[Floats, Flags]:
    """For each pair of a bare receipt and a candidate: the likelihood ratio, and whether the place speaks for it."""
    seen = evidence.seen_at
    if seen is None:
        return np.ones(len(left)), np.zeros(len(left), bool)
    place, usual = evidence.place[left], statistics.usual_places
    with_digits = np.where((evidence.mask != 0) & (evidence.place == 0), evidence.visits, 0)
    total = np.bincount(used, weights=with_digits, minlength=len(used))
    keys, at = np.unique(used[seen.rows] * len(usual) + seen.places, return_inverse=True)
    times = np.append(np.bincount(at, weights=seen.times, minlength=len(keys)), 0.0)
    asked = used[right] * len(usual) + place
    found = np.minimum(np.searchsorted(keys, asked), max(len(keys) - 1, 0))
    there = times[np.where(keys[found] == asked, found, len(keys))] if len(keys) else np.zeros(len(asked))
    visits = np.maximum(total[used[right]], there)
    ratio = (there / usual[place] + statistics.habit) / (visits + statistics.habit)
    speaks = (place != 0) & (there > 0) & (ratio >= _SAYS_SOMETHING)
    return np.where(place != 0, ratio * (visits + 1) / (statistics.mean_visits + 1), 1.0), speaks


def habit(who: Ints, places: Ints, *, times: Ints) -> tuple[Floats, float]:
    """Each place's share of visits by its number, and a, from visits (one row a customer and place) of a sample.

    Without two visits of anybody, or where two visits of one customer are no oftener at one place than anybody's, a is
    so great that places say nothing.
    """
    counted = np.bincount(places, weights=times, minlength=1)
    usual: Floats = np.where(counted, counted, 0.5) / max(float(counted.sum()), 1.0)
    _, number = np.unique(who, return_inverse=True)
    total = np.bincount(number, weights=times)
    pairs = float((total * (total - 1)).sum())
    same = float((times * (times - 1)).sum()) / max(pairs, 1.0)
    chance = float((usual[1:] ** 2).sum())
    return usual, float(np.clip((1 - same) / max(same - chance, 1e-9), 1e-3, 1e9))

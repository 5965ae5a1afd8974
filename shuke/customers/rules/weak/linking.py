"""From pairs to customers: joins two groups only where all their records, not one bridge, speak for it.

Average linkage: of all pairs of groups the likeliest join first; what two groups are to each other is the mean over
all pairs of their records, a pair that no block gave counting as unlikely. So one weak bridge joins no dense groups.
"""

from heapq import heapify, heappop, heappush

import numpy as np

from shuke.customers.rules.components import components, joined
from shuke.customers.values import Flags, Floats, Ints

# The log odds of a pair that no block gave, and the most that one pair may say.
_UNSEEN, _MOST = -2.0, 6.0
# The log odds of a join from the mean of its pairs, fitted to what joins turned out to be over the kinds of `bench`.
_CALIBRATED = (1.2, 0.75)


def link(left: Ints, right: Ints, score: Floats, *, least: float) -> tuple[Ints, Ints, Floats]:
    """Joins of nodes in the order in which they are made: a node of either side and how probable the join is.

    `score`: log odds of each pair of nodes. Joins less probable than `least` are not made.
    """
    base, slope = _CALIBRATED
    left, right, mean = average(left, right, score, least=(float(np.log(least / (1.0 - least))) - base) / slope)
    return left, right, 1.0 / (1.0 + np.exp(-(base + slope * mean)))


def within_reach(left: Ints, right: Ints, score: Floats) -> Flags:
    """Pairs whose nodes hang together by pairs that are likelier than one that no block gave: the others join none."""
    near = score > _UNSEEN
    label = joined(np.arange(int(max(left.max(initial=-1), right.max(initial=-1))) + 1), left[near], right[near])
    found: Flags = label[left] == label[right]
    return found


def average(
    left: Ints, right: Ints, score: Floats, *, least: float, unseen: float = _UNSEEN, most: float = _MOST
) -> tuple[Ints, Ints, Floats]:
    """Joins down to a mean of `least`, with their means."""
    score = np.clip(score, -most, most)
    nodes, place = np.unique(np.concatenate([left, right]), return_inverse=True)
    one, other = place[: len(left)], place[len(left) :]
    near = score > unseen
    label = components(len(nodes), [(one[near], other[near])])
    inside = label[one] == label[other]
    one, other, score = one[inside], other[inside], score[inside]
    order = np.lexsort((other, one, label[one]))
    one, other, score = one[order], other[order], score[order]
    cuts = np.flatnonzero(np.diff(label[one], prepend=-1, append=-1))
    found: list[tuple[int, int, float]] = []
    lefts, rights, scores = one.tolist(), other.tolist(), score.tolist()
    for begin, end in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        edges = list(zip(lefts[begin:end], rights[begin:end], scores[begin:end], strict=True))
        found += edges if len(edges) == 1 and edges[0][2] >= least else _agglomerate(edges, unseen=unseen, least=least)
    joined = np.array([(nodes[a], nodes[b]) for a, b, _ in found], np.int64).reshape(-1, 2)
    return joined[:, 0], joined[:, 1], np.array([mean for _, _, mean in found], float)


def _agglomerate(edges: list[tuple[int, int, float]], *, unseen: float, least: float) -> list[tuple[int, int, float]]:
    """Average linkage within one component. Beside each pair of groups: the sum of scores over `unseen`."""
    around: dict[int, dict[int, float]] = {}
    for a, b, score in edges:
        around.setdefault(a, {})[b] = around.setdefault(b, {})[a] = score - unseen
    size = dict.fromkeys(around, 1)
    heap = [(-score, a, b, 1, 1) for a, b, score in edges if score >= least]
    heapify(heap)
    made = []
    while heap:
        negative, a, b, size_a, size_b = heappop(heap)
        if size.get(a) != size_a or size.get(b) != size_b:
            continue
        made.append((a, b, -negative))
        mine, gone = around[a], around.pop(b)
        size[a] += size.pop(b)
        for other, more in gone.items():
            if other != a:
                mine[other] = mine.get(other, 0.0) + more
                del around[other][b]
        del mine[b]
        for other, total in mine.items():
            around[other][a] = total
            mean = unseen + total / (size[a] * size[other])
            if mean >= least:
                lo, hi = sorted((a, other))
                heappush(heap, (-mean, lo, hi, size[lo], size[hi]))
    return made

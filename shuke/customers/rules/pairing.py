"""What was likely only, one pair of groups at a time, and how certain that leaves each customer."""

from collections.abc import Sequence

import numpy as np

from shuke.customers.rules.contested import Tie
from shuke.customers.values import NO_PAIRS, Evidence, Flags, Floats, Ints, Pairs


def pairs_of(ties: Sequence[Tie]) -> Pairs:
    """Ties of contested components as arrays; `joined` is told later."""
    if not ties:
        return NO_PAIRS
    return Pairs(
        left=np.array([tie.left for tie in ties], np.int64),
        right=np.array([tie.right for tie in ties], np.int64),
        probability=np.array([tie.probability for tie in ties], float),
        reason=np.array([int(tie.reason) for tie in ties], np.int64),
        joined=np.zeros(len(ties), bool),
        refused=np.array([tie.refused for tie in ties], bool),
    )


def all_of(pairs: Sequence[Pairs]) -> Pairs:
    """All of them, one after the other."""
    columns = {name: np.concatenate([getattr(part, name) for part in pairs]) for name in Pairs.__dataclass_fields__}
    return Pairs(**columns)


def told(pairs: Pairs, evidence: Evidence, *, used: Ints, automatic: Ints, nobody: Flags, least: float) -> Pairs:
    """Of all ties the likeliest of each two groups, sorted by rows; without those below `least`.

    Groups are the final ones: in use, or automatic within one in use. Left out is what is certain by another way, what
    a person decided, and ties between two rows that are `nobody`.
    """
    left, right = np.minimum(pairs.left, pairs.right), np.maximum(pairs.left, pairs.right)
    joined = used[left] == used[right]
    labels = np.where(joined, automatic[left], used[left]), np.where(joined, automatic[right], used[right])
    keep = (labels[0] != labels[1]) & (pairs.probability >= least) & ~(nobody[left] & nobody[right])
    keep &= ~_decided(evidence, used, left, right)
    rows = np.flatnonzero(keep)
    one, other = np.minimum(*labels)[rows], np.maximum(*labels)[rows]
    order = np.lexsort((right[rows], left[rows], -pairs.probability[rows], other, one))
    first = np.ones(len(order), bool)
    first[1:] = (one[order][1:] != one[order][:-1]) | (other[order][1:] != other[order][:-1])
    rows = rows[order[first]]
    rows = rows[np.lexsort((right[rows], left[rows]))]
    return Pairs(
        left=left[rows],
        right=right[rows],
        probability=pairs.probability[rows],
        reason=pairs.reason[rows],
        joined=joined[rows],
        refused=pairs.refused[rows] & ~joined[rows],
    )


def certainty(pairs: Pairs, used: Ints) -> Floats:
    """By label: the probability that all rows of the group are one person, the product over its doubtful ties."""
    found = np.ones(max(len(used), 1))
    np.multiply.at(found, used[pairs.left[pairs.joined]], pairs.probability[pairs.joined])
    return found


def _decided(evidence: Evidence, used: Ints, left: Ints, right: Ints) -> Flags:
    """Whether a person said that the two groups are apart."""
    found = np.zeros(len(left), bool)
    one, other = evidence.apart
    if not len(one):
        return found
    pins = evidence.keys["pin"]
    label_of = np.full(int(max(pins.max(initial=0), one.max(), other.max())) + 1, -1, np.int64)
    pinned = np.flatnonzero(pins)
    label_of[pins[pinned]] = used[pinned]
    a, b = label_of[one], label_of[other]
    size = len(used)
    said = np.unique(np.minimum(a, b) * size + np.maximum(a, b))
    asked = np.minimum(used[left], used[right]) * size + np.maximum(used[left], used[right])
    return np.isin(asked, said)

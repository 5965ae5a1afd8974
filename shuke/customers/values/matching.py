"""What matching gives: who each evidence belongs to, and what was likely only."""

from dataclasses import dataclass, field

import numpy as np

from shuke.customers.values.evidence import Flags, Floats, Ints


@dataclass(frozen=True)
class Pairs:
    """Ties that were decided by likelihood, at most one a pair of groups: evidence rows `left` < `right`.

    `probability` that both are one person; `reason` (Reason) what speaks for it; `joined`: they are one in the
    partition in use; `refused`: a guard refused it.
    """

    left: Ints
    right: Ints
    probability: Floats
    reason: Ints
    joined: Flags
    refused: Flags

    def __len__(self) -> int:
        return len(self.left)


_NONE = np.zeros(0, np.int64)
NO_PAIRS = Pairs(_NONE, _NONE, np.zeros(0), _NONE, joined=np.zeros(0, bool), refused=np.zeros(0, bool))


@dataclass(frozen=True)
class Parts:
    """Who each evidence belongs to; an evidence on a number that changed hands has one part a period.

    `evidence` indexes Evidence; the part holds for instants in [from_s, until_s). `used` and `automatic` are labels
    of the two partitions, -1 for nobody. Each automatic cluster lies within one used cluster. `certainty` is, by used
    label, the probability that all rows of that customer are one person.
    """

    evidence: Ints
    from_s: Ints
    until_s: Ints
    used: Ints
    automatic: Ints
    probability: Floats
    reason: Ints
    pairs: Pairs = NO_PAIRS
    certainty: Floats = field(default_factory=lambda: np.ones(0))

    def __len__(self) -> int:
        return len(self.evidence)

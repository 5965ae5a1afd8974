"""What matching takes and gives, by noun."""

from shuke.customers.values.evidence import (
    KEY_TYPES,
    ONCE_ONLY,
    Evidence,
    Flags,
    Floats,
    Ints,
    Reason,
    Visits,
)
from shuke.customers.values.guarding import DataGuard, Limits, TillNumber, Weights
from shuke.customers.values.ids import Minted, Resolution
from shuke.customers.values.matching import NO_PAIRS, Pairs, Parts

__all__ = [
    "KEY_TYPES",
    "NO_PAIRS",
    "ONCE_ONLY",
    "DataGuard",
    "Evidence",
    "Flags",
    "Floats",
    "Ints",
    "Limits",
    "Minted",
    "Pairs",
    "Parts",
    "Reason",
    "Resolution",
    "TillNumber",
    "Visits",
    "Weights",
]

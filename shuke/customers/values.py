"""What matching takes and gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

KEY_TYPES = ("record", "member_id", "card", "unionid", "phone", "shop_user", "email")
"""Strongest first; `record` ties the versions of one member, contact or person record."""

ONCE_ONLY = ("member_id", "card", "unionid")
"""A person has one of each unless evidence says otherwise."""


class Reason(IntEnum):
    """Why a record has the customer that it has; `code` is the text of table identity (which adds same_order)."""

    NO_KEY = 0
    ALONE = 1
    MEMBER_ID = 2
    CARD = 3
    UNIONID = 4
    PHONE = 5
    SHOP_USER = 6
    EMAIL = 7
    RECORD = 8
    TWO_ACCOUNTS = 9
    SIMILAR_NAME = 10
    SHARED_NUMBER = 11
    RECYCLED_NUMBER = 12
    OTHER_RECEIVER = 13
    MASKED_PHONE = 14
    NAME_AND_BIRTHDAY = 15
    BLOCKED_VALUE = 16
    STAFF = 17

    @property
    def code(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class Visits:
    """Visits (orders in stores): evidence `rows` were seen `times` at `places`, as far as bare receipts ask for it.

    `usual` is each place's share of all visits, by its number; `habit` how little customers keep to their places (see
    `rules.places`).
    """

    rows: Ints
    places: Ints
    times: Ints
    usual: Floats
    habit: float


@dataclass(frozen=True)
class Evidence:
    """Distinct sets of personal values, in the order in which ids are minted.

    Values are numbers from 1 (see `rules.components.numbered`), small enough to index arrays; 0 is a missing value.
    `keys` holds one array a type of KEY_TYPES (after guards). `birthday` is days since 1970 plus 100,000, 0 missing.
    `first`, `last` are seconds since 1970 between which the evidence was seen, 0 where no time is known.
    `place` is where receipts were made that show a masked phone and nothing else (bare ones), numbered as in `seen_at`;
    `visits` is how many orders in stores carry the evidence.
    `is_own` marks evidence of a member, contact or person record: such a record is a customer even without a key.
    """

    keys: Mapping[str, Ints]
    name: Ints
    name_is_full: Flags
    initial: Ints
    city: Ints
    district: Ints
    gender: Ints
    birthday: Ints
    mask: Ints
    prefix: Ints
    first: Ints
    last: Ints
    records: Ints
    is_own: Flags
    is_staff: Flags
    place: Ints
    visits: Ints
    seen_at: Visits | None

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True)
class Limits:
    """How much of a kind one customer has at most, and when a silent number changed hands (days)."""

    values: Mapping[str, int]
    recycled_after_days: int


@dataclass(frozen=True)
class DataGuard:
    """How many distinct full names or other keys a value of one type may carry."""

    names: int
    others: int


@dataclass(frozen=True)
class TillNumber:
    """When a phone is a till's own number."""

    receipts: int
    receipts_per_day: float
    times_of_p99: float
    staff_receipts: int
    times_of_staff_median: float


@dataclass(frozen=True)
class Weights:
    """Probabilities of definitions/matching.yaml."""

    keys: Mapping[str, float]
    doubtful: float
    other_receiver: float
    second_account_share: float
    agrees: Mapping[str, float]
    automatic_from: float
    probable_from: float


@dataclass(frozen=True)
class Parts:
    """Who each evidence belongs to; an evidence on a number that changed hands has one part a period.

    `evidence` indexes Evidence; the part holds for instants in [from_s, until_s). `used` and `automatic` are labels
    of the two partitions, -1 for nobody. Each automatic cluster lies within one used cluster.
    """

    evidence: Ints
    from_s: Ints
    until_s: Ints
    used: Ints
    automatic: Ints
    probability: Floats
    reason: Ints

    def __len__(self) -> int:
        return len(self.evidence)


@dataclass(frozen=True)
class Minted:
    """Ids of the clusters: `clusters` are the automatic labels, sorted; `ids` theirs; `customers` whom each is part of.

    `aliases` leads ids given out earlier, or given to a part of a customer, to the customer. `next_id` is free.
    """

    clusters: Ints
    ids: Ints
    customers: Ints
    aliases: Mapping[int, int]
    next_id: int
    created: int
    merged: int
    split: int


@dataclass(frozen=True)
class Resolution:
    """What one resolution did; `next_id` becomes the allocator's when the run is published."""

    first_id: int
    next_id: int
    records: int
    customers: int
    created: int
    merged: int
    split: int
    blocked: Mapping[str, int]

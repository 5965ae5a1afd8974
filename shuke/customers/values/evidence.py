"""What matching reads: distinct sets of personal values as arrays, and its words for kinds and reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

KEY_TYPES = ("pin", "record", "member_id", "card", "unionid", "phone", "shop_user", "email")
"""Strongest first; `pin` ties what people said is one, `record` the versions of a member, contact or person record."""

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
    PINNED = 18
    SIMILAR_PERSON = 19
    TEST = 20

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
    `keys` holds one array a type of KEY_TYPES (after guards). `birthday` is days since 1970 plus 1,000,000, 0 missing.
    `first`, `last` are seconds since 1970 between which the evidence was seen, 0 where no time is known.
    `place` is where receipts were made that show a masked phone and nothing else (bare ones), numbered as in `seen_at`;
    `visits` is how many orders in stores carry the evidence.
    `is_own` marks evidence of a member, contact or person record: such a record is a customer even without a key.
    `is_staff` and `is_test` mark staff's records and those of tests: they pass through alone (empty `is_test`: none).
    `apart` are pairs of parties (numbers in `keys["pin"]`) that a person said are two customers.
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
    is_test: Flags = field(default_factory=lambda: np.zeros(0, bool))
    apart: tuple[Ints, Ints] = (np.zeros(0, np.int64), np.zeros(0, np.int64))

    def __len__(self) -> int:
        return len(self.name)

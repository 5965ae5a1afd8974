"""How alike two records are, field by field: the levels that the comparison gives, and what is usual of each."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shuke.customers.values import Floats, Ints


@dataclass(frozen=True)
class Field:
    """Levels of one comparison. Within a class m and u sum to one; levels of class -1 say nothing.

    `usual` is the share of each level among pairs of one person, as it is in most data; the shop's own data correct it.
    """

    name: str
    usual: tuple[float, ...]
    classes: tuple[int, ...]
    exact: int

    def __len__(self) -> int:
        return len(self.usual)


# From nothing in common (0) to equal (8): see the comparison in `actions.similar`.
NAME = Field("name", (0.03, 0.03, 0.03, 0.06, 0.07, 0.08, 0.10, 0.10, 0.50), (0,) * 9, exact=8)
# Far apart; a year or two slips; year, or month and day; year only; one slip; equal; one is missing.
BIRTHDAY = Field("birthday", (0.03, 0.04, 0.06, 0.07, 0.10, 0.70, 0.0), (0, 0, 0, 0, 0, 0, -1), exact=5)
# Address and city together, as one follows from the other. Address: equal, a slip apart, same area (with the city
# equal, alike, other, missing), another one (likewise), missing (city equal, alike, other); both missing.
PLACE = Field(
    "place",
    (0.50, 0.08, 0.14, 0.02, 0.02, 0.02, 0.13, 0.02, 0.05, 0.02, 0.85, 0.04, 0.11, 0.0),
    (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, -1),
    exact=0,
)
GENDER = Field("gender", (0.02, 0.98, 0.0), (0, 0, -1), exact=-1)
FIELDS = (NAME, BIRTHDAY, PLACE, GENDER)

# Of kin: the same family name with another first name, most often, at the same place.
KIN_NAMES = (0.02, 0.02, 0.03, 0.80, 0.01, 0.02, 0.03, 0.02, 0.05)
KIN_PLACES = (0.50, 0.05, 0.20, 0.02, 0.05, 0.03, 0.10, 0.02, 0.03, 0.0, 0.85, 0.05, 0.10, 0.0)

# Levels of the name at which the family name is the same, and of the place at which the city is.
SAME_FAMILY_NAME = (3, 6, 7)
SAME_CITY = (2, 6, 10)
_ADDRESS_MISSING, _CITY_MISSING = 4, 3


def place_level(address: Ints, city: Ints) -> Ints:
    """The level of PLACE from those of address (3 equal .. 0 other, 4 missing) and city (2 equal .. 0 other, 3)."""
    by_city = np.array([2, 1, 0, 3])[city]
    found = np.select(
        [address == 3, address == 2, address == 1, address == 0],
        [np.zeros_like(address), np.ones_like(address), 2 + by_city, 6 + by_city],
        default=np.where(city == _CITY_MISSING, 13, 10 + by_city),
    )
    return found.astype(np.int64)


@dataclass(frozen=True)
class Compared:
    """Pairs of rows (`left` < `right`), their levels, and how many records carry what they agree in (0: nothing)."""

    left: Ints
    right: Ints
    levels: Mapping[str, Ints]
    carried: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.left)

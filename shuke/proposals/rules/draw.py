"""The draw: one a play over all stores, exact in the whole and fair in every store."""

import math
from collections.abc import Mapping, Sequence

from shuke.kernel.ids import stable_hash


def draw_of(salt: str, *, customer_id: int) -> float:
    """The number between 0 and 1 whose order decides the arm: the lowest are held out. Equal to the SQL's."""
    return stable_hash(f"{salt}|{customer_id}") / 2**63


def places_of(people: int, *, holdout_share: float) -> int:
    """People held out of one group: the share rounded half up, at least one of two or more, and never all."""
    if people < 2:
        return 0
    return min(people - 1, max(1, math.floor(people * holdout_share + 0.5)))


def places_by_store(people: Mapping[str, int], *, holdout_share: float, salt: str) -> dict[str, int]:
    """People held out in each store: `places_of` in the whole, each store's exact share rounded up or down.

    Which stores round up is drawn too (systematic sampling: Madow, Annals of Mathematical Statistics 20, 1949):
    stores stand in a row, one random start decides all, and so everybody's chance is the same in every store, however
    small it is. Rounding each store to its nearest would never hold out anybody of a store of four.
    """
    total = sum(people.values())
    if not total:
        return dict.fromkeys(people, 0)
    held = places_of(total, holdout_share=holdout_share)
    start = stable_hash(f"{salt}|stores")
    places: dict[str, int] = {}
    behind = 0
    for store in sorted(people):
        ahead = behind + people[store]
        # floor(x * held / total + start / 2^63) in whole numbers, so that the sum is exact
        upto = [(count * held * 2**63 + start * total) // (total * 2**63) for count in (behind, ahead)]
        places[store] = upto[1] - upto[0]
        behind = ahead
    return places


def arms(salt: str, *, customers: Sequence[int], places: int) -> dict[int, str]:
    """The arm of each person of a proposal: the `places` lowest draws are held out."""
    ordered = sorted(customers, key=lambda customer: (draw_of(salt, customer_id=customer), customer))
    return {customer: "holdout" if place < places else "treated" for place, customer in enumerate(ordered)}

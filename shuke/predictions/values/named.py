"""What is named to a customer, and how they like to buy."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recommendation:
    """One product to name. `list` is `repeat`, `cross_sell`, `new`, or `popular` (generic: no history, or none wanted).

    `rank` counts from 1 within the list and `score` orders it; scores of two lists are never compared. `reason` is the
    code of a sentence, `because` the product or category that it names, `fact` its number.
    """

    list: str
    rank: int
    product: str
    category: str | None
    score: float
    reason: str
    because: str
    fact: float

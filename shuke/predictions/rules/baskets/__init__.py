"""The next basket: coded lines, history, neighbours, candidates, the learned ranking, and plain ways to compare."""

from shuke.predictions.rules.baskets.baselines import popular_new, recall, tifu_knn, top_frequent
from shuke.predictions.rules.baskets.coding import Lines, NoBaskets, coded
from shuke.predictions.rules.baskets.measuring import BasketScore, measured
from shuke.predictions.rules.baskets.ranking import next_basket

__all__ = [
    "BasketScore",
    "Lines",
    "NoBaskets",
    "coded",
    "measured",
    "next_basket",
    "popular_new",
    "recall",
    "tifu_knn",
    "top_frequent",
]

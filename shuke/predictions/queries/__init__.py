"""Reads of this room: features and clock of one customer, scores with their reasons, model cards, the scoreboard."""

from shuke.predictions.queries.customers import features_of, purchase_clock
from shuke.predictions.queries.recommendations import (
    bought_together,
    habits_of,
    prices_of,
    recommendations,
    replenishment,
    say_recommendation,
    similar_products,
)
from shuke.predictions.queries.scores import model_cards, scoreboard, scores, value
from shuke.predictions.queries.trials import trials

__all__ = [
    "bought_together",
    "features_of",
    "habits_of",
    "model_cards",
    "prices_of",
    "purchase_clock",
    "recommendations",
    "replenishment",
    "say_recommendation",
    "scoreboard",
    "scores",
    "similar_products",
    "trials",
    "value",
]

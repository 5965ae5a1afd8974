"""Reads of this room: features and clock of one customer, scores with their reasons, model cards, the scoreboard."""

from shuke.predictions.queries.customers import features_of, purchase_clock
from shuke.predictions.queries.scores import model_cards, scoreboard, scores, value

__all__ = ["features_of", "model_cards", "purchase_clock", "scoreboard", "scores", "value"]

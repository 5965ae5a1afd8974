"""Reads of this room: features and clock of one customer, scores with their reasons, model cards, the scoreboard."""

from shuke.predictions.queries.customers import features_of, purchase_clock

__all__ = ["features_of", "purchase_clock"]

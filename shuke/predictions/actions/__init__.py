"""Writes of this room: features of the week, values and scores, recommendations."""

from shuke.predictions.actions.features import TABLES, build
from shuke.predictions.actions.scoring import score
from shuke.predictions.actions.trials import build_uplift

__all__ = ["TABLES", "build", "build_uplift", "score"]

"""Writes of this room: features of the week, values and scores, recommendations."""

from shuke.predictions.actions.features import TABLES, build
from shuke.predictions.actions.judging import judge_baskets
from shuke.predictions.actions.recommendations import RECOMMENDATION_TABLES, build_recommendations
from shuke.predictions.actions.scoring import score
from shuke.predictions.actions.trials import build_uplift

__all__ = [
    "RECOMMENDATION_TABLES",
    "TABLES",
    "build",
    "build_recommendations",
    "build_uplift",
    "judge_baskets",
    "score",
]

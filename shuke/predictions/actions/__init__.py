"""Writes of this room: features of the week, values and scores, recommendations."""

from shuke.predictions.actions.features import TABLES, build

__all__ = ["TABLES", "build"]

"""Outside libraries of this room."""

from shuke.predictions.adapters.definitions import definition

__all__ = ["definition"]

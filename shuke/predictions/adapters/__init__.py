"""Outside libraries of this room."""

from shuke.predictions.adapters.definitions import definition
from shuke.predictions.adapters.reasons import say_reason

__all__ = ["definition", "say_reason"]

"""Differences with intervals, what it takes to know more, and the sentences: value in, value out."""

from shuke.outcomes.rules.compare import compare
from shuke.outcomes.rules.intervals import newcombe, welch, wilson
from shuke.outcomes.rules.power import people_needed, share_after, still_needed
from shuke.outcomes.rules.words import Told, next_step, sentence

__all__ = [
    "Told",
    "compare",
    "newcombe",
    "next_step",
    "people_needed",
    "sentence",
    "share_after",
    "still_needed",
    "welch",
    "wilson",
]

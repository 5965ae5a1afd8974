"""Gains, cards, details and edits of proposals."""

from shuke.proposals.values.cards import Card, Coverage, CoverageRow, PlayGroup, StoreNote, WeekView
from shuke.proposals.values.facts import Candidacy, Gain, PlayFacts
from shuke.proposals.values.review import (
    Detail,
    Edit,
    Editor,
    Effects,
    Example,
    Excluded,
    PeoplePage,
    PersonRow,
    Violation,
)

__all__ = [
    "Candidacy",
    "Card",
    "Coverage",
    "CoverageRow",
    "Detail",
    "Edit",
    "Editor",
    "Effects",
    "Example",
    "Excluded",
    "Gain",
    "PeoplePage",
    "PersonRow",
    "PlayFacts",
    "PlayGroup",
    "StoreNote",
    "Violation",
    "WeekView",
]

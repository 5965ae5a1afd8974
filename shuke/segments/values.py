"""Segments and stages as pages show them."""

from dataclasses import dataclass

SEGMENTS = ("second_purchase_due", "about_to_leave", "high_value_slipping", "win_back")
STAGES = ("prospect", "new", "active", "lapsing", "lapsed", "won_back")


@dataclass(frozen=True)
class SegmentCount:
    """One ready segment with its names (in the language asked for), what it means and its head count."""

    code: str
    name: str
    what: str
    people: int
    value_minor: int


@dataclass(frozen=True)
class StageCount:
    """One lifecycle stage with its name, meaning and head count."""

    code: str
    name: str
    what: str
    people: int

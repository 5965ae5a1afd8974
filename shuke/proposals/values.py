"""Gains, and proposals as pages and reports show them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Gain:
    """Expected extra margin minus the offer's cost, in minor units: middle and 80 % range."""

    low_minor: int
    mid_minor: int
    high_minor: int
    cost_minor: int


@dataclass(frozen=True)
class Card:
    """One proposal as a list shows it. Sentences are in the language asked for; money in minor units."""

    id: int
    as_of: date
    play: str
    play_name: str
    segment: str
    segment_name: str
    store: str
    state: str
    version: int
    title: str
    why_now: str
    what: str
    people: int
    treated: int
    holdout: int
    excluded: int
    channel: str
    offer: str
    best_time: str
    currency: str
    cost_minor: int
    gain_minor: int
    gain_low_minor: int
    gain_high_minor: int
    basis: str
    notes: tuple[str, ...]
    reason: str
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True)
class WeekView:
    """This week: its cards (sure things first), the plays that reach nobody, and totals with a computed range."""

    as_of: date | None
    cards: tuple[Card, ...]
    not_proposed: tuple[Card, ...]
    people: int
    holdout: int
    cost_minor: int
    gain_low_minor: int
    gain_minor: int
    gain_high_minor: int
    unknown_consent_people: int
    unknown_consent_lost: int


@dataclass(frozen=True)
class Excluded:
    """How many people one reason keeps out, in words, with the clause that says so."""

    reason: str
    words: str
    people: int
    clause: str
    clause_words: str


@dataclass(frozen=True)
class Example:
    """One real person of a proposal with the exact words: the name masked unless the actor may see it."""

    customer_id: int
    name: str
    store: str
    associate: str
    channel: str
    why: str
    words: str


@dataclass(frozen=True)
class Detail:
    """A proposal in full."""

    card: Card
    funnel: tuple[tuple[str, int], ...]
    excluded: tuple[Excluded, ...]
    examples: tuple[Example, ...]
    clauses: tuple[tuple[str, str], ...]
    stores: tuple[tuple[str, int], ...]
    scripts: Mapping[str, str]
    evidence: Mapping[str, Any]
    versions: tuple[Mapping[str, Any], ...]


@dataclass
class PlayFacts:
    """Everything computed about one play in one week."""

    segment_people: int = 0
    allowed_people: int = 0
    treated: int = 0
    holdout: int = 0
    base_share: float = 0.0
    base_later_share: float = 0.0
    order_minor: float = 0.0
    cycle_days: float = 0.0
    days_since: float = 0.0
    two_gaps_days: float = 0.0
    margin_share: float = 0.0
    margin_basis: str = "assumed"
    second_from_days: int = 0
    second_until_days: int = 0
    unknown_consent_people: int = 0
    excluded: list[dict[str, Any]] = field(default_factory=list)
    channels: list[dict[str, Any]] = field(default_factory=list)
    stores: list[dict[str, Any]] = field(default_factory=list)
    unknown_consent_channels: list[dict[str, Any]] = field(default_factory=list)

    @property
    def main_channel(self) -> str:
        """The channel of most people, '' without people."""
        return str(self.channels[0]["channel"]) if self.channels else ""

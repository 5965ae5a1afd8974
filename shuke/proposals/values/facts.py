"""Gains, and everything computed about one play in one store and week."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Gain:
    """Expected extra margin minus the offer's cost, in minor units: middle and 80 % range."""

    low_minor: int
    mid_minor: int
    high_minor: int
    cost_minor: int


@dataclass(frozen=True)
class Candidacy:
    """One play that one store ('' = headquarters) could run: people allowed, and what it would bring."""

    play: str
    store: str
    priority: int
    people: int
    gain_minor: int
    costs: bool


@dataclass
class PlayFacts:
    """Everything computed about one play in one store and week; `play_*` about the play over all stores."""

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
    play_people: int = 0
    play_holdout: int = 0
    play_base_share: float = 0.0
    holdout_share: float = 0.0
    excluded: list[dict[str, Any]] = field(default_factory=list)
    channels: list[dict[str, Any]] = field(default_factory=list)
    stores: list[dict[str, Any]] = field(default_factory=list)
    unknown_consent_channels: list[dict[str, Any]] = field(default_factory=list)
    quiet_stores: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def main_channel(self) -> str:
        """The channel of most people, '' without people."""
        return str(self.channels[0]["channel"]) if self.channels else ""

"""Proposals as pages and reports show them. Sentences are in the language asked for; money in minor units."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


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
class PlayGroup:
    """One play over the stores that the reader sees: sums of its cards, the range computed, not added end by end.

    `states` counts cards by state; `cards` are the stores' own, headquarters ('' as store) first, then the surest.
    """

    play: str
    play_name: str
    segment: str
    segment_name: str
    title: str
    why_now: str
    what: str
    people: int
    treated: int
    holdout: int
    excluded: int
    offer: str
    currency: str
    cost_minor: int
    gain_low_minor: int
    gain_minor: int
    gain_high_minor: int
    basis: str
    notes: tuple[str, ...]
    states: Mapping[str, int]
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class StoreNote:
    """A store with fewer plays than a week should have, and why in a sentence."""

    store: str
    plays: int
    why: str


@dataclass(frozen=True)
class WeekView:
    """This week: its cards (sure things first), the plays that reach nobody, and totals with a computed range.

    `cards` are those of the actor's stores; `groups` the same, one a play; `not_proposed` says why a play rests.
    """

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
    groups: tuple[PlayGroup, ...] = ()
    thin_stores: tuple[StoreNote, ...] = ()


@dataclass(frozen=True)
class CoverageRow:
    """One class of customers: its stage and layer in words, its people, how many are in plays of this week, and which.

    Without a plan `plays` is empty and `why_not` says why, also where a few happen to be in a play.
    """

    class_name: str
    people: int
    plays: tuple[str, ...]
    why_not: str
    in_plays: int = 0


@dataclass(frozen=True)
class Coverage:
    """每类顾客有计划: the share of people whose class has a play this week, and every class, the largest first."""

    share: float
    rows: tuple[CoverageRow, ...]

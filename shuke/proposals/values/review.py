"""One proposal opened: its people, words, who is left out, and what an edit would change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from shuke.proposals.values.cards import Card


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
    editor: "Editor | None" = None
    power_words: str = ""


@dataclass(frozen=True)
class Editor:
    """What may be edited, as it is now, with the bounds that the policy sets. None where nothing may be edited.

    `scripts` are the words by tone in the language asked for; `variables` what they may say, with the words for
    people without a value; `strength_share` can change for coupons and discounts only (`has_strength`).
    """

    scripts: Mapping[str, str]
    variables: tuple[tuple[str, str], ...]
    offer_words: str
    has_strength: bool
    strength_share: float
    strength_max: float
    weekdays: tuple[int, ...]
    best_from: time
    best_until: time
    quiet_until: time
    quiet_from: time
    holdout_share: float
    holdout_least: float
    holdout_most: float
    removed: int


@dataclass(frozen=True)
class Edit:
    """A change to a proposal; None and empty mean: as it is.

    `scripts` and `offer_words` are in `language`; `remove` and `restore` are customer ids. A person removed is not
    contacted; the draw is not touched by it.
    """

    scripts: Mapping[str, str] | None = None
    offer_strength_share: float | None = None
    offer_words: str | None = None
    weekdays: tuple[int, ...] | None = None
    best_from: time | None = None
    best_until: time | None = None
    holdout_share: float | None = None
    remove: frozenset[int] = frozenset()
    restore: frozenset[int] = frozenset()
    language: str = "zh-hans"


@dataclass(frozen=True)
class Violation:
    """What an edit would break: what is wrong, the clause quoted, and the line of the policy file it stands on.

    `clause` is '' (and `line` 0) where it is not the policy but the edit itself that cannot be.
    """

    what: str
    clause: str
    clause_words: str
    line: int


@dataclass(frozen=True)
class Effects:
    """A proposal as it would be after an edit. Money in minor units; sentences in the language asked for.

    `holdout_share` is what the draw gives (whole people); `fallbacks` say how many people lack a value that the words
    name, and what they would read instead.
    """

    people: int
    treated: int
    holdout: int
    holdout_share: float
    removed: int
    cost_minor: int
    gain_low_minor: int
    gain_minor: int
    gain_high_minor: int
    currency: str
    power_words: str
    fallbacks: tuple[str, ...]
    violations: tuple[Violation, ...]


@dataclass(frozen=True)
class PersonRow:
    """One drawn person of a proposal for the list and the editor; the name masked unless the actor may see it."""

    customer_id: int
    name: str
    store: str
    associate: str
    channel: str
    arm: str
    removed: bool
    value_minor: int
    why: str
    words: str


@dataclass(frozen=True)
class PeoplePage:
    """One page of a proposal's people and how many there are in all."""

    rows: tuple[PersonRow, ...]
    total: int

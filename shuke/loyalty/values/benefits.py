"""Benefits of tiers and badges, what was used of them, and what a member sees."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from shuke.loyalty.values.tiers import Span

UNLIMITED = -1


class Scene(StrEnum):
    """When a benefit helps: before the sale 售前, in use 使用中, after the sale 售后."""

    BEFORE = "before"
    IN_USE = "in_use"
    AFTER = "after"


class UseState(StrEnum):
    """The life of one use; booked and used both count against the quota."""

    BOOKED = "booked"
    USED = "used"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Badge:
    """A badge that behaviour unlocks: `times` times one of `behaviours`."""

    code: str
    zh: str
    en: str
    behaviours: tuple[str, ...]
    times: int


@dataclass(frozen=True)
class Benefit:
    """One benefit. `quota` says how often a `span` each tier has it (UNLIMITED: always; absent: not at all).

    `badges` gives a quota to holders of a badge, whatever their tier; the larger quota counts. `is_booked` asks for a
    booking before the use; `cost_minor` is what one use costs the shop; `in_birthday_month` limits it to that month.
    """

    code: str
    zh: str
    en: str
    note_zh: str
    note_en: str
    scene: Scene
    span: Span
    quota: Mapping[str, int]
    badges: Mapping[str, int] = field(default_factory=dict)
    is_booked: bool = False
    cost_minor: int = 0
    in_birthday_month: bool = False


@dataclass(frozen=True)
class Use:
    """One booking or use of a benefit in the period that starts on `period_start`."""

    benefit: str
    period_start: date
    state: UseState
    id: int = 0


@dataclass(frozen=True)
class BenefitView:
    """What a member has of a benefit now: `quota` a period (-1: no limit), `used` of it, `left`.

    `locked_because` is '' or a code: tier (`unlocks_at` names the tier), badge (`unlocks_at` names the badge),
    birthday (only in that month) or used_up; `next_quota` is what the next tier gives.
    """

    benefit: str
    zh: str
    en: str
    note_zh: str
    note_en: str
    scene: Scene
    quota: int
    used: int
    left: int
    span: Span
    period_start: date
    period_end: date | None
    is_booked: bool
    cost_minor: int
    locked_because: str = ""
    unlocks_at: str = ""
    next_quota: int = 0

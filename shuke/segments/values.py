"""Segments, stages, layers and movement as pages show them. Names and sentences are in the language asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

# The order in which lists show them: what is urgent and dear first.
SEGMENTS = (
    "high_value_slipping",
    "about_to_leave",
    "second_purchase_due",
    "replenishment_due",
    "coupon_expiring",
    "points_expiring",
    "birthday",
    "returned_not_replaced",
    "new_member_no_purchase",
    "one_time_newcomer",
    "win_back",
    "price_sensitive",
    "new_product_fans",
    "one_channel",
    "devoted_invite",
)
STAGES = ("prospect", "new", "active", "lapsing", "lapsed", "won_back")
LAYERS = ("newcomer", "growing", "core", "devoted")
AXES = ("frequency", "spend", "interaction", "recommend")
GROUPS = ("profile", "orders", "products", "interactions", "stage", "coupons", "points")
KINDS = ("number", "money", "days", "share", "date", "choice", "flag", "text", "product", "category")
OWN = "own_"

Rule = Mapping[str, Any]


@dataclass(frozen=True)
class FieldSpec:
    """A field of `definitions/fields.yaml`. `words` holds its texts by key (`zh`, `en`, `no_zh`, `unit_zh` ...).

    `choices` maps a code to its texts; `needs_zh` and `needs_en` say which column a shop must have. `shop` fields hold
    one value for the whole shop: rules compare with them, the builder does not offer them.
    """

    code: str
    group: str
    kind: str
    words: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
    needs_zh: str
    needs_en: str
    is_shop: bool = False


@dataclass(frozen=True)
class SegmentRow:
    """One segment of the list. `kind` is `ready` or `own`; `change` is against the last earlier week (None: no such).

    `missing` says in sentences which columns it waits for; a segment with any is off and has no people.
    """

    code: str
    name: str
    what: str
    kind: str
    people: int
    value_minor: int
    change: int | None
    missing: tuple[str, ...]


@dataclass(frozen=True)
class SegmentDetail:
    """One segment opened. `since` says from which day somebody counts as in; `version` 0 is a ready segment.

    `overlap` holds (code, name, people in both), the greatest first; `trend` holds (as-of day, people), oldest first.
    """

    row: SegmentRow
    rule_sentence: str
    since: str
    overlap: tuple[tuple[str, str, int], ...]
    trend: tuple[tuple[date, int], ...]
    version: int


@dataclass(frozen=True)
class ClauseWhy:
    """One condition of a rule for one person: its words, whether it holds, and the person's value as text."""

    words: str
    holds: bool
    value: str


@dataclass(frozen=True)
class Why:
    """Why somebody is in a segment, or out of it: all conditions of the rule in their order."""

    is_in: bool
    clauses: tuple[ClauseWhy, ...]


@dataclass(frozen=True)
class Field:
    """A field that rules may use. `choices` and `operators` hold (code, words).

    `available` is false where the shop's data never fill it; `needs` then says which column would.
    """

    code: str
    group: str
    group_name: str
    name: str
    kind: str
    choices: tuple[tuple[str, str], ...]
    operators: tuple[tuple[str, str], ...]
    available: bool
    needs: str


@dataclass(frozen=True)
class Preview:
    """What a rule would give now: head count and what a year of these people is worth."""

    people: int
    value_minor: int


@dataclass(frozen=True)
class OwnSegmentValue:
    """One of the shop's own segments in its present version."""

    code: str
    name: str
    rule: Rule
    version: int
    created_by: str
    changed_by: str


@dataclass(frozen=True)
class StageCount:
    """One lifecycle stage with its name, meaning and head count."""

    code: str
    name: str
    what: str
    people: int


@dataclass(frozen=True)
class LayerCount:
    """One value layer with its name, meaning and head count."""

    code: str
    name: str
    what: str
    people: int


@dataclass(frozen=True)
class LayerView:
    """The four layers, and a sentence for each axis on which the shop has no data."""

    layers: tuple[LayerCount, ...]
    missing_axes: tuple[str, ...]


@dataclass(frozen=True)
class Flow:
    """How many people were in one state at the first day and in another at the second."""

    from_code: str
    from_name: str
    to_code: str
    to_name: str
    people: int


@dataclass(frozen=True)
class Movement:
    """Who moved where between two as-of days; both None and no flows while there is no earlier day."""

    from_on: date | None
    to_on: date | None
    flows: tuple[Flow, ...]


class LapsingTrend(NamedTuple):
    """People in stage lapsing now, on the same lunar day last year (None: not known), and (day, people) in between."""

    now: int
    then: int | None
    points: tuple[tuple[date, int], ...]

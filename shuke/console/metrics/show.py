"""Metrics as pages show them: cards, trends beside the year before, parts with bars, rows behind a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from shuke.console.frame import formats
from shuke.console.frame.drawings import Bar, Spark, spark
from shuke.console.frame.measures import Change, change, value_text
from shuke.kernel.period import Period
from shuke.metrics.values import Card, Definition, Point

# The order in which a manager asks; what stands in none of these comes last.
_GROUPS = (
    ("sales", ("sales", "orders", "buyers", "average_order", "units_per_order", "item_price", "order_bands")),
    ("price", ("discount_depth", "return_rate")),
    ("new", ("new_customers", "new_customer_share", "enrolment_rate", "member_penetration", "member_order_share")),
    ("again", ("second_purchase_rate", "return_visit_rate", "rebuy_rate", "repurchase_rate")),
    ("stay", ("active_members", "active_rate", "churned_members", "churn_rate")),
    ("source", ("acquisition_source", "acquisition_cost", "payback_days")),
)


@dataclass(frozen=True)
class Tile:
    """One metric on a card: its value, how it stands against before and against the year before, its trend."""

    definition: Definition
    value: str
    before: Change | None
    lunar: Change | None
    picture: Spark | None
    note: str
    address: str


@dataclass(frozen=True)
class PartRow:
    """One store, channel or associate of a breakdown, with links to the rows of numerator and denominator."""

    name: str
    value: str
    numerator: str
    denominator: str
    numerator_address: str
    denominator_address: str
    trend_address: str
    picture: Bar | None
    note: str


def period_words(period: Period, *, grain: str, language: str) -> str:
    """A period in full: 11月16日—22日; 2026年11月."""
    if grain == "month":
        return formats.month(period.start_on, language)
    if grain == "year":
        return str(period.start_on.year)
    if grain == "quarter":
        return f"{period.start_on.year} Q{(period.start_on.month + 2) // 3}"
    last = period.end_on - timedelta(days=1)
    if formats.is_chinese(language):
        ending = f"{last.day}日" if last.month == period.start_on.month else formats.day(last, language)
        return f"{formats.day(period.start_on, language)}—{ending}"
    return f"{formats.day(period.start_on, language)} – {formats.day(last, language)}"


def period_short(period: Period, *, grain: str, language: str) -> str:
    """A period for an axis: 11/16; 11月; 16 Nov."""
    if grain == "week":
        return (
            f"{period.start_on.month}/{period.start_on.day}"
            if formats.is_chinese(language)
            else formats.day(period.start_on, language)
        )
    if grain == "month":
        if formats.is_chinese(language):
            return f"{period.start_on.month}月" if period.start_on.month > 1 else f"{period.start_on.year}年1月"
        return formats.month(period.start_on, language)
    return period_words(period, grain=grain, language=language)


def groups(cards: Sequence[Card], *, grain: str, currency: str, language: str) -> list[tuple[str, list[Tile]]]:
    """The cards by what a manager asks, each group with its heading."""
    names = {
        "sales": _("What was sold"),
        "price": _("At what price"),
        "new": _("Who is new, and known"),
        "again": _("Who came again"),
        "stay": _("Who stays, who leaves"),
        "source": _("Where new customers come from"),
        "other": _("More"),
    }
    place = {code: group for group, codes in _GROUPS for code in codes}
    order = {code: at for at, code in enumerate(code for _group, codes in _GROUPS for code in codes)}
    found: dict[str, list[Tile]] = {}
    for card in sorted(cards, key=lambda one: (order.get(one.definition.code, len(order)), one.definition.code)):
        made = tile(card, grain=grain, currency=currency, language=language)
        found.setdefault(place.get(card.definition.code, "other"), []).append(made)
    return [(names[group], found[group]) for group in (*(g for g, _codes in _GROUPS), "other") if group in found]


def tile(card: Card, *, grain: str, currency: str, language: str, then: Sequence[float | None] = ()) -> Tile:
    """One card; `then` are the values of the year before, in the order of its trend."""
    told = card.definition
    measure = {"unit": told.unit, "currency": currency, "language": language}
    value, before, lunar = (one.value if one else None for one in (card.point, card.before, card.lunar))
    now = [point.value for point in card.trend]
    text = value_text(value, **measure)
    return Tile(
        definition=told,
        value=text,
        before=change(value, before, better=told.better, **measure),
        lunar=change(value, lunar, better=told.better, **measure),
        picture=spark(now, list(then) or [None] * len(now), label=f"{told.name} {text}"),
        note=told.missing or (note(card.point) if card.point else ""),
        address=reverse("metric", args=[told.code]) + f"?grain={grain}",
    )


def others(told: Sequence[Definition], *, cards: Sequence[Card]) -> list[Definition]:
    """Metrics without a card: those that have no one value, and those that wait for data."""
    shown = {card.definition.code for card in cards}
    return [one for one in told if one.code not in shown]


def note(point: Point) -> str:
    """What must be known before a value is trusted; empty where nothing stands against it."""
    words = {
        "unfinished": _("not over yet"),
        "waiting": _("too young to judge"),
        "history": _("the data begin too late"),
        "small": _("fewer than 30 behind it"),
    }
    return words.get(point.note, point.note)


def settled(point: Point) -> float | None:
    """The value as a trend shows it: none while its waiting time runs, for it can only rise until then."""
    return None if point.note in ("waiting", "history") else point.value


def grain_choices(grains: Sequence[str]) -> list[tuple[str, str]]:
    """The lengths of a period that may be asked for."""
    names = {"week": _("By week"), "month": _("By month"), "quarter": _("By quarter"), "year": _("By year")}
    return [(grain, names[grain]) for grain in grains]


def period_of(cards: Sequence[Card], *, grain: str, language: str) -> str:
    """The period on which most cards stand, in words."""
    held = [card.point.period for card in cards if card.point]
    if not held:
        return ""
    return period_words(max(held, key=lambda period: period.start_on), grain=grain, language=language)

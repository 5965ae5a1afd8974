"""The page on why sales changed: a sentence, the factors, and the members of one cause, all adding up."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from shuke.console.frame import formats, words
from shuke.console.frame.drawings import Swing, swing
from shuke.console.frame.measures import value_text
from shuke.console.metrics.show import period_words
from shuke.metrics.queries.why import REST, UNNAMED, Basket, Why
from shuke.metrics.rules.change import Trade
from shuke.metrics.rules.mix import Move


@dataclass(frozen=True)
class Factor:
    """One factor: what it was, what it is, what that did to sales. `depth` 1 is a part of the factor above it."""

    name: str
    then: str
    now: str
    effect: str
    picture: Swing
    depth: int = 0


@dataclass(frozen=True)
class MemberRow:
    """One member of a cause with its effect and the effect's parts; `few`: mix and rate rest on too few orders."""

    name: str
    then: str
    now: str
    effect: str
    volume: str
    mix: str
    rate: str
    other: str
    picture: Swing
    few: bool


@dataclass(frozen=True)
class Words:
    """How money and periods are written for the reader."""

    currency: str
    language: str

    def money(self, minor: float) -> str:
        """¥1,200; ¥12.3 万."""
        return value_text(float(minor), unit="money", currency=self.currency, language=self.language)

    def signed(self, minor: int) -> str:
        """+¥1,200; −¥300; an em dash for nothing at all."""
        return "—" if not minor else ("+" if minor > 0 else "−") + self.money(abs(minor))


def headline(told: Why, *, write: Words) -> str:
    """The change in one sentence."""
    named = {
        "period": period_words(told.period, grain=told.grain, language=write.language),
        "then": compared_words(told, language=write.language),
        "now_sales": write.money(told.now.sales_minor),
        "then_sales": write.money(told.then.sales_minor),
    }
    if told.effects is None:
        return _("%(period)s sold %(now_sales)s; there are no sales of %(then)s to compare with.") % named
    change = told.effects.total_minor
    named["by"] = write.money(abs(change))
    named["share"] = formats.share(abs(change) / told.then.sales_minor)
    if change > 0:
        return _("%(period)s sold %(now_sales)s, %(by)s (%(share)s) more than %(then)s") % named
    if change < 0:
        return _("%(period)s sold %(now_sales)s, %(by)s (%(share)s) less than %(then)s") % named
    return _("%(period)s sold %(now_sales)s, the same as %(then)s") % named


def compared_words(told: Why, *, language: str) -> str:
    """The period compared with, in full: 去年同一农历周（2025年11月24日—30日）."""
    days = period_words(told.compared, grain=told.grain, language=language)
    if told.against == "before" or told.grain == "month":
        return days
    return _("the same lunar week of %(year)s (%(days)s)") % {"year": told.compared.start_on.year, "days": days}


def factors(told: Why, *, write: Words) -> list[Factor]:
    """Buyers, orders each, money per order (with pieces and price where told), and unknown buyers."""
    if told.effects is None:
        return []
    effects, sides = told.effects, (told.then, told.now)
    buyers, each, average, rest = (
        [formats.count(side.buyers) for side in sides],
        [_ratio(side.orders, side.buyers) for side in sides],
        [_per_order(side, write) for side in sides],
        [write.money(side.rest_minor) for side in sides],
    )
    rows: list[tuple[str, str, str, int, int]] = [
        (_("Known buyers"), buyers[0], buyers[1], effects.buyers_minor, 0),
        (_("Orders each"), each[0], each[1], effects.frequency_minor, 0),
        (_("Money per order"), average[0], average[1], effects.average_minor, 0),
        *_basket(told.basket, write=write),
        (_("Unknown buyers, and returns"), rest[0], rest[1], effects.rest_minor, 0),
    ]
    most = max((abs(row[3]) for row in rows), default=1)
    return [
        Factor(name, before, after, write.signed(effect), swing(effect, most=most, label=write.signed(effect)), depth)
        for name, before, after, effect, depth in rows
    ]


def _basket(basket: Basket | None, *, write: Words) -> list[tuple[str, str, str, int, int]]:
    if basket is None:
        return []
    units = formats.decimal(basket.units_then, places=2), formats.decimal(basket.units_now, places=2)
    rows = [
        (_("pieces per order"), *units, basket.units_minor, 1),
        (_("money per piece"), write.money(basket.price_then), write.money(basket.price_now), basket.price_minor, 1),
    ]
    if basket.untold_minor:
        rows.append((_("orders that tell no pieces"), "—", "—", basket.untold_minor, 1))
    return rows


def _ratio(above: int, below: int) -> str:
    return formats.decimal(above / below, places=2) if below else "—"


def _per_order(trade: Trade, write: Words) -> str:
    return write.money(trade.known_minor / trade.orders) if trade.orders else "—"


def members(told: Why, *, write: Words) -> list[MemberRow]:
    """The members of the chosen cause, the greatest change first, the rest last."""
    most = max((abs(move.total_minor) for move in told.moves), default=1)
    return [_row(move, cause=told.cause, left_out=told.left_out, most=most, write=write) for move in told.moves]


def total(told: Why, *, write: Words) -> MemberRow | None:
    """The sum of all rows: the whole change."""
    if told.effects is None:
        return None
    parts = {
        name: write.signed(sum(getattr(move, f"{name}_minor") for move in told.moves))
        for name in ("volume", "mix", "rate", "other")
    }
    return MemberRow(
        name=_("Together"),
        then=write.money(told.then.sales_minor),
        now=write.money(told.now.sales_minor),
        effect=write.signed(told.effects.total_minor),
        **parts,
        picture=swing(told.effects.total_minor, most=abs(told.effects.total_minor), label=""),
        few=False,
    )


def _row(move: Move, *, cause: str, left_out: int, most: int, write: Words) -> MemberRow:
    effect = write.signed(move.total_minor)
    return MemberRow(
        name=member_name(move.member, cause=cause, left_out=left_out),
        then=write.money(move.then.sales_minor),
        now=write.money(move.now.sales_minor),
        effect=effect,
        volume=write.signed(move.volume_minor),
        mix=write.signed(move.mix_minor),
        rate=write.signed(move.rate_minor),
        other=write.signed(move.other_minor),
        picture=swing(move.total_minor, most=most, label=effect),
        few=move.is_small and move.member != REST,
    )


def member_name(member: str, *, cause: str, left_out: int) -> str:
    """A member in the reader's words."""
    if member == REST:
        if cause in ("category", "product"):
            return _("All else, and money that stands on no line")
        return _("%(n)s more") % {"n": left_out}
    if member == UNNAMED:
        return _("Without a name")
    if cause == "channel":
        return words.source_word(member)
    known = {
        ("people", "new"): _("First purchase in this period"),
        ("people", "known"): _("Bought before"),
        ("people", "unknown"): _("Nobody known"),
        ("standing", "none"): _("No purchase in the 365 days before"),
        ("standing", "one"): _("One purchase day before"),
        ("standing", "some"): _("2 or 3 purchase days before"),
        ("standing", "many"): _("4 or more purchase days before"),
        ("standing", "unknown"): _("Nobody known"),
        ("store", ""): _("No store"),
    }
    return known.get((cause, member), member)


def cause_choices(causes: Sequence[str]) -> list[tuple[str, str]]:
    """What a change can be taken apart by, in words."""
    names = {
        "store": _("By store"),
        "channel": _("By channel"),
        "people": _("New and old customers"),
        "standing": _("By how often they bought"),
        "category": _("By category"),
        "product": _("By product"),
    }
    return [(cause, names[cause]) for cause in causes]


def address(told: Why, **changed: str) -> str:
    """The address of this page with some of its choices changed."""
    asked = {"grain": told.grain, "against": told.against, "cause": told.cause}
    asked["period"] = told.period.start_on.isoformat()
    return reverse("why") + "?" + urlencode(asked | changed)

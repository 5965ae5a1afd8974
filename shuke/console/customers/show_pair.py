"""A pair in review, as the page shows it: field by field with its mark, how likely, and what an answer changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuke.console.frame import formats, words
from shuke.console.frame.drawings import Bar, bar
from shuke.customers.values import Point, ReviewPair, Side

_MARKS = {"for": "✓", "against": "✕", "neutral": "·"}
# From which probability on a pair is said to be so likely; the words of one scale, surest first.
_NEARLY, _LIKELY, _RATHER, _OPEN = 0.9, 0.75, 0.55, 0.4


@dataclass(frozen=True)
class Line:
    """One field of both sides. `says` is for, against or neutral; `strength` says how much it weighs, in words."""

    label: str
    left: str
    right: str
    says: str
    mark: str
    word: str


@dataclass(frozen=True)
class Shown:
    """One pair of the page. `lines` are compared fields, `facts` what is known beside them."""

    pair_id: str
    left: Side
    right: Side
    kind: str
    doubt: str
    state: str
    sure: str
    chance: str
    picture: Bar
    lines: tuple[Line, ...]
    facts: tuple[Line, ...]
    if_same: str
    if_different: str


@dataclass(frozen=True)
class Kind:
    """One reason for review with how many pairs wait for it."""

    code: str
    name: str
    doubt: str
    pairs: int
    picture: Bar


def kinds(counts: Mapping[str, int]) -> list[Kind]:
    """The reasons by how many pairs wait."""
    most = max(counts.values(), default=1)
    listed = sorted(counts.items(), key=lambda found: (-found[1], found[0]))
    return [
        Kind(
            code=code,
            name=words.word(words.PAIR_KINDS, code),
            doubt=words.word(words.PAIR_DOUBTS, code),
            pairs=count,
            picture=bar(count, most=most, label=formats.count(count), colour="grey"),
        )
        for code, count in listed
        if count
    ]


def shown(pair: ReviewPair, *, currency: str, language: str, blind: bool = False) -> Shown:
    """The pair in words; `blind` leaves out what the matching thinks, for a sample that measures it."""
    sure, chance = likely(pair.probability or 0.0, language=language)
    blind = blind or pair.probability is None
    return Shown(
        pair_id=pair.pair_id,
        left=pair.left,
        right=pair.right,
        kind="" if blind else words.word(words.PAIR_KINDS, pair.reason),
        doubt="" if blind else words.word(words.PAIR_DOUBTS, pair.reason),
        state="" if blind else _state(pair),
        sure="" if blind else sure,
        chance="" if blind else chance,
        picture=bar(pair.probability or 0.0, most=1, label=chance, colour="done"),
        # What says something stands first, each half in the order of fields.
        lines=tuple(_line(point, blind=blind) for point in sorted(pair.evidence, key=lambda p: p.says == "neutral")),
        facts=tuple(_facts(pair, currency=currency, language=language)),
        if_same="" if blind else _if_same(pair, currency=currency, language=language),
        if_different="" if blind else _if_different(pair),
    )


def likely(probability: float, *, language: str) -> tuple[str, str]:
    """How likely it is that both are one person: a word, and out of a hundred such pairs."""
    scale = [
        (_NEARLY, _("Almost certainly one person")),
        (_LIKELY, _("Very likely one person")),
        (_RATHER, _("Rather one person than two")),
        (_OPEN, _("It is open")),
        (0.0, _("Rather two people")),
    ]
    word = next(text for least, text in scale if probability >= least)
    chance = formats.pairs_in_hundred(probability, language)
    return word, chance


def _nobody(pair: ReviewPair) -> bool:
    """Whether one side belongs to no customer yet: a masked receipt, say."""
    return None in (pair.left.customer_id, pair.right.customer_id)


def _state(pair: ReviewPair) -> str:
    if _nobody(pair):
        return _("one side is nobody's yet")
    if pair.joined:
        return _("now one customer")
    return _("kept apart by a rule") if pair.refused else _("now two customers")


def _line(point: Point, *, blind: bool) -> Line:
    word = words.word(words.SAYS, point.says)
    if point.says != "neutral" and not blind:
        word = _("%(says)s (%(strength)s)") % {"strength": words.word(words.WEIGHTS, point.weight), "says": word}
    return Line(
        label=words.word(words.PAIR_FIELDS, point.field) or words.key_word(point.field),
        left=_compared(point, point.left),
        right=_compared(point, point.right),
        says=point.says,
        mark=_MARKS[point.says],
        word=word,
    )


def _compared(point: Point, text: str | None) -> str:
    """A value of a side; where it was compared and may not be seen, it is hidden, not missing."""
    return _("hidden") if point.says != "neutral" and not text else value(point.field, text)


def value(field: str, text: object) -> str:
    """A value of a field in the reader's language; a dash where nothing is known."""
    if text is None or text == "":
        return "—"
    return words.word(words.SEXES, str(text)) if field == "gender" else str(text)


def _facts(pair: ReviewPair, *, currency: str, language: str) -> list[Line]:
    """What is known beside the compared fields; it says nothing for or against."""
    told = {point.field for point in pair.evidence}
    sides = (pair.left, pair.right)
    rows: list[tuple[str, str, Sequence[str]]] = [
        (
            "sources",
            _("Came from"),
            [formats.listed([words.source_word(s) for s in one.sources], language) for one in sides],
        ),
        ("records", _("Records"), [formats.count(one.records) for one in sides]),
        ("store", _("Store"), [one.store or "" for one in sides]),
        ("orders", _("Bought"), [bought(one, currency=currency, language=language) for one in sides]),
        ("seen", _("First and last seen"), [seen(one, language) for one in sides]),
    ]
    return [
        Line(label=label, left=texts[0] or "—", right=texts[1] or "—", says="neutral", mark="", word="")
        for code, label, texts in rows
        if code not in told and any(texts)
    ]


def bought(side: Side, *, currency: str, language: str) -> str:
    """How many orders a side has and what they came to, where somebody added it up."""
    if not side.orders:
        return _("nothing yet")
    facts = {
        "n": formats.count(side.orders),
        "money": formats.money_short(side.net_minor, currency, language=language),
    }
    if side.net_minor is None:
        return ngettext("%(n)s order", "%(n)s orders", side.orders) % facts
    return ngettext("%(n)s order, %(money)s", "%(n)s orders, %(money)s", side.orders) % facts


def seen(side: Side, language: str) -> str:
    """The months in which a side was seen first and last."""
    if side.last_seen_on is None:
        return ""
    first, last = side.first_seen_on or side.last_seen_on, side.last_seen_on
    days = {"first": formats.month(first, language), "last": formats.month(last, language)}
    return days["last"] if days["first"] == days["last"] else _("%(first)s to %(last)s") % days


def _if_same(pair: ReviewPair, *, currency: str, language: str) -> str:
    if pair.joined:
        return _("They stay one customer, and nobody asks again.")
    if _nobody(pair):
        lone = pair.left if pair.left.customer_id is None else pair.right
        told = ngettext("%(n)s record goes to this customer.", "%(n)s records go to this customer.", lone.records)
        return told % {"n": formats.count(lone.records)}
    orders = pair.left.orders + pair.right.orders
    if not orders:
        return _("The two become one customer; neither has bought yet.")
    facts: dict[str, str] = {"n": formats.count(orders)}
    if pair.left.net_minor is None or pair.right.net_minor is None:
        return ngettext(
            "The two become one customer with %(n)s order.", "The two become one customer with %(n)s orders.", orders
        ) % {"n": formats.count(orders)}
    total = pair.left.net_minor + pair.right.net_minor
    facts["money"] = formats.money_short(total, currency, language=language)
    told = ngettext(
        "The two become one customer with %(n)s order and %(money)s.",
        "The two become one customer with %(n)s orders and %(money)s.",
        orders,
    )
    return told % facts


def _if_different(pair: ReviewPair) -> str:
    if _nobody(pair):
        return _("That side stays nobody's, and nobody asks again.")
    if not pair.joined:
        return _("They stay two customers, and nobody asks again.")
    told = ngettext(
        "They become two customers: %(n)s record leaves, with what it bought.",
        "They become two customers: %(n)s records leave, with what they bought.",
        pair.records,
    )
    return told % {"n": formats.count(pair.records)}

"""One customer as the page shows them: sentences, the timeline's words, consents with the unknown ones."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuke.activity.values import Event
from shuke.console.frame import formats, words
from shuke.console.frame.drawings import Bar, Clock, ClockWords, bar, clock
from shuke.customers.queries import Consent as Stated
from shuke.customers.queries import Profile, SourceRecord
from shuke.predictions.values import PurchaseClock
from shuke.touches.adapters import outcomes

# Channels whose consent a shop asks about; each stands in the list even if nobody was ever asked.
_ASKED = ("wecom", "sms", "phone", "email")
_SHOWN_PRODUCTS = 3
_PROOFS = 12
_MANY = 5
# Reasons that are more than one equal identifier: they are said, the identifiers alone would not explain them.
_WEAK = ("masked_phone", "similar_name", "two_accounts", "shared_number", "recycled_number")


@dataclass(frozen=True)
class Entry:
    """One line of the timeline, in words. `tone` chooses the dot: buy, back, aside or touch."""

    on: date
    kind: str
    tone: str
    label: str
    text: str
    place: str
    money_minor: int | None
    currency: str
    counted: bool


@dataclass(frozen=True)
class Consent:
    """One channel and purpose; `state` unknown where nothing was ever said."""

    channel: str
    purpose: str
    state: str
    state_word: str
    on: date | None
    evidence: str


def clock_sentence(found: PurchaseClock) -> str:
    """What the clock says, as a manager would say it."""
    facts = {"usual": round(found.usual_days), "now": found.days_since, "late": found.overdue_days}
    if found.purchases < 2:
        return _("Bought once, %(now)s days ago. There is no rhythm of their own yet.") % facts
    if found.overdue_days > 0:
        return _("Comes every %(usual)s days on average, and has not come for %(now)s.") % facts
    return _("Comes every %(usual)s days on average; last here %(now)s days ago.") % facts


def clock_picture(found: PurchaseClock, *, as_of: date, language: str) -> Clock | None:
    """The ruler; None with fewer than two gaps, where a picture would pretend a rhythm."""
    if len(found.gaps) < 2:
        return None
    low = found.early_days if found.early_days is not None else found.usual_days
    high = found.late_days if found.late_days is not None else found.usual_days
    late = round(found.days_since - high)
    now = _("Day %(day)s today") % {"day": found.days_since}
    if late > 0:
        now = _("Day %(day)s today, %(late)s late") % {"day": found.days_since, "late": late}
    chance = formats.in_hundred(found.returns_within_28_days_share, language)
    shown = ClockWords(
        label=clock_sentence(found),
        usual=_("Usually %(low)s to %(high)s days") % {"low": round(low), "high": round(high)},
        now=now,
        now_note=_("Of people at this point, %(chance)s come within 4 weeks") % {"chance": chance},
        first=_("%(day)s last purchase") % {"day": formats.day(found.last_on, language, near=as_of)},
        last=formats.day(as_of - timedelta(days=1), language, near=as_of),
        unit=_("days"),
    )
    return clock(found.gaps, usual=(low, high), now=found.days_since, words=shown)


def entries(events: Sequence[Event], *, plays: Mapping[str, str]) -> list[Entry]:
    """The timeline in words; `plays` gives names of plays by code."""
    return [_entry(event, plays) for event in events]


def _entry(event: Event, plays: Mapping[str, str]) -> Entry:
    tones = {"order": "buy", "return": "back", "contact": "touch"}
    label = words.word(words.EVENT_KINDS, event.kind)
    bought = event.kind in ("order", "return")
    place = [event.store or (words.source_word(event.source) if bought else ""), event.associate or ""]
    if bought:
        text = _products(event)
        place.append(_("points %(points)s") % {"points": event.note} if event.note else "")
        if event.kind == "order" and event.what not in ("completed", "paid", "shipped"):
            label = f"{label} · {words.word(words.ORDER_STATES, event.what)}"
    elif event.kind == "interaction":
        label, text = words.word(words.INTERACTIONS, event.what), event.note or words.source_word(event.source)
    elif event.kind == "points":
        text = f"{words.word(words.TXN_KINDS, event.what)} {event.note}"
        place = [event.store or words.source_word(event.source)]
    elif event.kind == "coupon":
        label, text = words.word(words.COUPON_STATES, event.what), event.note
    else:
        told = outcomes().get(event.note or "")
        parts = (plays.get(event.what, event.what), told.words(get_language() or "zh-hans") if told else event.note)
        text = " · ".join(part for part in parts if part)
        place = [words.word(words.CHANNELS, event.source)]
    return Entry(
        on=event.on,
        kind=event.kind,
        tone=tones.get(event.kind, "aside"),
        label=label,
        text=text,
        place=" · ".join(part for part in place if part),
        money_minor=event.net_minor,
        currency=event.currency,
        counted=event.counted,
    )


def _products(event: Event) -> str:
    goods = [line for line in event.lines if line.line_kind == "goods"] or list(event.lines)
    names = list(dict.fromkeys(line.product for line in goods if line.product))
    shown = "、".join(names[:_SHOWN_PRODUCTS]) or event.reference
    if len(names) > _SHOWN_PRODUCTS:
        return _("%(names)s and %(more)s more") % {"names": shown, "more": len(names) - _SHOWN_PRODUCTS}
    return shown


def kinds(events: Sequence[Event]) -> list[tuple[str, str, int]]:
    """The filters of a timeline: code, word, how many."""
    counted = Counter(event.kind for event in events)
    return [(code, words.word(words.EVENT_KINDS, code), counted[code]) for code in words.EVENT_KINDS if counted[code]]


def consents(stated: Sequence[Stated], *, language: str) -> list[Consent]:
    """Every stated consent, equal statements about several channels in one line; then the unknown channels."""
    alike: dict[tuple[str, str, date, str], list[str]] = {}
    for one in sorted(stated, key=lambda one: (one.purpose != "marketing", one.purpose, one.channel)):
        proof = one.evidence or words.source_word(one.source)
        channel = words.word(words.CHANNELS, one.channel)
        alike.setdefault((one.purpose, one.state, one.at.date(), proof), []).append(channel)
    known = {one.channel for one in stated if one.purpose == "marketing"}
    silent = [words.word(words.CHANNELS, channel) for channel in _ASKED if channel not in known]
    said = [
        _consent(channels, purpose=purpose, state=state, language=language, on=on, evidence=proof)
        for (purpose, state, on, proof), channels in alike.items()
    ]
    return said + ([_consent(silent, purpose="marketing", state="unknown", language=language)] if silent else [])


def _consent(
    channels: list[str], *, purpose: str, state: str, language: str, on: date | None = None, evidence: str = ""
) -> Consent:
    return Consent(
        channel=words.word(words.CHANNELS, "all") if len(channels) > _MANY else formats.listed(channels, language),
        purpose=words.word(words.PURPOSES, purpose),
        state=state,
        state_word=words.word(words.CONSENT_STATES, state),
        on=on,
        evidence=evidence,
    )


@dataclass(frozen=True)
class Proof:
    """One kind of source record of a customer, with what speaks for one person and against it, in words."""

    evidence_id: int
    source: str
    times: int
    record: str
    for_one: str
    against: str
    result: str
    doubtful: bool


def identity(found: Sequence[SourceRecord], *, records: int, language: str) -> dict[str, Any]:
    """The identity card: how many records, the evidence in words, and whether a second look is asked for.

    `records` counts all of the customer; those without evidence of their own came with another of the same order.
    """
    shown = proofs(found[:_PROOFS], language=language)
    return {
        "records": records,
        "twins": max(records - sum(record.records for record in found), 0),
        "evidence": shown,
        "kinds_of_records": len(found),
        "more_records": sum(record.records for record in found[_PROOFS:]),
        "second_look": any(one.doubtful for one in shown),
    }


def proofs(found: Sequence[SourceRecord], *, language: str) -> list[Proof]:
    """The evidence in words, one line each."""
    return [_proof(record, language) for record in found]


def _proof(record: SourceRecord, language: str) -> Proof:
    ties = [words.word(words.REASONS, record.reason)] if record.reason in _WEAK else []
    ties += [
        _("same %(key)s") % {"key": words.key_word(key.kind)} for key in record.keys if key.usable and key.shared_with
    ]
    ties += [_("same %(key)s") % {"key": words.word(words.FIELDS, field)} for field in record.agrees]
    doubts = [_("other %(key)s") % {"key": words.word(words.FIELDS, field)} for field in record.differs]
    doubts += [
        _("%(key)s not counted: %(why)s")
        % {"key": words.key_word(key.kind), "why": words.word(words.BLOCKS, key.reason)}
        for key in record.keys
        if not key.usable and key.reason
    ]
    seen = [key.value for key in record.keys if key.kind in ("phone", "email")]
    named = [part for part in (record.name, *seen[:1]) if part]
    return Proof(
        evidence_id=record.evidence_id,
        source=formats.listed([words.source_word(code) for code in record.sources], language),
        times=record.records,
        record=" · ".join(named) or (record.source_row_ids[0] if record.source_row_ids else "—"),
        for_one=formats.listed(ties or [words.word(words.REASONS, record.reason)], language),
        against=formats.listed(doubts, language),
        result=words.word(words.BANDS, record.band),
        # A nickname in another channel is no doubt; another birthday or sex is.
        doubtful=record.band == "probable" or bool(set(record.differs) & {"birthday", "gender"}),
    )


@dataclass(frozen=True)
class Axis:
    """One axis of the value layer: where this customer stands among all who bought, 0 to 1; None without data."""

    name: str
    rank: float | None
    above: str
    picture: Bar | None


@dataclass(frozen=True)
class Layer:
    """The value layer of a customer with its four axes."""

    name: str
    what: str
    since_on: date | None
    previous: str
    axes: tuple[Axis, ...]


def layer(row: Mapping[str, Any] | None) -> Layer | None:
    """The layer as the page shows it; None before it was computed."""
    if row is None:
        return None
    axes = []
    for code in ("frequency", "spend", "interaction", "recommend"):
        name, rank = words.word(words.AXES, code), row[code]
        picture = None if rank is None else bar(rank, most=1, label=f"{name} {rank:.0%}", colour="done")
        # Nobody stands above everybody: the best are above 99 %.
        above = "" if rank is None else f"{min(int(rank * 100), 99)}%"
        axes.append(Axis(name, rank, above, picture))
    moved = row["previous_layer"] if row["previous_layer"] != row["layer"] else None
    return Layer(
        name=row["name"],
        what=row["what"],
        since_on=row["since_on"],
        previous=words.word(words.LAYERS, moved),
        axes=tuple(axes),
    )


def ticket_minor(features: Mapping[str, Any] | None) -> int | None:
    """What one purchase of the last year came to; None without one."""
    if not features or not features["orders_365"]:
        return None
    return int(features["net_365_minor"]) // int(features["orders_365"])


def signs(found: Profile) -> list[tuple[str, str]]:
    """Further identifiers of a customer, masked as the reader gives them."""
    every = [
        (_("Card"), found.card),
        (_("Member number"), found.member_id),
        (_("E-mail"), found.email),
        (_("City"), found.city),
    ]
    return [(label, value) for label, value in every if value]

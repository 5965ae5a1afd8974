"""What a merge or a split will do, in words, before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuke.console.customers.show_pair import bought, seen, value
from shuke.console.frame import formats, words
from shuke.customers.values import ConsentChange, Joint, MergePreview, Side, SplitPreview

# Fields by which people recognise a customer, in the order in which they are read.
_KNOWN_BY = ("phone", "gender", "birthday", "city", "email", "address")


@dataclass(frozen=True)
class Person:
    """One customer of a preview: who, known by what, with what; `fate` says what becomes of the id."""

    customer_id: int | None
    name: str
    fate: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Consents:
    """Channels of one purpose, alike before and after; `state` is the code of what holds afterwards."""

    channel: str
    purpose: str
    left: str
    right: str
    after: str
    state: str


@dataclass(frozen=True)
class Merging:
    """The preview of a merge in words."""

    stays: Person
    goes: Person
    moves: tuple[str, ...]
    consents: tuple[Consents, ...]
    against: tuple[str, ...]
    replaces: bool


@dataclass(frozen=True)
class Parting:
    """The preview of a split, or of taking a merge back, in words."""

    customer_id: int
    stays: Person
    goes: Person
    joint: tuple[str, ...]
    undoes: int


def merging(found: MergePreview, *, language: str) -> Merging:
    """What moves, what is agreed to afterwards, what contradicts."""
    return Merging(
        stays=_person(found.survivor, fate=_("keeps the id"), currency=found.currency, language=language),
        goes=_person(found.goes, fate=_("its id leads here from now on"), currency=found.currency, language=language),
        moves=tuple(_moves(found, language=language)),
        consents=tuple(_consents(found.consents, language=language)),
        against=tuple(words.word(words.CONTRADICTIONS, code) for code in found.contradictions),
        replaces="apart" in found.contradictions,
    )


def _moves(found: MergePreview, *, language: str) -> list[str]:
    facts = {
        "orders": formats.count(found.orders),
        "money": formats.money_short(found.net_minor, found.currency, language=language),
        "identifiers": formats.count(found.identifiers),
        "tasks": formats.count(found.tasks),
        "doubles": formats.count(found.doubles),
    }
    told = []
    if found.orders:
        told.append(ngettext("%(orders)s order, %(money)s", "%(orders)s orders, %(money)s", found.orders) % facts)
    if found.identifiers:
        told.append(_("%(identifiers)s further numbers: phones, cards, accounts") % facts)
    if found.tasks:
        told.append(ngettext("%(tasks)s open task", "%(tasks)s open tasks", found.tasks) % facts)
    if found.doubles:
        told.append(_("tasks that both have are cancelled, so that nobody is asked twice: %(doubles)s") % facts)
    return told


def _consents(changes: Sequence[ConsentChange], *, language: str) -> list[Consents]:
    """Channels that change alike stand in one line."""
    alike: dict[tuple[str, str, str, str], list[str]] = {}
    for one in sorted(changes, key=lambda one: (one.purpose != "marketing", one.purpose, one.channel)):
        key = (one.purpose, one.left, one.right, one.after)
        alike.setdefault(key, []).append(words.word(words.CHANNELS, one.channel))
    return [
        Consents(
            channel=formats.listed(channels, language),
            purpose=words.word(words.PURPOSES, purpose),
            left=words.word(words.CONSENT_STATES, left),
            right=words.word(words.CONSENT_STATES, right),
            after=words.word(words.CONSENT_STATES, after),
            state=after,
        )
        for (purpose, left, right, after), channels in alike.items()
    ]


def parting(found: SplitPreview, *, currency: str, language: str) -> Parting:
    """Both customers as they will be, and whose it stays what happened to them together."""
    restored = _("gets its old id back") if found.restores is not None else _("gets a new id")
    keeps = found.keeps_id == "keeps"
    kept = _("keeps the id")
    joint = [(one.what, formats.count(_times(one, found))) for one in found.joint]
    return Parting(
        customer_id=found.customer_id,
        stays=_person(found.keeps, fate=kept if keeps else restored, currency=currency, language=language),
        goes=_person(found.leaves, fate=restored if keeps else kept, currency=currency, language=language),
        joint=tuple(words.word(words.JOINT_KEPT, what) % {"n": times} for what, times in joint),
        undoes=len(found.undoes),
    )


def _times(one: Joint, found: SplitPreview) -> int:
    """How often; orders as both sides count them, an order seen twice once."""
    return found.keeps.orders + found.leaves.orders if one.what == "orders" else one.times


def _person(side: Side, *, fate: str, currency: str, language: str) -> Person:
    facts = [
        (words.word(words.PAIR_FIELDS, field), value(field, getattr(side, field)))
        for field in _KNOWN_BY
        if getattr(side, field)
    ]
    cards = {key.value for key in side.keys if key.kind == "card"}
    facts += [
        (words.word(words.PAIR_FIELDS, key.kind.split(":")[0]), key.value)
        for key in side.keys
        # The card of a member is often the member number: it is said once.
        if key.kind not in ("phone", "email") and not (key.kind == "member_id" and key.value in cards)
    ]
    facts.append((_("Came from"), formats.listed([words.source_word(code) for code in side.sources], language) or "—"))
    facts.append((_("Records"), formats.count(side.records)))
    facts.append((_("Bought"), bought(side, currency=currency, language=language)))
    if side.last_seen_on:
        facts.append((_("First and last seen"), seen(side, language)))
    return Person(customer_id=side.customer_id, name=side.name or _("No name"), fate=fate, facts=tuple(facts))

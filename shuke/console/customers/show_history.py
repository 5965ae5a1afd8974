"""The life of an id in words: when it was given, merged, split, fixed by hand, by whom and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from shuke.console.frame import formats, words
from shuke.customers.values import Event
from shuke.kernel.actor import SYSTEM

# Reasons of single records that say nothing of two.
_TIE_NOBODY = ("staff", "alone", "no_key", "record", "pinned")


@dataclass(frozen=True)
class Change:
    """One line of an id's life. `unmerge` is the decision that can be taken back, `again` whom to merge with again."""

    at: datetime
    kind: str
    label: str
    text: str
    note: str
    by: str
    unmerge: int | None
    again: int | None


def changes(events: Sequence[Event], *, customer_id: int, language: str) -> list[Change]:
    """The events of a customer, the latest first."""
    ordered = sorted(events, key=lambda event: (event.at, event.run, event.kind), reverse=True)
    return [_change(event, customer_id=customer_id, language=language) for event in ordered]


def _change(event: Event, *, customer_id: int, language: str) -> Change:
    codes = [code for code in event.evidence if code not in _TIE_NOBODY]
    ties = formats.listed([_tie(code) for code in codes], language)
    return Change(
        at=event.at,
        kind=event.kind,
        label=words.word(words.ID_EVENTS, event.kind),
        text=_sentence(event, customer_id=customer_id),
        note=ties or str(words.REASONS.get(event.reason, "")),
        by=event.by or SYSTEM.name,
        unmerge=event.decision_id if event.kind == "merged" else None,
        again=_other(event, customer_id=customer_id) if event.kind == "split" and event.decision_id else None,
    )


def _other(event: Event, *, customer_id: int) -> int | None:
    return event.other_id if event.customer_id == customer_id else event.customer_id


def _tie(code: str) -> str:
    """A code of evidence: a kind of identifier, a compared field, or a reason."""
    for known in (words.KEYS, words.FIELDS, words.REASONS):
        if code in known:
            return words.word(known, code)
    return words.word(words.PAIR_FIELDS, code)


def _sentence(event: Event, *, customer_id: int) -> str:
    facts = {
        "id": str(event.customer_id),
        "other": str(event.other_id or ""),
        "n": formats.count(event.records),
        "why": words.word(words.DECISIONS, event.reason) if event.decision_id else "",
    }
    own = event.customer_id == customer_id
    if event.kind == "created":
        return _("Id %(id)s was given to %(n)s records") % facts if event.records else facts["id"]
    if event.kind == "merged":
        return _("%(id)s became part of %(other)s") % facts if event.other_id else _("Merged")
    if event.kind == "split":
        told = own and event.records
        return _("%(n)s records left %(other)s as %(id)s") % facts if told else _("%(id)s left %(other)s") % facts
    if event.kind == "moved":
        if not event.records:
            return _("Records moved between %(id)s and %(other)s") % facts
        return _("%(n)s records moved between %(id)s and %(other)s") % facts
    return facts["why"] or _("Fixed by hand")

"""What people decided about who is who, and what of it still waits to be applied."""

from collections.abc import Collection, Sequence

from django.db.models import Count, Q

from shuke.access.rules import Permission, may, require
from shuke.customers.models import Decision, DecisionRecord
from shuke.customers.rules.pinning import built_on
from shuke.customers.values import DecisionRow, Pin
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.lake.queries import Reader, current_generation

_TIES = ("merge", "same")
_PINS = ("merge", "same", "split", "different")
_BATCH = 900


class BuiltOn(ShukeError):
    """Later decisions hold both sides of a tie together."""


def epoch(actor: Actor) -> int:
    """The number of the last decision or revocation, 0 none: what a resolution of now would obey."""
    require(actor, Permission.IMPORT_FILES)
    last = Decision.objects.exclude(kind="skipped").order_by("-id").values_list("id", flat=True).first()
    return int(last or 0)


def applied_epoch(actor: Actor) -> int:
    """The last decision that the current generation obeys."""
    require(actor, Permission.SEE_CUSTOMERS)
    current = current_generation()
    return int(current.details.get("decisions", 0)) if current else 0


def waiting(actor: Actor) -> int:
    """How many decisions, and revocations of applied ones, the current generation does not obey yet.

    0 for those who may not decide.
    """
    if not may(actor, Permission.MERGE_CUSTOMERS):
        return 0
    applied = applied_epoch(actor)
    fresh = Q(kind__in=_PINS, revocation__isnull=True) | Q(kind="revoked", revokes__id__lte=applied)
    return Decision.objects.filter(fresh, id__gt=applied).exclude(revokes__kind="skipped").count()


def held_pins(actor: Actor, *, touching: Collection[int] | None = None) -> list[Pin]:
    """Decisions in force as rules see them; with `touching` only those that name such records, also through others."""
    require(actor, Permission.IMPORT_FILES if touching is None else Permission.MERGE_CUSTOMERS)
    held = Decision.objects.filter(kind__in=_PINS, revocation__isnull=True)
    if touching is not None:
        numbers = _reached(touching)
        held = held.filter(pk__in=numbers)
    kinds = dict(held.values_list("id", "kind"))
    sides: dict[int, tuple[set[int], set[int]]] = {number: (set(), set()) for number in kinds}
    rows = DecisionRecord.objects.filter(decision__in=held)
    for number, record, side in rows.values_list("decision_id", "record_id", "side").iterator():
        sides[number][side].add(record)
    return [
        Pin(
            decision_id=number,
            sides=(frozenset(sides[number][0]), frozenset(sides[number][1])),
            apart=kinds[number] not in _TIES,
        )
        for number in sorted(kinds)
    ]


def need_nothing_on_top(actor: Actor, *, decision_id: int) -> None:
    """Raises `BuiltOn` where later decisions say again that both sides of this tie are one: these end first."""
    require(actor, Permission.MERGE_CUSTOMERS)
    named: tuple[set[int], set[int]] = (set(), set())
    rows = DecisionRecord.objects.filter(decision_id=decision_id, decision__kind__in=_TIES)
    for record, side in rows.values_list("record_id", "side").iterator():
        named[side].add(record)
    tie = Pin(decision_id=decision_id, sides=(frozenset(named[0]), frozenset(named[1])), apart=False)
    later = built_on(held_pins(actor, touching=named[0] | named[1]), tie)
    if later:
        numbers = ", ".join(str(number) for number in later)
        raise BuiltOn(
            f"A later decision stands on this one (decision {numbers}).",
            hint="Take that one back first, the latest first; or split the customer as it is now.",
        )


def _reached(records: Collection[int]) -> list[int]:
    """Numbers of decisions in force that name one of `records`, or a record of such a decision, and so on."""
    held = DecisionRecord.objects.filter(decision__kind__in=_PINS, decision__revocation__isnull=True)
    numbers: set[int] = set()
    asked, seen = set(records), set(records)
    while asked:
        fresh: set[int] = set()
        for part in _batches(sorted(asked)):
            fresh |= set(held.filter(record_id__in=part).values_list("decision_id", flat=True))
        fresh -= numbers
        numbers |= fresh
        asked = set()
        for part in _batches(sorted(fresh)):
            asked |= set(held.filter(decision_id__in=part).values_list("record_id", flat=True))
        asked -= seen
        seen |= asked
    return sorted(numbers)


def _batches(values: Sequence[int]) -> list[Sequence[int]]:
    return [values[start : start + _BATCH] for start in range(0, len(values), _BATCH)]


def decisions(actor: Actor, *, lake: Reader | None = None, limit: int = 50, skip: int = 0) -> tuple[DecisionRow, ...]:
    """Decisions, the latest first. With `lake`, counts records of each that no file has any more."""
    require(actor, Permission.MERGE_CUSTOMERS)
    applied = applied_epoch(actor)
    found = Decision.objects.exclude(kind="skipped").select_related("revocation").annotate(named=Count("records"))
    shown = list(found.order_by("-id")[skip : skip + limit])
    vanished = _vanished([one.pk for one in shown], lake=lake) if lake is not None else {}
    return tuple(
        DecisionRow(
            decision_id=one.pk,
            kind=one.kind,
            at=one.at,
            by=one.actor,
            reason=one.reason,
            left_id=one.left_id,
            right_id=one.right_id,
            pair_id=one.pair_id,
            records=one.named,
            vanished=vanished.get(one.pk, 0),
            revoked_by=one.revocation.pk if hasattr(one, "revocation") else None,
            applied=one.pk <= applied,
        )
        for one in shown
    )


def _vanished(numbers: Sequence[int], *, lake: Reader) -> dict[int, int]:
    rows = list(DecisionRecord.objects.filter(decision_id__in=numbers).values_list("decision_id", "record_id"))
    if not rows or not lake.has("record_evidence"):
        return {}
    listed = ", ".join(str(record) for record in sorted({record for _, record in rows}))
    known = {
        row["record_id"] for row in lake.rows(f"select record_id from record_evidence where record_id in ({listed})")
    }
    found: dict[int, int] = {}
    for number, record in rows:
        if record not in known:
            found[number] = found.get(number, 0) + 1
    return found

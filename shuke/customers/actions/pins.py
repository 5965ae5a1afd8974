"""Decisions about who is who: kept append-only, and written into a run so that matching obeys them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import pyarrow as pa
from django.db import transaction
from django.db.models import Max

from shuke.access.rules import Permission, require
from shuke.customers.models import Decision, DecisionRecord
from shuke.customers.queries.decisions import epoch, held_pins, need_nothing_on_top, waiting
from shuke.customers.rules import pinning
from shuke.customers.values import Decided, Pin
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import ShukeError, WrongUse
from shuke.lake.actions import Run

_BATCH = 2000
TIES = ("merge", "same")


class Contradiction(ShukeError):
    """A decision does not fit earlier ones; `decisions` are their numbers."""

    def __init__(self, decisions: Sequence[int]) -> None:
        named = ", ".join(str(number) for number in decisions)
        super().__init__(
            f"Somebody decided otherwise before (decision {named}).",
            hint="Look at that decision; confirm that yours replaces it, or leave it.",
        )
        self.decisions = tuple(decisions)


class NoSuchDecision(ShukeError):
    """There is no such decision, or it was taken back already."""


@dataclass(frozen=True)
class Named:
    """A record that a decision names, and whose it is now: the customer and the automatic part."""

    record_id: int
    customer_id: int | None
    own_id: int | None


@dataclass(frozen=True)
class Asked:
    """What a person decides: `kind` of Decision, records of both sides, the customers looked at, the queue's pair."""

    kind: str
    sides: tuple[tuple[Named, ...], tuple[Named, ...]]
    left_id: int | None
    right_id: int | None
    reason: str
    pair_id: str = ""


@transaction.atomic
def decide(actor: Actor, *, asked: Asked, replace: bool = False) -> Decided:
    """Keeps a decision and journals it; the next resolution obeys it.

    Raises `Contradiction` naming earlier decisions that it does not fit, unless `replace` ends those; `WrongUse` for a
    side without records or a record on both sides.
    """
    require(actor, Permission.MERGE_CUSTOMERS)
    left, right = (frozenset(named.record_id for named in side) for side in asked.sides)
    if not left or not right or left & right:
        raise WrongUse("Both sides need records of their own.", hint="Load the page again, then choose.")
    # A skipped pair pins nothing, so that it contradicts nothing.
    ended: tuple[int, ...] = ()
    if asked.kind != "skipped":
        wanted = Pin(decision_id=_next_number(), sides=(left, right), apart=asked.kind not in TIES)
        ended = pinning.contradicted(held_pins(actor, touching=left | right), wanted)
    if ended and not replace:
        raise Contradiction(ended)
    kept = _keep(actor, asked)
    for number in ended:
        _revoke(actor, decision=Decision.objects.get(pk=number), reason=asked.reason, because=kept)
    return Decided(decision_id=kept.pk, waiting=waiting(actor), replaced=ended)


@transaction.atomic
def take_back(actor: Actor, *, decision_id: int, reason: str = "") -> Decided:
    """Ends a decision by a row of its own.

    Raises `NoSuchDecision` where it is not in force, `BuiltOn` where later ones tie both sides again.
    """
    require(actor, Permission.MERGE_CUSTOMERS)
    decision = Decision.objects.filter(pk=decision_id, revocation__isnull=True).exclude(kind="revoked").first()
    if decision is None:
        raise NoSuchDecision(
            f"Decision {decision_id} does not exist or was taken back already.", hint="Load the page again."
        )
    need_nothing_on_top(actor, decision_id=decision_id)
    row = _revoke(actor, decision=decision, reason=reason)
    return Decided(decision_id=row.pk, waiting=waiting(actor))


def write_pins(run: Run) -> None:
    """Tables pinned_records, parties_apart and reclaimed_records from the decisions in force, and their number.

    The generation's detail `decisions` becomes the last decision that this run obeys, `decisions_before` the last one
    that the run before obeyed.
    """
    actor = run.reader().actor
    applied, now = int(run.generation.details.get("decisions", 0)), epoch(actor)
    pins = [pin for pin in held_pins(actor) if pin.decision_id <= now]
    found = pinning.parties(pins)
    records = sorted(found.party_of)
    parts = _parts(pins, party_of=found.party_of)
    columns = {
        "record_id": pa.array(records, pa.int64()),
        "party": pa.array([found.party_of[record] for record in records], pa.int64()),
        "part": pa.array([parts.get(record, (None, None))[0] for record in records], pa.int64()),
        "merged_at": pa.array([parts.get(record, (None, None))[1] for record in records], pa.timestamp("us")),
    }
    run.write_arrow("pinned_records", rows=pa.table(columns))
    sides = [pa.array([pair[place] for pair in found.apart], pa.int64()) for place in (0, 1)]
    run.write_arrow("parties_apart", rows=pa.table(sides, names=["party", "other"]))
    _write_reclaimed(run, applied=applied, now=now)
    run.generation.details |= {"decisions": now, "decisions_before": applied}


def _next_number() -> int:
    return int(Decision.objects.aggregate(last=Max("id"))["last"] or 0) + 1


def _keep(actor: Actor, asked: Asked) -> Decision:
    kept = Decision.objects.create(
        at=utc_now(),
        actor=actor.name,
        role=actor.role.value,
        user_id=actor.user_id,
        kind=asked.kind,
        reason=asked.reason.strip(),
        left_id=asked.left_id,
        right_id=asked.right_id,
        pair_id=asked.pair_id,
    )
    rows = [
        DecisionRecord(
            decision=kept, record_id=one.record_id, side=place, customer_id=one.customer_id, own_id=one.own_id
        )
        for place, side in enumerate(asked.sides)
        for one in side
    ]
    DecisionRecord.objects.bulk_create(rows, batch_size=_BATCH)
    note(
        actor,
        f"decided_{asked.kind}",
        object_type="customer",
        object_id=asked.left_id or 0,
        decision=kept.pk,
        other=asked.right_id,
        records=len(rows),
    )
    return kept


def _revoke(actor: Actor, *, decision: Decision, reason: str, because: Decision | None = None) -> Decision:
    row = Decision.objects.create(
        at=utc_now(),
        actor=actor.name,
        role=actor.role.value,
        user_id=actor.user_id,
        kind="revoked",
        reason=reason.strip(),
        left_id=decision.left_id,
        right_id=decision.right_id,
        pair_id=decision.pair_id,
        revokes=decision,
        because=because,
    )
    note(
        actor,
        "decision_revoked",
        object_type="customer",
        object_id=decision.left_id or 0,
        decision=decision.pk,
        other=decision.right_id,
    )
    return row


def _parts(pins: Iterable[Pin], *, party_of: dict[int, int] | Any) -> dict[int, tuple[int | None, Any]]:
    """For records that people merged: the automatic part each was of before, and when its party was merged last."""
    ties = [pin.decision_id for pin in pins if not pin.apart]
    when: dict[int, Any] = {}
    part: dict[int, int | None] = {}
    rows = DecisionRecord.objects.filter(decision__revocation__isnull=True, decision__kind__in=TIES).order_by(
        "decision_id", "record_id"
    )
    known = set(ties)
    for number, record, own, at in rows.values_list("decision_id", "record_id", "own_id", "decision__at").iterator():
        if number in known:
            part.setdefault(record, own)
            party = party_of[record]
            when[party] = max(when.get(party, at), at)
    return {record: (own, when[party_of[record]].astimezone(UTC).replace(tzinfo=None)) for record, own in part.items()}


# Records that joined a merged customer later, under its id: they speak for no id when the merge is taken back.
_LATER = """
select i.record_id
from identity i
where i.customer_id_automatic in
    (select n.customer_id_automatic from identity n join named_records r on r.record_id = n.record_id)
  and i.record_id not in (select record_id from named_records)
order by i.record_id
"""


def _write_reclaimed(run: Run, *, applied: int, now: int) -> None:
    """Of ties applied before and taken back since: each record with the ids that it had before the earliest of them."""
    rows = DecisionRecord.objects.filter(
        decision__kind__in=TIES,
        decision_id__lte=applied,
        decision__revocation__id__gt=applied,
        decision__revocation__id__lte=now,
        own_id__isnull=False,
        customer_id__isnull=False,
    ).order_by("decision_id", "record_id")
    ids = pinning.ids_before(rows.values_list("decision_id", "record_id", "customer_id", "own_id").iterator())
    ids |= dict.fromkeys(_later(run, named=sorted(ids)), (0, 0))
    columns = {
        "record_id": pa.array(sorted(ids), pa.int64()),
        "customer_id": pa.array([ids[record][0] for record in sorted(ids)], pa.int64()),
        "customer_id_automatic": pa.array([ids[record][1] for record in sorted(ids)], pa.int64()),
    }
    run.write_arrow("reclaimed_records", rows=pa.table(columns))


def _later(run: Run, *, named: Sequence[int]) -> list[int]:
    lake = run.reader()
    if not named or not lake.has("identity"):
        return []
    lake.use("identity")
    lake.cursor.register("named_records", pa.table({"record_id": pa.array(named, pa.int64())}))
    try:
        return [int(row["record_id"]) for row in lake.rows(_LATER)]
    finally:
        lake.cursor.unregister("named_records")

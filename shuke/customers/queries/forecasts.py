"""What a split would do to ids: whom each side's records would claim, and which decisions would end."""

from collections import Counter
from collections.abc import Collection

from shuke.access.rules import Permission, require
from shuke.customers.models import Decision, DecisionRecord
from shuke.customers.queries.decisions import applied_epoch, held_pins, need_nothing_on_top
from shuke.customers.queries.profiles import living_id
from shuke.customers.rules.pinning import contradicted, ids_before
from shuke.customers.values import Pin
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.lake.queries import Reader
from shuke.lake.rules import literal

_OWN = "select record_id, customer_id_automatic, evidence_id from identity where customer_id = $id"


class NotUndoable(ShukeError):
    """The decision is no merge in force, or its records are in no customer together."""


def split_ids(
    actor: Actor, *, lake: Reader, customer_id: int, leaving: Collection[int], ending: Collection[int] | None = None
) -> tuple[str, int | None, tuple[int, ...]]:
    """For records that would leave a customer: which side keeps its id, the id that the other gets back, what ends.

    Returns ("keeps" or "leaves", id or None for a new one, numbers of the decisions that would end). `ending` names
    these decisions where they are known already.
    """
    require(actor, Permission.MERGE_CUSTOMERS)
    living = living_id(lake, customer_id)
    own = {row["record_id"]: row["customer_id_automatic"] for row in lake.rows(_OWN, id=living)}
    away = frozenset(leaving) & own.keys()
    stay = frozenset(own) - away
    if ending is None:
        wanted = Pin(decision_id=2**62, sides=(stay, away), apart=True)
        ending = contradicted(held_pins(actor, touching=stay | away), wanted) if stay and away else ()
    claims = _claims(ending, applied=applied_epoch(actor))
    merged = {own[record] for record in claims if record in own}
    own = {record: 0 if number in merged else number for record, number in own.items()} | claims
    sides = Counter(own[record] for record in stay), Counter(own[record] for record in away)
    keeps = 0 if sides[0][living] >= sides[1][living] else 1
    other = sides[1 - keeps]
    free = {number: count for number, count in other.items() if number and number != living}
    free = {number: count for number, count in free.items() if count > sides[keeps][number]}
    restored = min(free, key=lambda number: (-free[number], number)) if free else None
    return ("keeps", "leaves")[keeps], restored, tuple(sorted(ending))


def decision_sides(actor: Actor, *, lake: Reader, decision_id: int) -> tuple[int, list[int], list[int]]:
    """The customer that a merge in force made, and the evidence of its two sides there.

    Raises `NotUndoable` where the decision is no merge in force or its records are not together, `BuiltOn` where later
    decisions tie both sides again.
    """
    require(actor, Permission.MERGE_CUSTOMERS)
    decision = Decision.objects.filter(pk=decision_id, kind__in=("merge", "same"), revocation__isnull=True).first()
    need_nothing_on_top(actor, decision_id=decision_id)
    named = dict(DecisionRecord.objects.filter(decision_id=decision_id).values_list("record_id", "side"))
    rows = []
    if decision is not None and named:
        asked = literal(sorted(named))
        rows = lake.rows(f"select record_id, customer_id, evidence_id from identity where record_id in {asked}")
    customers = Counter(row["customer_id"] for row in rows if row["customer_id"] is not None)
    sides: tuple[list[int], list[int]] = ([], [])
    if customers:
        living = min(customers, key=lambda number: (-customers[number], number))
        for row in rows:
            if row["customer_id"] == living:
                sides[named[row["record_id"]]].append(int(row["evidence_id"]))
    if not sides[0] or not sides[1]:
        raise NotUndoable(
            "This merge is not in force any more, or was never applied.", hint="Look at the history of the customer."
        )
    return living, sorted(set(sides[0])), sorted(set(sides[1]))


def customers_of(actor: Actor, *, lake: Reader, decision_id: int) -> tuple[int | None, int | None]:
    """Who holds most records of each side of a decision in the tables that `lake` reads; None where nobody does."""
    require(actor, Permission.MERGE_CUSTOMERS)
    named = dict(DecisionRecord.objects.filter(decision_id=decision_id).values_list("record_id", "side"))
    rows = lake.rows(f"select record_id, customer_id from identity where record_id in {literal(sorted(named))}")
    sides: tuple[Counter[int], Counter[int]] = (Counter(), Counter())
    for row in rows:
        if row["customer_id"] is not None:
            sides[named[row["record_id"]]][int(row["customer_id"])] += 1
    left, right = (sorted((-count, number) for number, count in side.items()) for side in sides)
    return (left[0][1] if left else None), (right[0][1] if right else None)


def _claims(ending: Collection[int], *, applied: int) -> dict[int, int]:
    """The automatic ids that records go back to when these ties end: those before the earliest of them."""
    rows = DecisionRecord.objects.filter(
        decision_id__in=list(ending),
        decision_id__lte=applied,
        decision__kind__in=("merge", "same"),
        own_id__isnull=False,
        customer_id__isnull=False,
    ).order_by("decision_id", "record_id")
    before = ids_before(rows.values_list("decision_id", "record_id", "customer_id", "own_id"))
    return {record: own for record, (_, own) in before.items()}

"""The life of an id: what happened to it, whom it stood for at any time, its household and its certainty."""

from datetime import UTC, datetime
from typing import Any

from shuke.access.rules import Permission, require
from shuke.customers.models import Decision
from shuke.customers.queries.profiles import NoSuchCustomer, aliases_of, living_id
from shuke.customers.values import Event, Household
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.lake.rules import literal

_HISTORY = """
select * from customer_events
where (customer_id in {ids} or other_id = $living) and not (kind = 'moved' and records = 0 and leads_to <> 0)
order by "at" desc, run desc, kind, customer_id, other_id
limit $most
"""
_STOOD_FOR = """
select leads_to from customer_events
where customer_id = $id and leads_to is not null and "at" <= $at
order by "at" desc, run desc
limit 1
"""


def history(actor: Actor, *, lake: Reader, customer_id: int, limit: int = 200) -> tuple[Event, ...]:
    """What happened to a customer and to the ids that lead to it, the latest first.

    `decision_id` stands only where that decision is still in force, so that it can be taken back.
    """
    require(actor, Permission.SEE_CUSTOMERS)
    living, *others = aliases_of(actor, lake=lake, customer_id=customer_id)
    if not lake.has("customer_events"):
        return ()
    rows = lake.rows(_HISTORY.format(ids=literal([living, *others])), living=living, most=limit)
    numbers = {row["decision_id"] for row in rows if row["decision_id"] is not None}
    held = set(
        Decision.objects.filter(pk__in=numbers, revocation__isnull=True)
        .exclude(kind="revoked")
        .values_list("id", flat=True)
    )
    return tuple(_event(row, held=held) for row in rows)


def living_at(actor: Actor, *, lake: Reader, customer_id: int, at: datetime) -> int:
    """The customer that an id stood for at an instant (aware); any id ever given out has an answer from then on.

    Raises `NoSuchCustomer` for an id not given out yet or whose records were all gone, and where the actor's stores may
    not see the customer that it stands for today.
    """
    require(actor, Permission.SEE_CUSTOMERS)
    if actor.stores is not None:
        living_id(lake, customer_id)
    asked = at.astimezone(UTC).replace(tzinfo=None)
    found = lake.value(_STOOD_FOR, id=customer_id, at=asked) if lake.has("customer_events") else None
    if not found:
        raise NoSuchCustomer("This id stood for nobody then.", hint="Choose a later day, or look at its history.")
    return int(found)


def household(actor: Actor, *, lake: Reader, customer_id: int) -> Household | None:
    """Who seems to live with the customer, as far as the actor may see them; None alone."""
    require(actor, Permission.SEE_CUSTOMERS)
    living = living_id(lake, customer_id)
    rows = lake.rows(
        "select household_id, customer_id, reason from households where household_id in"
        " (select household_id from households where customer_id = $id) order by customer_id",
        id=living,
    )
    if len(rows) < 2:
        return None
    reason = next(row["reason"] for row in rows if row["customer_id"] == living)
    return Household(int(rows[0]["household_id"]), reason, tuple(int(row["customer_id"]) for row in rows))


def certainty(actor: Actor, *, lake: Reader, customer_id: int) -> float | None:
    """The probability that all records of the customer are one person, 0 to 1; None where nothing counted it."""
    require(actor, Permission.SEE_CUSTOMERS)
    living = living_id(lake, customer_id)
    if not lake.has("customer_certainty"):
        return None
    found = lake.value("select certainty from customer_certainty where customer_id = $id", id=living)
    return 1.0 if found is None else float(found)


def _event(row: dict[str, Any], *, held: set[int]) -> Event:
    return Event(
        at=row["at"].replace(tzinfo=UTC),
        kind=row["kind"],
        customer_id=int(row["customer_id"]),
        other_id=row["other_id"],
        records=int(row["records"]),
        reason=row["reason"],
        evidence=tuple(code for code in row["evidence"].split(",") if code),
        rule_version=row["rule_version"],
        run=int(row["run"]),
        by=row["by"],
        decision_id=row["decision_id"] if row["decision_id"] in held else None,
    )

"""A customer, or some evidence of one, as one side of a preview; and what speaks against two being one person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shuke.access.rules import Permission, require
from shuke.customers.queries.decisions import held_pins
from shuke.customers.queries.profiles import living_id
from shuke.customers.rules.pinning import contradicted
from shuke.customers.rules.points import key_of
from shuke.customers.values import Key, Pin, Side
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader

_KINDS = ("member_id", "card", "unionid", "phone", "shop_user", "email")
_OWN = ("name", "phone", "email", "birthday", "gender", "city")
_EVIDENCE = "select * from customer_evidence where customer_id = $id order by trust, last_seen_at desc, evidence_id"
_RECORDS = "select record_id, customer_id_automatic, source, kind, evidence_id from identity where customer_id = $id"


@dataclass(frozen=True)
class Whole:
    """A side with its records and evidence, how many records stand under its own automatic id, and its identifiers."""

    side: Side
    records: tuple[int, ...]
    evidence: frozenset[int]
    under_own_id: int
    identifiers: frozenset[tuple[str, int | str]]


def whole(actor: Actor, *, lake: Reader, customer_id: int, evidence: Collection[int] | None = None) -> Whole:
    """The customer, or its records that carry the given evidence; personal values masked by the reader."""
    require(actor, Permission.SEE_CUSTOMERS)
    living = living_id(lake, customer_id)
    rows = [row for row in lake.rows(_EVIDENCE, id=living) if evidence is None or row["evidence_id"] in evidence]
    records = [row for row in lake.rows(_RECORDS, id=living) if evidence is None or row["evidence_id"] in evidence]
    profile = lake.row("select * from customer_profiles where customer_id = $id", id=living) or {}
    own = dict(profile) if evidence is None else _best(rows)
    first, last = (_edge(rows, name) for name in ("first_seen_at", "last_seen_at"))
    side = Side(
        customer_id=living,
        **{field: own.get(field) for field in _OWN},
        address=own.get("address"),
        keys=_keys(rows),
        sources=tuple(sorted({row["source"] for row in records})),
        records=len(records),
        orders=sum(row["kind"] == "order" for row in records),
        first_seen_on=min(first).date() if first else None,
        last_seen_on=max(last).date() if last else None,
        store=profile.get("store") if evidence is None else None,
    )
    return Whole(
        side=side,
        records=tuple(sorted(int(row["record_id"]) for row in records)),
        evidence=frozenset(int(row["evidence_id"]) for row in records if row["evidence_id"] is not None),
        under_own_id=sum(row["customer_id_automatic"] == living for row in records),
        identifiers=frozenset((kind, row[_column(kind)]) for row in rows for kind in _KINDS if _is_its_own(row, kind)),
    )


def contradictions(actor: Actor, *, lake: Reader, left: int, right: int) -> tuple[str, ...]:
    """Codes of what speaks against two customers being one person; `lake` must show values unmasked (the system's).

    member_id, card, unionid: both have such numbers and none in common; name, birthday, gender alike; staff: one is a
    member of staff; apart: somebody decided so.
    """
    require(actor, Permission.MERGE_CUSTOMERS)
    sides = [lake.rows(_EVIDENCE, id=living_id(lake, one)) for one in (left, right)]
    found = [kind for kind in ("member_id", "card", "unionid") if _differ(sides, _usable(kind))]
    found += ["name"] if _differ(sides, lambda row: row["name_hash"] if row["name_is_full"] else None) else []
    found += [field for field in ("birthday", "gender") if _differ(sides, lambda row, field=field: row[field])]
    if any(row["is_staff"] for row in sides[0]) != any(row["is_staff"] for row in sides[1]):
        found.append("staff")
    named = [
        frozenset(int(row["record_id"]) for row in lake.rows(_RECORDS, id=living_id(lake, one)))
        for one in (left, right)
    ]
    wanted = Pin(decision_id=2**62, sides=(named[0], named[1]), apart=False)
    if contradicted(held_pins(actor, touching=named[0] | named[1]), wanted):
        found.append("apart")
    return tuple(found)


def _usable(kind: str) -> Any:
    return lambda row: row[kind] if row[f"{kind}_usable"] else None


def _differ(sides: Sequence[Sequence[Mapping[str, Any]]], value: Any) -> bool:
    left, right = ({value(row) for row in rows} - {None} for rows in sides)
    return bool(left and right and not left & right)


def _best(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The first known value of each field, the most trusted evidence first; a full name before others."""
    found: dict[str, Any] = {}
    named = sorted(rows, key=lambda row: not row["name_is_full"])
    for field in _OWN:
        found[field] = next((row[field] for row in (named if field == "name" else rows) if row[field]), None)
    found["phone"] = found["phone"] or next((row["phone_masked"] for row in rows if row["phone_masked"]), None)
    return found


def _edge(rows: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows if row[name] is not None]


def _is_its_own(row: Mapping[str, Any], kind: str) -> bool:
    """Whether the row carries such an identifier; a member number that is the card number is one, not two."""
    return row[_column(kind)] is not None and not (kind == "member_id" and row["member_id"] == row["card"])


def _column(kind: str) -> str:
    """What tells two values of a kind apart without showing them."""
    return {"phone": "phone_hash", "email": "email_hash", "shop_user": "shop_user_id"}.get(kind, kind)


def _keys(rows: Sequence[Mapping[str, Any]]) -> tuple[Key, ...]:
    """Each distinct identifier once, in the order of kinds."""
    seen: dict[tuple[str, Any], Key] = {}
    for kind in _KINDS:
        for row in rows:
            if _is_its_own(row, kind):
                seen.setdefault((kind, row[_column(kind)]), key_of(row, kind))
    return tuple(seen.values())

"""What the records of one side say: the evidence itself, and where it is a customer's, what else is known of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shuke.customers.rules.points import column_of, key_of
from shuke.customers.values import Side
from shuke.kernel.masking import mask_phone
from shuke.lake.queries import Reader
from shuke.lake.rules import literal

_KINDS = ("member_id", "card", "unionid", "phone", "shop_user", "email")
_OF_CUSTOMERS = """
select * from customer_evidence where customer_id in {customers} and evidence_id in {evidence}
order by customer_id, evidence_id, from_at
"""
_OF_NOBODY = """
select e.*, e.shop_user_type, true as phone_usable, true as email_usable, true as card_usable, true as member_id_usable,
  true as unionid_usable, true as shop_user_usable, cast(null as varchar) as block_reason
from person_evidence e where e.evidence_id in {evidence}
"""
_COUNTED = """
select i.customer_id, {evidence} as evidence_id, i.source, count(*) as records,
  sum(case when i.kind = 'order' then 1 else 0 end) as orders
from identity i where i.customer_id in {customers} group by 1, 2, 3
"""
_PROFILES = "select * from customer_profiles where customer_id in {customers}"
_OWN = ("name", "phone", "email", "birthday", "gender", "city")


@dataclass(frozen=True)
class Known:
    """A side, and its fields as texts beside each other with the other side's."""

    side: Side
    fields: Mapping[str, str | None]


def sides_of(lake: Reader, *, asked: Sequence[tuple[int, int | None, bool]]) -> dict[int, Known]:
    """Sides by evidence id; `asked` are (evidence, its customer or None, whether only the evidence itself is meant).

    Personal values are masked by the reader. Evidence of nobody is read only where the actor has no store scope.
    """
    evidence = sorted({one for one, _, _ in asked})
    customers = sorted({customer for _, customer, _ in asked if customer is not None})
    rows = _by_evidence(lake, evidence=evidence, customers=customers)
    profiles = {row["customer_id"]: row for row in _read(lake, _PROFILES, customers=customers)}
    whole = _counted(lake, customers=customers, by_evidence=False)
    parts = _counted(lake, customers=customers, by_evidence=True)
    found = {}
    for one, customer, alone in asked:
        row = rows.get(one, {})
        profile = {} if alone or customer is None else profiles.get(customer, {})
        counted = (parts.get((customer, one)) if alone else whole.get((customer, None))) or _Counted()
        found[one] = _known(row, customer=customer, profile=profile, counted=counted)
    return found


@dataclass(frozen=True)
class _Counted:
    sources: tuple[str, ...] = ()
    records: int = 0
    orders: int = 0


def _by_evidence(lake: Reader, *, evidence: Sequence[int], customers: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    found: dict[int, Mapping[str, Any]] = {}
    for row in _read(lake, _OF_CUSTOMERS, customers=customers, evidence=evidence):
        found.setdefault(row["evidence_id"], row)
    missing = [one for one in evidence if one not in found]
    if missing and lake.actor.stores is None:
        for row in _read(lake, _OF_NOBODY, evidence=missing):
            found[row["evidence_id"]] = row
    return found


def _counted(
    lake: Reader, *, customers: Sequence[int], by_evidence: bool
) -> dict[tuple[int | None, int | None], _Counted]:
    column = "i.evidence_id" if by_evidence else "cast(null as bigint)"
    found: dict[tuple[int | None, int | None], _Counted] = {}
    if not customers:
        return found
    for row in lake.rows(_COUNTED.format(evidence=column, customers=literal(list(customers)))):
        key = (row["customer_id"], row["evidence_id"])
        before = found.get(key, _Counted())
        found[key] = _Counted(
            sources=tuple(sorted({*before.sources, row["source"]})),
            records=before.records + int(row["records"]),
            orders=before.orders + int(row["orders"]),
        )
    return found


def _read(lake: Reader, sql: str, **lists: Sequence[int]) -> list[dict[str, Any]]:
    if not all(lists.values()):
        return []
    return lake.rows(sql.format(**{name: literal(list(values)) for name, values in lists.items()}))


def _known(row: Mapping[str, Any], *, customer: int | None, profile: Mapping[str, Any], counted: _Counted) -> Known:
    own = {field: row.get(field) or profile.get(field) for field in _OWN}
    own["phone"] = row.get("phone") or row.get("phone_masked") or profile.get("phone")
    first, last = row.get("first_seen_at"), row.get("last_seen_at")
    side = Side(
        customer_id=customer,
        **own,
        address=profile.get("address"),
        keys=tuple(key_of(row, kind) for kind in _KINDS if row.get(column_of(kind)) is not None),
        sources=counted.sources or ((row["first_source"],) if row.get("first_source") else ()),
        records=counted.records or int(row.get("records") or 0),
        orders=counted.orders,
        first_seen_on=profile.get("first_seen_on") or (first.date() if first else None),
        last_seen_on=profile.get("last_seen_on") or (last.date() if last else None),
        store=profile.get("store"),
    )
    shown = {field: None if own[field] is None else str(own[field]) for field in _OWN}
    masked = mask_phone(row["phone"]) if row.get("phone") else row.get("phone_masked")
    shown |= {kind: _text(row.get(column_of(kind))) for kind in ("member_id", "card", "unionid", "shop_user")}
    return Known(side=side, fields=shown | {"phone": _text(row.get("phone")), "phone_masked": _text(masked)})


def _text(value: Any) -> str | None:
    return None if value is None else str(value)

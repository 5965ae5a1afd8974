"""Why these records are one customer: each with what speaks for it and against it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shuke.access.rules import Permission, require
from shuke.customers.queries.profiles import living_id
from shuke.customers.values import Key
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader

_RECORDS = """
select source, source_row_id, kind, evidence_id, probability, band, reason
from identity
where customer_id = $id
order by source, source_row_id
limit $most
"""
_KINDS = ("member_id", "card", "unionid", "phone", "shop_user", "email")


@dataclass(frozen=True)
class SourceRecord:
    """Records with the same evidence. `agrees` and `differs` name fields compared with the customer's own profile."""

    sources: tuple[str, ...]
    source_row_ids: tuple[str, ...]
    records: int
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    name: str | None
    birthday: date | None
    city: str | None
    keys: tuple[Key, ...]
    agrees: tuple[str, ...]
    differs: tuple[str, ...]
    probability: float
    band: str
    reason: str
    evidence_id: int


def evidence(actor: Actor, *, lake: Reader, customer_id: int, limit: int = 200) -> list[SourceRecord]:
    """The evidence behind a customer, the strongest first; personal values are masked by the reader.

    At most `limit` source rows are named; `records` counts all.
    """
    require(actor, Permission.SEE_CUSTOMERS)
    living = living_id(lake, customer_id)
    found = lake.rows("select * from customer_evidence where customer_id = $id", id=living)
    own = lake.row("select birthday, city, gender from customer_profiles where customer_id = $id", id=living) or {}
    own["name_hash"] = _own_name(found)
    rows: dict[int, list[Any]] = {}
    for row in lake.rows(_RECORDS, id=living, most=limit):
        rows.setdefault(row["evidence_id"], []).append(row)
    carried = Counter((kind, row[_column(kind)]) for row in found for kind in _KINDS if row[_column(kind)])
    shown = [_record(row, rows=rows.get(row["evidence_id"], []), carried=carried, own=own) for row in found]
    return sorted(shown, key=lambda r: (r.band == "probable", -r.probability, -r.records, r.source_row_ids))


def _column(kind: str) -> str:
    """What tells two values of a kind apart without showing them."""
    return {"phone": "phone_hash", "email": "email_hash", "shop_user": "shop_user_id"}.get(kind, kind)


def _record(row: Any, *, rows: Sequence[Any], carried: Counter[Any], own: Any) -> SourceRecord:
    compared = [(field, row[field], own.get(field)) for field in ("birthday", "city", "gender")]
    if row["has_own_name"]:
        compared.append(("name", row["name_hash"], own["name_hash"]))
    both = [(field, here == there) for field, here, there in compared if here is not None and there is not None]
    return SourceRecord(
        sources=tuple(sorted({found["source"] for found in rows})),
        source_row_ids=tuple(found["source_row_id"] for found in rows),
        records=int(row["records"]),
        first_seen_at=row["first_seen_at"],
        last_seen_at=row["last_seen_at"],
        name=row["name"] or None,
        birthday=row["birthday"],
        city=row["city"],
        keys=tuple(_key(row, kind, carried=carried) for kind in _KINDS if _is_shown(row, kind)) + _masked(row),
        agrees=tuple(field for field, same in both if same),
        differs=tuple(field for field, same in both if not same),
        probability=float(row["probability"]),
        band=row["band"],
        reason=row["reason"],
        evidence_id=int(row["evidence_id"]),
    )


def _own_name(found: Sequence[Any]) -> int | None:
    """The hash of the name that the profile shows: of the most trusted evidence with a full name, the latest."""
    named = [row for row in found if row["name_is_full"]]
    if not named:
        return None
    best = min(named, key=lambda row: (row["trust"], -row["last_seen_at"].toordinal() if row["last_seen_at"] else 0))
    name: int = best["name_hash"]
    return name


def _is_shown(row: Any, kind: str) -> bool:
    """A member number that is the card number is shown once."""
    return row[_shown(kind)] is not None and not (kind == "member_id" and row["member_id"] == row["card"])


def _shown(kind: str) -> str:
    return "shop_user_id" if kind == "shop_user" else kind


def _key(row: Any, kind: str, *, carried: Counter[Any]) -> Key:
    usable = bool(row[f"{kind}_usable"])
    value = row[_column(kind)]
    return Key(
        kind=row["shop_user_type"] if kind == "shop_user" else kind,
        value=str(row[_shown(kind)]),
        usable=usable,
        reason=None if usable else row["block_reason"],
        shared_with=max(carried[kind, value] - 1, 0) if value else 0,
    )


def _masked(row: Any) -> tuple[Key, ...]:
    if row["phone"] is not None or row["phone_masked"] is None:
        return ()
    return (Key(kind="phone", value=row["phone_masked"], usable=False, reason="masked", shared_with=0),)

"""The life of every id: what a resolution changed, appended to table customer_events."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from shuke.customers.adapters import rules_version
from shuke.customers.models import Decision
from shuke.customers.rules.chronicle import Change, Chronicle, Leads, chronicle, leads_of, told_why
from shuke.customers.rules.minting import Before
from shuke.customers.values import Ints, Minted, Parts
from shuke.kernel.clock import utc_now
from shuke.lake.actions import Run

_MOST_FILES = 40
_KINDS = ("merge", "same", "split", "different", "revoked")
_COLUMNS: Mapping[str, Any] = {
    "kind": pa.string(),
    "customer_id": pa.int64(),
    "other_id": pa.int64(),
    "leads_to": pa.int64(),
    "records": pa.int64(),
    "reason": pa.string(),
    "evidence": pa.string(),
    "decision_id": pa.int64(),
    "by": pa.string(),
}
_SQL = """
select customer_id, timestamp '{at}' as "at", kind, other_id, leads_to, records, reason, evidence,
  '{version}' as rule_version, cast({run} as bigint) as run, "by", decision_id
from new_events
"""


@dataclass(frozen=True)
class _Told:
    """A new decision, as events name it."""

    number: int
    kind: str
    by: str
    customers: frozenset[int]


def write_events(run: Run, *, before: Before, minted: Minted, parts: Parts) -> None:
    """Appends what this resolution did to ids: created, merged, split, moved, and pinned by decisions applied first.

    Call it after `mint`, while the tables identity and customer_aliases are still those of the generation before.
    """
    found = told_why(chronicle(_stood(run), before=before, minted=minted), parts=parts, minted=minted)
    told = _new_decisions(run)
    rows = [_row(change, told=told) for change in found.changes]
    rows += _pinned(told, named={row["decision_id"] for row in rows}, minted=minted)
    _append(run, found=found, rows=rows)


def _stood(run: Run) -> Leads:
    """Whom each id stood for in the generation before."""
    lake = run.reader()
    if not lake.has("identity"):
        return leads_of(np.zeros(0, np.int64), {})
    known = lake.arrow("select distinct customer_id from identity where customer_id is not null")
    rows = lake.arrow("select alias_id, customer_id from customer_aliases")
    aliases = dict(zip(rows["alias_id"].to_pylist(), rows["customer_id"].to_pylist(), strict=True))
    return leads_of(known["customer_id"].to_numpy(), aliases)


def _new_decisions(run: Run) -> list[_Told]:
    """Decisions that this run obeys first, the newest first; the run's own base says which were obeyed before."""
    applied = int(run.generation.details.get("decisions_before", 0))
    now = int(run.generation.details.get("decisions", 0))
    found = Decision.objects.filter(id__gt=applied, id__lte=now, kind__in=_KINDS).order_by("-id")
    # What was taken back before it was ever applied has done nothing, and its end does nothing.
    found = found.exclude(revocation__id__lte=now).exclude(revokes__id__gt=applied)
    told = []
    for one in found.select_related("revokes").iterator():
        named = one.revokes if one.kind == "revoked" and one.revokes else one
        ids = {one.left_id, one.right_id} | set(named.records.values_list("customer_id", flat=True).distinct())
        ids |= set(named.records.values_list("own_id", flat=True).distinct())
        told.append(_Told(one.pk, one.kind, one.actor, frozenset(number for number in ids if number)))
    return told


def _row(change: Change, *, told: list[_Told]) -> dict[str, Any]:
    """An event, with the decision that made it where there is one."""
    tied = change.kind == "merged"
    sides = {change.customer_id, change.other_id}
    for decision in told:
        if (decision.kind in ("merge", "same")) == tied and sides & decision.customers and change.kind != "moved":
            return _as_row(replace(change, reason=decision.kind), decision=decision)
    return _as_row(change, decision=None)


def _as_row(change: Change, *, decision: _Told | None) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "customer_id": change.customer_id,
        "other_id": change.other_id,
        "leads_to": change.leads_to,
        "records": change.records,
        "reason": change.reason,
        "evidence": change.evidence,
        "decision_id": decision.number if decision else None,
        "by": decision.by if decision else "",
    }


def _pinned(told: list[_Told], *, named: set[Any], minted: Minted) -> list[dict[str, Any]]:
    """One event a customer for decisions that changed no id: they hold it as it is."""
    living = set(minted.customers.tolist()) if told else set()
    rows = []
    for decision in sorted(told, key=lambda one: one.number):
        if decision.number in named:
            continue
        customers = {minted.aliases.get(number, number) for number in decision.customers}
        for number in sorted(customers & living):
            others = sorted((customers & living) - {number})
            change = Change("pinned", number, others[0] if others else None, None, 0, decision.kind)
            rows.append(_as_row(change, decision=decision))
    return rows


def _append(run: Run, *, found: Chronicle, rows: list[dict[str, Any]]) -> None:
    told = pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in _COLUMNS.items()})
    many = [
        _alike("created", found.created, leads_to=found.created),
        _alike("merged", found.parts.ids, leads_to=found.parts.customers),
    ]
    cursor = run.reader().cursor
    cursor.register("new_events", pa.concat_tables([told, *many]))
    try:
        at, number = f"{utc_now():%Y-%m-%d %H:%M:%S.%f}", run.generation.pk
        run.append("customer_events", sql=_SQL.format(at=at, version=rules_version(), run=number))
    finally:
        cursor.unregister("new_events")
    if len(run.tables.get("customer_events", {"files": []})["files"]) > _MOST_FILES:
        run.write("customer_events", sql="select * from customer_events")


def _alike(kind: str, ids: Ints, *, leads_to: Ints) -> pa.Table:
    """Many events of one kind without records, reasons or decisions."""
    size = len(ids)
    columns: dict[str, Any] = {
        "kind": pa.repeat(kind, size),
        "customer_id": pa.array(ids, pa.int64()),
        "other_id": pa.nulls(size, pa.int64()) if kind == "created" else pa.array(leads_to, pa.int64()),
        "leads_to": pa.array(leads_to, pa.int64()),
        "records": pa.repeat(pa.scalar(0, pa.int64()), size),
        "reason": pa.repeat("resolution", size),
        "evidence": pa.repeat("", size),
        "decision_id": pa.nulls(size, pa.int64()),
        "by": pa.repeat("", size),
    }
    return pa.table(columns)

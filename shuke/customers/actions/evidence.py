"""Loading evidence into arrays and applying the guards that the data decide."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from shuke.customers.adapters import guards
from shuke.customers.rules import guards as rules
from shuke.customers.values import KEY_TYPES, Evidence, Flags, Ints
from shuke.lake.actions import Run

_LOAD = """
select
  evidence_id,
  coalesce(own_record, 0) as record,
  case when member_block is null then coalesce(member_hash, 0) else 0 end as member_id,
  case when card_block is null then coalesce(card_hash, 0) else 0 end as card,
  case when unionid_block is null then coalesce(unionid_hash, 0) else 0 end as unionid,
  case when phone_block is null then coalesce(phone_hash, 0) else 0 end as phone,
  case when shop_user_block is null then coalesce(shop_user_key, 0) else 0 end as shop_user,
  case when email_block is null then coalesce(email_hash, 0) else 0 end as email,
  case when length(name_key) > 1 then coalesce(name_hash, 0) else 0 end as name,
  name_is_full,
  case when name_is_full then name_key end as spelling,
  initial,
  regexp_replace(lower(trim(city)), '市$', '') as city,
  district,
  mask,
  case gender when 'female' then 1 when 'male' then 2 else 0 end as gender,
  coalesce(date_diff('day', date '1970-01-01', birthday) + 100000, 0) as birthday,
  coalesce(try_cast(left(mask, 3) as integer), 0) as prefix,
  coalesce(cast(epoch(first_seen_at) as bigint), 0) as first,
  coalesce(cast(epoch(last_seen_at) as bigint), 0) as last,
  records,
  own_record is not null as is_own,
  is_staff,
  coalesce(phone_block, email_block, card_block, member_block, unionid_block) is not null as listed
from person_evidence
order by first_seen_at nulls last, first_source, first_source_row, evidence_id
"""
_TEXTS = ("initial", "city", "district", "mask")

_DAYS = """
select p.phone_hash as phone, count(distinct cast(r.seen_at as date)) as days
from busy_phones b
join person_evidence p on p.phone_hash = b.phone
join record_evidence r on r.evidence_id = p.evidence_id
group by p.phone_hash
"""


@dataclass(frozen=True)
class Loaded:
    """Evidence with what writing its owners needs; `blocked` counts values by type and reason."""

    evidence: Evidence
    ids: Ints
    spelled: Callable[[int], str | None]
    had_blocked: Flags
    blocked: Mapping[str, int]


def load(run: Run) -> Loaded:
    """Table person_evidence as arrays, in the order in which ids are minted."""
    table = run.reader().arrow(_LOAD)
    plain = [name for name in table.column_names if name not in ("spelling", *_TEXTS)]
    columns = {name: table[name].to_numpy() for name in plain}
    integers = {name: values.astype(np.int64) for name, values in columns.items() if values.dtype != bool}
    integers |= {name: _numbered(table[name]) for name in _TEXTS}
    keys = {kind: integers[kind] for kind in KEY_TYPES}
    fields = {name: integers[name] for name in Evidence.__dataclass_fields__ if name in integers}
    flags = {name: columns[name] for name in ("name_is_full", "is_own", "is_staff")}
    spelling = table["spelling"].combine_chunks()

    def spelled(row: int) -> str | None:
        value: str | None = spelling[row].as_py()
        return value

    return Loaded(
        evidence=_one_numbering(Evidence(keys=keys, **fields, **flags)),
        ids=integers["evidence_id"],
        spelled=spelled,
        had_blocked=columns["listed"],
        blocked={},
    )


def _numbered(texts: pa.ChunkedArray) -> Ints:
    """Each distinct text as a number from 1; 0 where there is none. Numbers are compared, never kept."""
    codes = texts.combine_chunks().dictionary_encode().indices
    numbers: Ints = codes.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64) + 1
    return numbers


def guarded(run: Run, loaded: Loaded) -> Loaded:
    """Takes away the values that the data show to be nobody's own, and writes table blocked_values."""
    evidence = loaded.evidence
    found: list[tuple[str, str, Ints]] = [("phone", "till", _till_numbers(run, evidence))]
    found.append(("phone", "till", rules.staff_tills(evidence, guard=guards().till)))
    found += [
        (kind, "crowded", rules.crowded(evidence, kind=kind, guard=guard)) for kind, guard in guards().by_data.items()
    ]
    keys = dict(evidence.keys)
    had_blocked = loaded.had_blocked.copy()
    once: dict[tuple[str, int], str] = {}
    for kind, reason, values in found:
        for value in values.tolist():
            once.setdefault((kind, value), reason)
    for kind in {kind for kind, _ in once}:
        blocked = np.array(sorted(value for name, value in once if name == kind), np.int64)
        kept = rules.without(keys[kind], blocked)
        had_blocked |= kept != keys[kind]
        keys[kind] = kept
    mask = np.where((evidence.keys["phone"] != 0) & (keys["phone"] == 0), 0, evidence.mask)
    rows = sorted((kind, value, reason) for (kind, value), reason in once.items())
    columns = [
        pa.array([row[place] for row in rows], kind)
        for place, kind in enumerate((pa.string(), pa.int64(), pa.string()))
    ]
    run.write_arrow("blocked_values", rows=pa.table(columns, names=["type", "value_hash", "block_reason"]))
    counts: dict[str, int] = {}
    for kind, _, reason in rows:
        counts[f"{kind}_{reason}"] = counts.get(f"{kind}_{reason}", 0) + 1
    return replace(loaded, evidence=replace(evidence, keys=keys, mask=mask), had_blocked=had_blocked, blocked=counts)


def _till_numbers(run: Run, evidence: Evidence) -> Ints:
    """Phones of tills: only the days of busy phones are counted."""
    guard = guards().till
    keys, records = rules.busy(evidence, guard=guard)
    if not len(keys):
        return keys
    lake = run.reader()
    lake.use("person_evidence", "record_evidence")
    lake.cursor.register("busy_phones", pa.table({"phone": keys}))
    try:
        days: dict[int, int] = {row["phone"]: row["days"] for row in lake.rows(_DAYS)}
    finally:
        lake.cursor.unregister("busy_phones")
    return rules.tills(keys, records, days, guard=guard, p99=rules.records_p99(evidence))


def _one_numbering(evidence: Evidence) -> Evidence:
    """Member numbers that are card numbers under another heading become cards."""
    cards, members = evidence.keys["card"], evidence.keys["member_id"]
    if not rules.same_numbers(cards, members, share=guards().same_numbers_share):
        return evidence
    joined = np.where(cards == 0, members, cards)
    left_over = np.where((members == joined) | (members == 0), 0, members)
    keys: dict[str, Any] = {**evidence.keys, "card": joined, "member_id": left_over}
    return replace(evidence, keys=keys)

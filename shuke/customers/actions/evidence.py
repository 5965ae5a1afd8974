"""Loading evidence into arrays and applying the guards that the data decide."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from shuke.customers.adapters import guards
from shuke.customers.rules import guards as rules
from shuke.customers.rules.components import numbered
from shuke.customers.rules.places import habit
from shuke.customers.values import KEY_TYPES, Evidence, Flags, Ints, Visits
from shuke.lake.actions import Run

# What is only compared with one another here is hashed by the engine's own hash, which may change with its version.
_LOAD = """
with spelled as (select *, lower(trim(city)) as town from person_evidence)
select
  evidence_id,
  coalesce(party, 0) as pin,
  coalesce(own_record, 0) as record,
  case when member_block is null then coalesce(member_hash, 0) else 0 end as member_id,
  case when card_block is null then coalesce(card_hash, 0) else 0 end as card,
  case when unionid_block is null then coalesce(unionid_hash, 0) else 0 end as unionid,
  case when phone_block is null then coalesce(phone_hash, 0) else 0 end as phone,
  case when shop_user_block is null then coalesce(shop_user_key, 0) else 0 end as shop_user,
  case when email_block is null then coalesce(email_hash, 0) else 0 end as email,
  case when length(name_key) > 1 then coalesce(name_hash, 0) else 0 end as name,
  name_is_full,
  case when initial is not null then hash(initial) end as initial,
  case
    when right(town, 1) = '市' then hash(left(town, length(town) - 1))
    when town is not null then hash(town)
  end as city,
  case when district is not null then hash(district) end as district,
  case when mask is not null then hash(mask) end as mask,
  case gender when 'female' then 1 when 'male' then 2 else 0 end as gender,
  coalesce(date_diff('day', date '1970-01-01', birthday) + 1000000, 0) as birthday,
  coalesce(try_cast(left(mask, 3) as integer), 0) as prefix,
  coalesce(cast(epoch(first_seen_at) as bigint), 0) as first,
  coalesce(cast(epoch(last_seen_at) as bigint), 0) as last,
  records,
  coalesce(place, 0) as place,
  visits,
  is_own,
  is_staff,
  coalesce(regexp_matches(lower(trim(name)), $test_names), false) as is_test,
  coalesce(phone_block, email_block, card_block, member_block, unionid_block) is not null as listed
from spelled
order by first_seen_at nulls last, first_source, first_source_row, evidence_id
"""
_COMPARED = ("initial", "city", "district", "mask")

_NAMES = """
select a.place, p.name_key
from asked_names a
join person_evidence p on p.evidence_id = a.evidence_id
where p.name_is_full
"""

# Visits of those who may have made a bare receipt, at its place. A semi join, so that no engine begins with the places.
_SEEN_AT = """
with asked as (select mask, place from person_evidence where place is not null group by mask, place),
candidates as (
  select p.evidence_id, a.place
  from asked a
  join person_evidence p on p.mask = a.mask
  where p.place is null
)
select r.evidence_id, r.place, count(*) as times
from record_evidence r
semi join candidates c on c.evidence_id = r.evidence_id and c.place = r.place
group by r.evidence_id, r.place
"""
_SAMPLE = """
select evidence_id as who, place, count(*) as times
from record_evidence
where place is not null and evidence_id % $one_in = 0
group by evidence_id, place
order by evidence_id, place
"""
_SAMPLED = 50_000

# A record without a day counts as one of its own: it does not tell how busy a number is.
_DAYS = """
select b.number, count(distinct cast(r.seen_at as date)) + count(*) - count(r.seen_at) as days
from busy_phones b
join person_evidence p on p.phone_hash = b.phone
join record_evidence r on r.evidence_id = p.evidence_id
group by b.number
"""


@dataclass(frozen=True)
class Loaded:
    """Evidence with what writing its owners needs; `blocked` counts values by type and reason.

    `hashes` holds a kind's distinct values: number n of `evidence.keys` stands for the n-1st.
    """

    evidence: Evidence
    ids: Ints
    hashes: Mapping[str, Ints]
    had_blocked: Flags
    blocked: Mapping[str, int]


def load(run: Run) -> Loaded:
    """Table person_evidence as arrays, in the order in which ids are minted."""
    table = run.reader().arrow(_LOAD, test_names=guards().parameters["test_names"])
    columns = {name: _array(table[name]) for name in table.column_names if name not in _COMPARED}
    flags = {name: columns[name].astype(bool) for name in ("name_is_full", "is_own", "is_staff", "is_test", "listed")}
    keys, hashes = _keys(columns)
    columns["name"], _ = numbered(columns["name"])
    columns |= {name: _compared(table[name]) for name in _COMPARED}
    seen_at = _seen_at(run, columns)
    fields: dict[str, Any] = {name: columns[name] for name in Evidence.__dataclass_fields__ if name in columns}
    listed = flags.pop("listed")
    apart = _apart(run, parties=hashes["pin"])
    return Loaded(
        evidence=Evidence(keys=keys, seen_at=seen_at, apart=apart, **(fields | flags)),
        ids=columns["evidence_id"],
        hashes=hashes,
        had_blocked=listed,
        blocked={},
    )


def _apart(run: Run, *, parties: Ints) -> tuple[Ints, Ints]:
    """Pairs of parties that are two customers, as numbers of the key `pin`; parties without a record are left out."""
    pairs = run.reader().rows("select party, other from parties_apart order by party, other")
    number = {party: place + 1 for place, party in enumerate(parties.tolist())}
    sides = [(number.get(row["party"], 0), number.get(row["other"], 0)) for row in pairs]
    left, right = np.array([side for side in sides if all(side)], np.int64).reshape(-1, 2).T
    return left, right


def _seen_at(run: Run, columns: dict[str, Ints]) -> Visits | None:
    """Visits at the places of bare receipts, None without any; numbers the places of `columns` alike."""
    bare = columns["place"]
    if not bare.any():
        return None
    lake = run.reader()
    seen = lake.arrow(_SEEN_AT)
    sample = lake.arrow(_SAMPLE, one_in=max(len(bare) // _SAMPLED, 1))
    numbers, _ = numbered(np.concatenate([bare, _array(seen["place"]), _array(sample["place"])]))
    columns["place"], places, sampled = np.split(numbers, [len(bare), len(bare) + seen.num_rows])
    usual, binding = habit(_array(sample["who"]), sampled, times=_array(sample["times"]))
    usual = np.append(usual, np.full(int(numbers.max()) + 1 - len(usual), usual[0]))
    order = np.argsort(columns["evidence_id"])
    rows = order[np.searchsorted(columns["evidence_id"], _array(seen["evidence_id"]), sorter=order)]
    return Visits(rows, places, _array(seen["times"]), usual=usual, habit=binding)


def spelled(run: Run, loaded: Loaded) -> Callable[[Ints], list[str | None]]:
    """Gives the full names of rows, None where a row has none."""

    def names_of(rows: Ints) -> list[str | None]:
        found: list[str | None] = [None] * len(rows)
        if not len(rows):
            return found
        lake = run.reader()
        lake.use("person_evidence")
        asked = pa.table({"place": np.arange(len(rows)), "evidence_id": loaded.ids[rows]})
        lake.cursor.register("asked_names", asked)
        try:
            for row in lake.rows(_NAMES):
                found[row["place"]] = row["name_key"]
        finally:
            lake.cursor.unregister("asked_names")
        return found

    return names_of


def _array(column: pa.ChunkedArray) -> Ints:
    values: Ints = column.to_numpy().astype(np.int64, copy=False)
    return values


def _compared(hashes: pa.ChunkedArray) -> Ints:
    """Each distinct value as a number from 1, in order of appearance; 0 where there is none."""
    codes = hashes.combine_chunks().dictionary_encode().indices
    numbers: Ints = codes.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64) + 1
    return numbers


def _keys(columns: Mapping[str, Ints]) -> tuple[dict[str, Ints], dict[str, Ints]]:
    """Key columns as numbers, and the hashes they stand for.

    Cards and member numbers share one numbering. Member numbers that are card numbers under another heading become
    cards.
    """
    found = {kind: numbered(columns[kind]) for kind in KEY_TYPES if kind not in ("card", "member_id")}
    both, hashes = numbered(np.concatenate([columns["card"], columns["member_id"]]))
    cards, members = np.split(both, 2)
    if rules.same_numbers(cards, members, share=guards().same_numbers_share):
        joined = np.where(cards == 0, members, cards)
        cards, members = joined, np.where((members == joined) | (members == 0), 0, members)
    found |= {"card": (cards, hashes), "member_id": (members, hashes)}
    return {kind: found[kind][0] for kind in KEY_TYPES}, {kind: found[kind][1] for kind in KEY_TYPES}


def guarded(run: Run, loaded: Loaded) -> Loaded:
    """Takes away the values that the data show to be nobody's own, and writes table blocked_values."""
    evidence = loaded.evidence
    found: list[tuple[str, str, Ints]] = [("phone", "till", _till_numbers(run, loaded))]
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
    rows = sorted((kind, int(loaded.hashes[kind][value - 1]), reason) for (kind, value), reason in once.items())
    columns = [
        pa.array([row[place] for row in rows], kind)
        for place, kind in enumerate((pa.string(), pa.int64(), pa.string()))
    ]
    run.write_arrow("blocked_values", rows=pa.table(columns, names=["type", "value_hash", "block_reason"]))
    counts: dict[str, int] = {}
    for kind, _, reason in rows:
        counts[f"{kind}_{reason}"] = counts.get(f"{kind}_{reason}", 0) + 1
    return replace(loaded, evidence=replace(evidence, keys=keys, mask=mask), had_blocked=had_blocked, blocked=counts)


def _till_numbers(run: Run, loaded: Loaded) -> Ints:
    """Phones of tills: only the days of busy phones are counted."""
    guard = guards().till
    phones, records = rules.busy(loaded.evidence, guard=guard)
    if not len(phones):
        return phones
    lake = run.reader()
    lake.use("person_evidence", "record_evidence")
    lake.cursor.register("busy_phones", pa.table({"number": phones, "phone": loaded.hashes["phone"][phones - 1]}))
    try:
        days: dict[int, int] = {row["number"]: row["days"] for row in lake.rows(_DAYS)}
    finally:
        lake.cursor.unregister("busy_phones")
    return rules.tills(phones, records, days, guard=guard, p99=rules.records_p99(loaded.evidence))

"""What earlier resolutions gave out: who held which id, what still speaks for it, and ids that rest."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from shuke.customers import rules
from shuke.customers.actions.evidence import Loaded
from shuke.customers.values import Ints, Minted, Parts
from shuke.lake.actions import Run
from shuke.lake.rules import source_of

_HELD = """
held as (
  select i.record_id, coalesce(c.customer_id_automatic, i.customer_id_automatic) as old_id
  from identity i
  left join reclaimed_records c on c.record_id = i.record_id
  where i.customer_id_automatic is not null and coalesce(c.customer_id_automatic, 1) <> 0
  union all
  select record_id, customer_id_automatic as old_id
  from resting_records
)
"""
_OVERLAP = f"""
with {_HELD}
select n.automatic, h.old_id, count(*) as records
from held h
join record_evidence r on r.record_id = h.record_id
join new_parts n on n.evidence_id = r.evidence_id
  and coalesce(epoch(r.seen_at), 0) >= n.from_s and coalesce(epoch(r.seen_at), 0) < n.until_s
where n.automatic >= 0
group by n.automatic, h.old_id
"""
_CUSTOMERS = """
select customer_id from identity where customer_id is not null
union
select customer_id from reclaimed_records where customer_id <> 0
union
select customer_id from resting_records
order by customer_id
"""
_HOLDERS = f"with {_HELD} select distinct old_id from held order by old_id"

# Ids whose records are all gone (a channel under another name) and which new records carry their identifiers now. Buyer
# ids count between shops that are gone and shops that are new: two shops may well give one number to two people.
_SAID = """stable_hash(concat_ws(chr(31), {number}, p.name, p.phone, p.phone_masked, p.email, p.unionid, p.card,
    p.member_id, cast(p.birthday as varchar)))"""
_TIES = f"""
with had as (
  select l.old_id, k.type, k.value_hash
  from lost_ids l
  join evidence_owners o on o.customer_id_automatic = l.old_id
  join evidence_keys k on k.evidence_id = o.evidence_id
  where k.usable
  group by l.old_id, k.type, k.value_hash
  union
  -- the whole of what was known: of several who share a number it names the one
  select l.old_id, 'evidence' as type, o.evidence_id as value_hash
  from lost_ids l
  join evidence_owners o on o.customer_id_automatic = l.old_id
  union
  -- its number in its channel together with all it said: also of a record without any key
  select l.old_id, 'said' as type, {_SAID.format(number="i.source_row_id")} as value_hash
  from lost_ids l
  join identity i on i.customer_id_automatic = l.old_id
  join evidence_then p on p.evidence_id = i.evidence_id
),
fresh_records as (
  select r.record_id, r.evidence_id, r.source_row_id
  from record_evidence r
  left join identity i on i.record_id = r.record_id
  where i.record_id is null
),
fresh as (select evidence_id from fresh_records group by evidence_id),
shops_then as (select distinct type from evidence_keys where strpos(type, 'shop_user:') = 1),
shops_now as (select distinct shop_user_type as type from person_evidence where shop_user_type is not null),
carried as (
  select evidence_id, 'evidence' as type, 'evidence' as kind, evidence_id as value_hash, evidence_id as key_hash
  from fresh
  union all
  select r.evidence_id, 'said' as type, 'said' as kind, {_SAID.format(number="r.source_row_id")} as value_hash,
    r.evidence_id as key_hash
  from fresh_records r
  join person_evidence p on p.evidence_id = r.evidence_id
  union all
  select evidence_id, 'phone' as type, 'phone' as kind, phone_hash as value_hash, phone_hash as key_hash
  from person_evidence where phone_hash is not null and phone_block is null
  union all
  select evidence_id, 'email' as type, 'email' as kind, email_hash as value_hash, email_hash as key_hash
  from person_evidence where email_hash is not null and email_block is null
  union all
  select evidence_id, 'card' as type, 'card' as kind, card_hash as value_hash, card_hash as key_hash
  from person_evidence where card_hash is not null and card_block is null
  union all
  select evidence_id, 'member_id' as type, 'member_id' as kind, member_hash as value_hash, member_hash as key_hash
  from person_evidence where member_hash is not null and member_block is null
  union all
  select evidence_id, 'unionid' as type, 'unionid' as kind, unionid_hash as value_hash, unionid_hash as key_hash
  from person_evidence where unionid_hash is not null and unionid_block is null
  union all
  select e.evidence_id, 'shop_user' as type, 'shop_user' as kind, e.shop_user_hash as value_hash,
    e.shop_user_key as key_hash
  from person_evidence e
  left join shops_then t on t.type = e.shop_user_type
  where e.shop_user_hash is not null and e.shop_user_block is null and t.type is null
),
asked as (
  select h.old_id, case when strpos(h.type, 'shop_user:') = 1 then 'shop_user' else h.type end as type, h.value_hash
  from had h
  left join shops_now n on n.type = h.type
  where n.type is null
)
select n.automatic, a.old_id, count(distinct concat_ws(':', a.type, a.value_hash)) as identifiers
from asked a
join carried c on c.type = a.type and c.value_hash = a.value_hash
join fresh f on f.evidence_id = c.evidence_id
left join blocked_values b on b.type = c.kind and b.value_hash = c.key_hash
join new_parts n on n.evidence_id = c.evidence_id
where n.automatic >= 0 and b.type is null
group by n.automatic, a.old_id
"""
_TO_REST = """
select i.record_id, i.customer_id, i.customer_id_automatic
from identity i
join gone_ids g on g.old_id = i.customer_id_automatic
where i.customer_id is not null
union
select r.record_id, r.customer_id, r.customer_id_automatic
from resting_records r
join gone_ids g on g.old_id = r.customer_id_automatic
"""
_RECALLED = ("identity", "reclaimed_records", "resting_records", "resting_aliases", "customer_aliases")


def before(run: Run, *, loaded: Loaded, parts: Parts) -> rules.Before:
    """What the generation that this run stands on gave out; call it before table evidence_owners is written."""
    lake = run.reader()
    if not lake.has("identity") or not lake.row_count("identity"):
        return rules.NOTHING
    lake.use("record_evidence", *_RECALLED)
    now = {
        "evidence_id": loaded.ids[parts.evidence],
        "from_s": parts.from_s,
        "until_s": parts.until_s,
        "automatic": parts.automatic,
    }
    lake.cursor.register("new_parts", pa.table(now))
    try:
        found = lake.arrow(_OVERLAP)
        cluster, old_id = _ints(found, "automatic"), _ints(found, "old_id")
        holders = _ints(lake.arrow(_HOLDERS), "old_id")
        tied = _ties(run, lost=np.setdiff1d(holders, old_id))
    finally:
        lake.cursor.unregister("new_parts")
    aliases = lake.rows(
        "select alias_id, customer_id from customer_aliases union all select alias_id, customer_id from resting_aliases"
    )
    none = np.zeros(len(tied[0]), np.int64)
    return rules.Before(
        cluster=np.concatenate([cluster, tied[0]]),
        old_id=np.concatenate([old_id, tied[1]]),
        records=np.concatenate([_ints(found, "records"), none]),
        identifiers=np.concatenate([np.zeros(len(cluster), np.int64), tied[2]]),
        customers=_ints(lake.arrow(_CUSTOMERS), "customer_id"),
        aliases={row["alias_id"]: row["customer_id"] for row in aliases},
        holders=holders,
    )


def write_memory(run: Run, *, before: rules.Before, minted: Minted) -> None:
    """Tables customer_aliases, resting_records and resting_aliases; call it before table identity is written."""
    _write_aliases(run, "customer_aliases", aliases=minted.aliases)
    asked = {*before.aliases, *before.holders.tolist()}
    known = {*minted.ids.tolist(), *minted.aliases} if asked else set()
    gone = np.array([old for old in before.holders.tolist() if old not in known], np.int64)
    _write_aliases(
        run, "resting_aliases", aliases={old: led for old, led in before.aliases.items() if old not in known}
    )
    if not len(gone):
        run.write("resting_records", sql="select * from resting_records where false")
        return
    lake = run.reader()
    lake.use(*_RECALLED)
    lake.cursor.register("gone_ids", pa.table({"old_id": gone}))
    try:
        run.write_arrow("resting_records", rows=lake.arrow(_TO_REST))
    finally:
        lake.cursor.unregister("gone_ids")


def _write_aliases(run: Run, table: str, *, aliases: Mapping[int, int]) -> None:
    """A table of ids that lead to customers."""
    ordered = sorted(aliases.items())
    columns = {
        "alias_id": pa.array([alias for alias, _ in ordered], pa.int64()),
        "customer_id": pa.array([target for _, target in ordered], pa.int64()),
    }
    run.write_arrow(table, rows=pa.table(columns))


def _ties(run: Run, *, lost: Ints) -> tuple[Ints, Ints, Ints]:
    """(cluster, old id, shared identifiers) for ids of which no record is left."""
    lake, then = run.reader(), run.generation.tables.get("person_evidence", {})
    if not len(lost) or not lake.has("evidence_keys") or not then.get("files"):
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64)
    kept = f"select * from {source_of(then, root=run.workspace.lake)}"
    lake.cursor.execute(f"create or replace temp view evidence_then as {kept}")
    lake.use("evidence_owners", "evidence_keys", "person_evidence", "blocked_values")
    lake.cursor.register("lost_ids", pa.table({"old_id": lost}))
    try:
        found = lake.arrow(_TIES)
    finally:
        lake.cursor.unregister("lost_ids")
    return _ints(found, "automatic"), _ints(found, "old_id"), _ints(found, "identifiers")


def _ints(table: pa.Table, column: str) -> Ints:
    values: Ints = table[column].to_numpy().astype(np.int64)
    return values

"""A delta: only new rows came since the last resolution, so only what they touch is built anew, as patches.

Who is who is decided by the same rules over all evidence (a name's frequency is everybody's business), so a delta is
the full run by construction; tables are built by the same SQL models over the touched part of their inputs. See
decision 11.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from shuke.lake.actions import Run
from shuke.lake.rules import files_source, source_of

_READ = ("staged_persons", "staged_sales")
_SUMMED = ("records", "visits")
_EARLIEST = ("first_seen_at", "first_source", "first_source_row", "trust")
_KEYS = (
    ("phone", "phone_hash"), ("email", "email_hash"), ("card", "card_hash"), ("member_id", "member_hash"),
    ("unionid", "unionid_hash"), ("shop_user", "shop_user_key"),
)  # fmt: skip
_OWNED = ("until_at", "customer_id", "customer_id_automatic", "probability", "band", "reason")


@dataclass(frozen=True)
class New:
    """Files that came since the last resolution, by table."""

    files: dict[str, tuple[str, ...]]


def new_since(run: Run, *, given: object) -> New | None:
    """What came since the last resolution; None where more than rows changed and everything is to be built anew.

    `given` are the definitions that the resolution rests on.
    """
    then = run.generation.details.get("resolved")
    if then is None or then["rules"] != _rules(run, given=given) or "identity" not in run.generation.tables:
        return None
    if run.reader().value("select count(*) from reclaimed_records") or _stores_changed(run):
        return None
    found = {}
    for table in _READ:
        now = run.tables.get(table, {}).get("files", [])
        if now[: len(then["files"][table])] != then["files"][table]:
            return None
        found[table] = tuple(now[len(then["files"][table]) :])
    return New(found)


def remember(run: Run, *, given: object) -> None:
    """Notes in the generation what this resolution stands on, for `new_since`."""
    files = {table: run.tables.get(table, {}).get("files", []) for table in _READ}
    run.generation.details["resolved"] = {"rules": _rules(run, given=given), "files": files}


def take_in(run: Run, *, new: New, parameters: Mapping[str, object]) -> None:
    """Patches record_evidence and person_evidence with the new rows; leaves the session's tables of what is touched."""
    lake = run.reader()
    cursor = lake.cursor
    root = run.workspace.lake
    persons = new.files["staged_persons"]
    lake.use("staged_persons", "record_evidence")
    rows = files_source(root, persons) if persons else "(select * from staged_persons where false)"
    _keep(run, "new_persons", sql=f"select * from {rows}")
    _keep(run, "touched_records", sql="select distinct record_id from new_persons")
    again = "select t.record_id from touched_records t join record_evidence r on r.record_id = t.record_id"
    _keep(run, "records_again", sql=again)
    if cursor.execute("select count(*) from records_again").fetchall()[0][0]:
        older = "select p.* from staged_persons p semi join records_again a on a.record_id = p.record_id"
        fresh = "select n.* from new_persons n anti join records_again a on a.record_id = n.record_id"
        _keep(run, "touched_persons", sql=f"{older} union all {fresh}")
    else:
        _keep(run, "touched_persons", sql="select * from new_persons")
    with run.narrowed(staged_persons="touched_persons"):
        sql = run.model("record_evidence", parameters=parameters)
        run.patch("record_evidence", key="record_id", keys="touched_records", sql=sql)
    with run.narrowed(staged_persons="new_persons"):
        run.reader().use("staged_persons", "pinned_records")
        _keep(run, "fresh_evidence", sql=run.model("person_evidence", parameters=parameters))
    _keep(run, "touched_evidence", sql="select evidence_id from fresh_evidence")
    run.patch("person_evidence", key="evidence_id", keys="touched_evidence", sql=_with_older(run))


def build(run: Run, *, new: New) -> None:
    """Patches the tables that follow from owners, once these are written, with everything that the new rows changed."""
    _find_changed(run)
    _patch_keys(run)
    _patch_identity(run, new=new)
    _patch_customers(run)


def _with_older(run: Run) -> str:
    """The statement that adds the older rows of the same evidence to the fresh ones: counts add up, times widen."""
    run.reader().use("person_evidence")
    described = run.reader().cursor.execute("describe fresh_evidence").fetchall()
    chosen = []
    for name in (row[0] for row in described):
        how = "sum" if name in _SUMMED else "max" if name in ("last_seen_at", "is_own", "party") else "min"
        kind = next(row[1] for row in described if row[0] == name)
        chosen.append("evidence_id" if name == "evidence_id" else f"cast({how}({name}) as {kind}) as {name}")
    older = "select o.* from person_evidence o semi join touched_evidence t on t.evidence_id = o.evidence_id"
    both = f"select * from fresh_evidence union all by name {older}"
    return f"select {', '.join(chosen)} from ({both}) group by evidence_id"


def _find_changed(run: Run) -> None:
    """Session tables: evidence with other owners, with other usable keys, and any of both or touched."""
    lake = run.reader()
    lake.use("evidence_owners", "blocked_values", "person_evidence")
    then = source_of(run.generation.tables["evidence_owners"], root=run.workspace.lake)
    differs = " or ".join(f"n.{column} is distinct from o.{column}" for column in _OWNED)
    _keep(
        run,
        "owners_changed",
        sql=f"""
        select distinct coalesce(n.evidence_id, o.evidence_id) as evidence_id
        from evidence_owners n
        full join {then} o on o.evidence_id = n.evidence_id and o.from_at = n.from_at
        where {differs}
        """,
    )
    was = run.generation.tables["blocked_values"]
    old = source_of(was, root=run.workspace.lake) if was.get("files") else "(select * from blocked_values where false)"
    columns = "type, value_hash, block_reason"
    now = f"select {columns} from blocked_values"
    _keep(
        run,
        "values_changed",
        sql=f"""
        (({now}) except (select {columns} from {old})) union ((select {columns} from {old}) except ({now}))
        """,
    )
    carriers = " union ".join(
        "select e.evidence_id from person_evidence e"
        f" join values_changed v on v.type = '{kind}' and v.value_hash = e.{at}"
        for kind, at in _KEYS
    )
    if lake.cursor.execute("select count(*) from values_changed").fetchall()[0][0] == 0:
        carriers = "select evidence_id from touched_evidence where false"
    _keep(run, "keys_changed", sql=f"select evidence_id from touched_evidence union ({carriers})")
    _keep(
        run, "evidence_changed", sql="select evidence_id from keys_changed union select evidence_id from owners_changed"
    )


def _patch_keys(run: Run) -> None:
    """evidence_keys and identifiers of evidence that is new or whose values are blocked or free since."""
    run.reader().use("person_evidence", "record_evidence")
    evidence = "select e.* from person_evidence e semi join keys_changed c on c.evidence_id = e.evidence_id"
    _keep(run, "some_evidence", sql=evidence)
    with run.narrowed(person_evidence="some_evidence"):
        sql = run.model("evidence_keys", parameters={})
        run.patch("evidence_keys", key="evidence_id", keys="keys_changed", sql=sql)
    records = "select r.record_id from record_evidence r semi join keys_changed c on c.evidence_id = r.evidence_id"
    _keep(run, "record_keys", sql=f"select record_id from touched_records union ({records})")
    _keep(
        run,
        "some_records",
        sql="select r.* from record_evidence r semi join record_keys c on c.record_id = r.record_id",
    )
    with run.narrowed(record_evidence="some_records"):
        sql = run.model("identifiers", parameters={})
        run.patch("identifiers", key="record_id", keys="record_keys", sql=sql)


def _patch_identity(run: Run, *, new: New) -> None:
    """identity of records whose evidence is new or has another owner, of new orders, and of their other copies."""
    lake = run.reader()
    lake.use("record_evidence", "staged_sales", "identity")
    files = new.files["staged_sales"]
    orders = files_source(run.workspace.lake, files) if files else "(select record_id from staged_sales where false)"
    changed = "select r.record_id from record_evidence r semi join owners_changed c on c.evidence_id = r.evidence_id"
    _keep(
        run,
        "records_led",
        sql=f"select record_id from touched_records union select distinct record_id from {orders} union {changed}",
    )
    copies = "select count(*) from staged_sales where external_order_no is not null"
    _keep(run, "records_read", sql="select record_id from records_led")
    if lake.cursor.execute(copies).fetchall()[0][0]:
        _keep_pairs(run)
        _keep(run, "records_led", sql=_beside("records_led"))
        _keep(run, "records_read", sql=_beside("records_led"))
    _keep(
        run,
        "identity_records",
        sql="select r.* from record_evidence r semi join records_read c on c.record_id = r.record_id",
    )
    _keep(
        run,
        "customers_then",
        sql="select i.customer_id from identity i semi join records_led c on c.record_id = i.record_id"
        " where i.customer_id is not null",
    )
    sales = _part(run, "staged_sales", cut="semi join records_read c on c.record_id = o.record_id")
    with run.narrowed(record_evidence="identity_records", **sales):
        sql = f"select i.* from ({run.model('identity', parameters={})}) i semi join records_led c using (record_id)"
        run.patch("identity", key="record_id", keys="records_led", sql=sql)


def _keep_pairs(run: Run) -> None:
    """Session table of orders that stand in two systems: each with the record of the other side."""
    _keep(
        run,
        "order_sides",
        sql="""
        with copies as (
          select record_id, min(source) as source, min(external_order_no) as external_order_no
          from staged_sales
          where external_order_no is not null and row_grain <> 'fee'
          group by record_id
        ),
        numbered as (
          select record_id, source, source_row_id from record_evidence where kind = 'order'
          union
          select record_id, source, order_no as source_row_id from staged_sales where row_grain <> 'fee'
        ),
        pairs as (
          select distinct c.record_id as one, n.record_id as other
          from copies c
          join numbered n on n.source_row_id = c.external_order_no and n.source <> c.source
        )
        select one, other from pairs
        union
        select other as one, one as other from pairs
        """,
    )


def _beside(records: str) -> str:
    """Records with those that stand for the same order in another system."""
    others = f"select p.other from order_sides p join {records} r on r.record_id = p.one"
    return f"select record_id from {records} union {others}"


def _patch_customers(run: Run) -> None:
    """customer_evidence, customer_lookup and customer_profiles of every customer that anything changed for."""
    lake = run.reader()
    lake.use("evidence_owners", "identity", "evidence_keys", "person_evidence")
    then = source_of(run.generation.tables["evidence_owners"], root=run.workspace.lake)
    owned = [
        f"select o.customer_id from {owners} o semi join evidence_changed c on c.evidence_id = o.evidence_id"
        for owners in ("evidence_owners", then)
    ]
    now = "select i.customer_id from identity i semi join records_led c on c.record_id = i.record_id"
    every = " union ".join([*owned, now, "select customer_id from customers_then"])
    _keep(run, "customers_changed", sql=f"select customer_id from ({every}) where customer_id is not null")
    some = "semi join customers_changed c on c.customer_id = o.customer_id"
    _keep(run, "some_owners", sql=f"select o.* from evidence_owners o {some}")
    theirs = "semi join some_owners c on c.evidence_id = o.evidence_id"
    _keep(run, "some_evidence", sql=f"select o.* from person_evidence o {theirs}")
    _keep(run, "some_keys", sql=f"select o.* from evidence_keys o {theirs}")
    _keep(run, "some_identity", sql=f"select o.* from identity o {some}")
    persons = _part(run, "staged_persons", cut="semi join some_identity c on c.record_id = o.record_id")
    parts = {"evidence_owners": "some_owners", "person_evidence": "some_evidence", "evidence_keys": "some_keys"}
    with run.narrowed(**parts):
        _patch_of(run, ("customer_evidence", "customer_lookup"))
    run.reader().use("customer_evidence")
    _keep(run, "some_customers", sql=f"select o.* from customer_evidence o {some}")
    with run.narrowed(customer_evidence="some_customers", identity="some_identity", **persons):
        _patch_of(run, ("customer_profiles",))


def _patch_of(run: Run, tables: Iterable[str]) -> None:
    for table in tables:
        run.patch(table, key="customer_id", keys="customers_changed", sql=run.model(table, parameters={}))


def _part(run: Run, table: str, *, cut: str) -> dict[str, str]:
    """Part of a table as a relation to narrow it to; `cut` joins its rows, called o. Nothing for an empty table."""
    entry = run.tables.get(table, {})
    if not entry.get("files"):
        return {}
    return {table: f"(select o.* from {source_of(entry, root=run.workspace.lake)} o {cut})"}


def _keep(run: Run, name: str, *, sql: str) -> None:
    """A table of this session."""
    run.reader().cursor.execute(f"create or replace temp table {name} as {sql}")


def _stores_changed(run: Run) -> bool:
    """Whether a store that was known has another name now."""
    lake = run.reader()
    was: dict[str, Any] = run.generation.tables.get("store_names", {})
    if not was.get("files"):
        return True
    lake.use("store_names")
    columns = "source, written, store, channel"
    gone = (
        f"(select {columns} from {source_of(was, root=run.workspace.lake)}) except (select {columns} from store_names)"
    )
    return bool(lake.cursor.execute(f"select count(*) from ({gone})").fetchall()[0][0])


def _rules(run: Run, *, given: object) -> str:
    """Changes with anything but rows that a resolution rests on."""
    said = (given, run.workspace.timezone, run.generation.details.get("decisions"))
    return hashlib.sha256(f"{_code()}|{said!r}".encode()).hexdigest()


@cache
def _code() -> str:
    """The text of the rooms that decide."""
    found = hashlib.sha256()
    rooms = Path(__file__).parents[2]
    for path in sorted([*rooms.glob("customers/**/*"), *rooms.glob("lake/*.py")]):
        if path.suffix in {".sql", ".yaml", ".py"} and "migrations" not in path.parts:
            found.update(path.read_bytes())
    return found.hexdigest()

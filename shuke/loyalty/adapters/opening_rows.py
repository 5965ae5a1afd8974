"""The rows that an opening writes, computed by the engine, from account to fact.

The same rows as one opening a member by the ledger's front door, chained by the same hash; a test compares them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from shuke.lake.rules import literal

CLIENT = "openings"
# Transactions that one fact tells of.
_SHEAF = 200


@dataclass(frozen=True)
class Chunk:
    """Members `first` to `last` (both included) of a load that are written together, and their first ids."""

    first: int
    last: int
    account: int = 0
    txn: int = 0
    lot: int = 0
    entry: int = 0


@dataclass(frozen=True)
class Terms:
    """What all rows of a load share. `until` is when a granted tier ends; both instants are UTC, whole seconds."""

    mark: str
    programme: str
    actor: str
    now: datetime
    today: date
    since: datetime
    until: datetime


_COLUMNS: Mapping[str, Sequence[str]] = {
    "loyalty_account": (
        "id", "programme", "member_no", "group_id", "opened_at", "frozen_reason", "card_token_hash",
    ),
    "loyalty_txn": (
        "id", "account_id", "kind", "client", "key", "request_hash", "answer", "at", "recorded_at", "business_on",
        "store", "channel", "order_source", "order_no", "reason", "actor", "previous", "hash",
    ),
    "loyalty_lot": (
        "id", "account_id", "txn_id", "kind", "points", "free", "held", "expired", "available_at", "expires_at",
        "order_source", "order_no", "created_at",
    ),
    "loyalty_entry": ("id", "txn_id", "account_id", "lot_id", "source", "target", "points", "at"),
    "loyalty_balance": (
        "account_id", "free", "held", "owed", "issued", "clawed", "burned", "returned", "expired", "transferred",
        "head",
    ),
    "loyalty_growth": (
        "txn_id", "account_id", "kind", "points", "at", "counts_on", "order_source", "order_no", "reason",
    ),
    "loyalty_tier": ("txn_id", "account_id", "tier", "since", "until", "reason"),
    "outbox_fact": ("kind", "key", "object_id", "payload", "at", "recorded_at"),
}  # fmt: skip

_CHUNK = """
create or replace temp table opening_chunk as
select
  p.member_no, p.points, p.growth, p.tier, p.k, e.expires_at,
  {account} + p.m - {first} as account_id, {txn} + p.n - s.n as txn_id, {lot} + p.n - s.n as lot_id,
  {entry} + p.n - s.n as entry_id, {mark} || ':' || p.member_no || ':' || p.k as key
from opening_placed p
cross join (select min(n) as n from opening_placed where m >= {first}) s
left join opening_ends e on e.expires_on is not distinct from p.expires_on
where p.m between {first} and {last}
"""
_LESS_KNOWN = "delete from opening_chunk where member_no in (select member_no from opening_known)"
_REQUEST = "sha256('opening|' || key || '|' || member_no || '|' || points || '|' || coalesce(expires_at, ''))"
_ENTRIES = (
    "case when points > 0 then lot_id || ':' || account_id || ':issued:free:' || points || ':' || {instant} else '' end"
)
_SEALED = """
sha256({previous} || '|' || txn_id || '|' || account_id || '|opening|{client}|' || key || '|' || {request}
  || '|' || {instant} || '|' || {instant} || '|' || {day} || '|||' || {entries})
"""
_FIRST = """
create or replace temp table opening_sealed as
select *, '' as previous, {hash} as hash from opening_chunk where k = 1
"""
_NEXT = """
insert into opening_sealed
select c.*, b.hash as previous, {hash} as hash
from opening_chunk c
join (select account_id as a, hash from opening_sealed where k = {before}) b on b.a = c.account_id
where c.k = {before} + 1
"""
_TABLES = {
    "loyalty_account": (
        "select account_id, {programme}, member_no, account_id, {at}, '', '' from opening_sealed where k = 1 order by 1"
    ),
    "loyalty_txn": (
        "select txn_id, account_id, 'opening', '{client}', key, {request},"
        " '{{\"txn\": ' || txn_id || ', \"kind\": \"opening\", \"points\": ' || points || '}}', {at}, {at}, {day},"
        " '', '', '', '', '', {actor}, previous, hash from opening_sealed order by 1"
    ),
    "loyalty_lot": (
        "select lot_id, account_id, txn_id, 'opening', points, points, 0, 0, {at}, expires_at, '', '', {at}"
        " from opening_sealed where points > 0 order by 1"
    ),
    "loyalty_entry": (
        "select entry_id, txn_id, account_id, lot_id, 'issued', 'free', points, {at}"
        " from opening_sealed where points > 0 order by 1"
    ),
    "loyalty_balance": (
        "select account_id, sum(points)::bigint, 0, 0, sum(points)::bigint, 0, 0, 0, 0, 0, arg_max(hash, k)"
        " from opening_sealed group by 1 order by 1"
    ),
    "loyalty_growth": (
        "select arg_max(txn_id, growth), account_id, 'opening', max(growth), {at}, {day}, '', '', ''"
        " from opening_sealed group by account_id having max(growth) > 0 order by 1"
    ),
    "loyalty_tier": (
        "select min(txn_id), account_id, max(t.code), {since}, {until}, 'granted'"
        " from opening_sealed s join opening_tiers t on t.told = s.tier group by account_id order by 1"
    ),
    "outbox_fact": (
        "select 'loyalty.opening_many', 'many:' || min(txn_id), min(account_id),"
        " '{{\"kind\": \"opening\", \"at\": \"' || {instant} || '\", \"business_on\": \"' || {day} ||"
        " '\", \"fields\": [\"txn\", \"account\", \"member_no\", \"points\", \"lot\"], \"rows\": [' || string_agg("
        "'[' || txn_id || ', ' || account_id || ', ' || to_json(member_no) || ', ' || points || ', ' || lot_id || ']',"
        " ', ' order by txn_id) || ']}}', {at}, {at} from opening_sealed group by txn_id // {sheaf} order by 2"
    ),
}  # fmt: skip


def prepare(
    session: duckdb.DuckDBPyConnection, *, ends: Mapping[date | None, str | None], tiers: Sequence[tuple[str, str]]
) -> None:
    """Tells the session when each last day ends (as the database writes instants) and what tiers are called."""
    days = ", ".join(f"({literal(day)}::date, {literal(text)}::varchar)" for day, text in ends.items())
    listed = ", ".join(f"({literal(told)}, {literal(code)})" for told, code in tiers)
    empty = "select ''::varchar as told, ''::varchar as code where false"
    session.execute(f"create table opening_ends as select * from (values {days}) t(expires_on, expires_at)")
    named = f"select * from (values {listed}) t(told, code)" if listed else empty
    session.execute(f"create table opening_tiers as {named}").fetchall()


def last_days(session: duckdb.DuckDBPyConnection) -> list[date | None]:
    """The different last days that the file names, None for points that never end."""
    return [row[0] for row in session.execute("select distinct expires_on from opening_placed").fetchall()]


def take(session: duckdb.DuckDBPyConnection, *, chunk: Chunk, terms: Terms, known: Sequence[str]) -> tuple[int, int]:
    """Computes the chunk's rows without members that have an account; returns its members and points."""
    words = {
        "account": chunk.account, "txn": chunk.txn, "lot": chunk.lot, "entry": chunk.entry,
        "first": chunk.first, "last": chunk.last, "mark": literal(terms.mark),
    }  # fmt: skip
    session.execute(_CHUNK.format(**words)).fetchall()
    if known:
        session.execute("create or replace temp table opening_known (member_no varchar)").fetchall()
        session.execute("insert into opening_known select unnest($known)", {"known": list(known)}).fetchall()
        session.execute(_LESS_KNOWN).fetchall()
    most = session.execute("select coalesce(max(k), 0) from opening_chunk").fetchall()[0][0]
    session.execute(_FIRST.format(hash=_hash("''", terms=terms))).fetchall()
    for before in range(1, int(most)):
        session.execute(_NEXT.format(hash=_hash("b.hash", terms=terms), before=before)).fetchall()
    sums = "select count(distinct account_id), coalesce(sum(points), 0)::bigint from opening_sealed"
    members, points = session.execute(sums).fetchall()[0]
    return int(members), int(points)


def statements(terms: Terms) -> list[tuple[str, Sequence[str], str]]:
    """Table, columns and statement of each kind of row, over the session's chunk, in the order of writing."""
    words = _words(terms) | {
        "programme": literal(terms.programme),
        "actor": literal(terms.actor),
        "at": literal(stored(terms.now)),
        "since": literal(stored(terms.since)),
        "until": literal(stored(terms.until)),
        "sheaf": _SHEAF,
    }
    return [(table, _COLUMNS[table], sql.format(**words)) for table, sql in _TABLES.items()]


def members(session: duckdb.DuckDBPyConnection, *, chunk: Chunk) -> list[str]:
    """The member numbers of a chunk."""
    sql = f"select distinct member_no from opening_placed where m between {chunk.first} and {chunk.last}"
    return [row[0] for row in session.execute(sql).fetchall()]


def rows_of(session: duckdb.DuckDBPyConnection, *, members: Sequence[str]) -> list[tuple[Any, ...]]:
    """(member_no, k, points, expires_on) of some members, in order."""
    sql = (
        "select member_no, k, points, expires_on from opening_placed"
        " where member_no in (select unnest($members)) order by n"
    )
    return list(session.execute(sql, {"members": list(members)}).fetchall())


def stored(instant: datetime) -> str:
    """An instant of whole seconds as both databases take it and as SQLite keeps it."""
    return f"{instant:%Y-%m-%d %H:%M:%S}"


def _words(terms: Terms) -> dict[str, Any]:
    return {
        "client": CLIENT,
        "request": _REQUEST,
        "instant": literal(f"{stored(terms.now)}.000000"),
        "day": literal(terms.today.isoformat()),
    }


def _hash(previous: str, *, terms: Terms) -> str:
    words = _words(terms)
    return _SEALED.format(previous=previous, entries=_ENTRIES.format(**words), **words)

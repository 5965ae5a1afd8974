"""The statements that compare the ledger with itself, a range of accounts at a time, for both engines."""

import hashlib
from typing import Any

from django.db import connection

Row = tuple[Any, ...]
# Sums of a range's entries by lot: what each book of the lot's account gained.
_MOVED = """
with moved as (
  select account_id, lot_id,
    sum(case when target = 'free' then points when source = 'free' then -points else 0 end) as free,
    sum(case when target = 'held' then points when source = 'held' then -points else 0 end) as held,
    sum(case when source = 'owed' then points when target = 'owed' then -points else 0 end) as owed,
    sum(case when source = 'issued' then points when target = 'issued' then -points else 0 end) as issued,
    sum(case when target = 'clawed' then points when source = 'clawed' then -points else 0 end) as clawed,
    sum(case when target = 'burned' then points when source = 'burned' then -points else 0 end) as burned,
    sum(case when source = 'returned' then points when target = 'returned' then -points else 0 end) as returned,
    sum(case when target = 'expired' then points when source = 'expired' then -points else 0 end) as expired,
    sum(case when source = 'transferred' then points when target = 'transferred' then -points else 0 end)
      as transferred,
    count(*) as entries
  from loyalty_entry where account_id >= %(first)s and account_id < %(next)s
  group by account_id, lot_id
)"""
_BOOKS = ("free", "held", "owed", "issued", "clawed", "burned", "returned", "expired", "transferred")
_KEPT = ("free", "held", "expired")
_BALANCES = f"""
{_MOVED}, whole as (
  select account_id, {", ".join(f"sum({book}) as {book}" for book in _BOOKS)} from moved group by account_id
)
select b.account_id, {", ".join(f"coalesce(w.{book}, 0), b.{book}" for book in _BOOKS)}
from loyalty_balance b left join whole w on w.account_id = b.account_id
where b.account_id >= %(first)s and b.account_id < %(next)s
  and ({" or ".join(f"coalesce(w.{book}, 0) <> b.{book}" for book in _BOOKS)})
order by b.account_id limit 1000
"""
_LOTS = f"""
{_MOVED}
select l.account_id, l.id, {", ".join(f"coalesce(m.{book}, 0), l.{book}" for book in _KEPT)}
from loyalty_lot l left join moved m on m.account_id = l.account_id and m.lot_id = l.id
where l.account_id >= %(first)s and l.account_id < %(next)s
  and ({" or ".join(f"coalesce(m.{book}, 0) <> l.{book}" for book in _KEPT)})
order by l.account_id, l.id limit 1000
"""
# Points of an order's transaction: issued by an earning, gone to burned by a burning.
_ORDERS = """
select o.account_id, o.id, coalesce(sum(case when o.role = 'earn' and e.source = 'issued' then e.points
    when o.role = 'burn' and e.target = 'burned' then e.points end), 0), o.points
from loyalty_order o left join loyalty_entry e on e.txn_id = o.txn_id
where o.id >= %(first)s and o.id < %(next)s
group by o.account_id, o.id, o.points
having coalesce(sum(case when o.role = 'earn' and e.source = 'issued' then e.points
    when o.role = 'burn' and e.target = 'burned' then e.points end), 0) <> o.points
order by o.id limit 1000
"""
# Each transaction with what its own account's entries say of it; entries of other accounts make it look wrong here,
# and it is then judged alone.
_CHAINS = """
with listed as (
  select e.txn_id, {agg} as entries
  from (select * from loyalty_entry where account_id >= %(first)s and account_id < %(next)s{sorted}) e
  group by e.txn_id
),
chained as (
  select t.account_id, t.id, t.previous, t.hash,
    coalesce(lag(t.hash) over (partition by t.account_id order by t.id), '') as before,
    {sha} as sealed,
    row_number() over (partition by t.account_id order by t.id desc) as from_end
  from loyalty_txn t left join listed l on l.txn_id = t.id
  where t.account_id >= %(first)s and t.account_id < %(next)s
)
select c.account_id, c.id, c.previous, c.before, c.hash, c.sealed, '' as head, 0 as is_head
from chained c where c.hash <> c.sealed or c.previous <> c.before
union all
select b.account_id, coalesce(c.id, 0), '', '', coalesce(c.hash, ''), '', b.head, 1
from loyalty_balance b left join chained c on c.account_id = b.account_id and c.from_end = 1
where b.account_id >= %(first)s and b.account_id < %(next)s and b.head <> coalesce(c.hash, '')
"""
_ENTRY = (
    "coalesce(e.lot_id, 0) || ':' || e.account_id || ':' || e.source || ':' || e.target || ':' || e.points"
    " || ':' || {at}"
)
_TEXT = (
    "t.previous || '|' || t.id || '|' || t.account_id || '|' || t.kind || '|' || t.client || '|' || t.key || '|'"
    " || t.request_hash || '|' || {at} || '|' || {recorded} || '|' || {day} || '|' || t.order_source || '|'"
    " || t.order_no || '|' || coalesce(l.entries, '')"
)


def span(table: str, *, key: str) -> tuple[int, int]:
    """The least and the greatest id of a table; (1, 0) where it is empty."""
    with connection.cursor() as cursor:
        cursor.execute(f"select min({key}), max({key}) from {table}")
        least, most = cursor.fetchall()[0]
    return (1, 0) if least is None else (int(least), int(most))


def counted(table: str) -> int:
    """How many rows a table has."""
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table}")
        return int(cursor.fetchall()[0][0])


def balances_off(first: int, next_: int) -> list[Row]:
    """Balances that are not the sums of their entries: account, then expected and found of each book in `BOOKS`."""
    return _asked(_BALANCES, first=first, next_=next_)


def lots_off(first: int, next_: int) -> list[Row]:
    """Lots that are not the sums of their entries: account, lot, then expected and found of free, held, expired."""
    return _asked(_LOTS, first=first, next_=next_)


def orders_off(first: int, next_: int) -> list[Row]:
    """Orders (by id) whose points are not those of their transaction: account, order, expected, found."""
    return _asked(_ORDERS, first=first, next_=next_)


def chains_off(first: int, next_: int) -> list[Row]:
    """Transactions that look wrong (account, txn, previous, hash before, hash, hash computed, head, is head)."""
    return _asked(_chain_sql(), first=first, next_=next_)


BOOKS = _BOOKS
KEPT = _KEPT


def _asked(sql: str, *, first: int, next_: int) -> list[Row]:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        raw: Any = connection.connection
        raw.create_function("sha256_hex", 1, lambda text: hashlib.sha256(text.encode()).hexdigest(), deterministic=True)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"first": first, "next": next_})
        return list(cursor.fetchall())


def _chain_sql() -> str:
    is_server = connection.vendor == "postgresql"
    if is_server:
        instant = "to_char({0} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
        sha = "encode(sha256(convert_to({0}, 'UTF8')), 'hex')"
        day = "to_char(t.business_on, 'YYYY-MM-DD')"
    else:
        instant = "case when length({0}) = 19 then {0} || '.000000' else {0} end"
        sha, day = "sha256_hex({0})", "t.business_on"
    entry = _ENTRY.format(at=instant.format("e.at"))
    text = _TEXT.format(at=instant.format("t.at"), recorded=instant.format("t.recorded_at"), day=day)
    # SQLite takes the rows in the order of the inner select; what looks wrong is judged alone in any case.
    listed = f"string_agg({entry}, ',' order by e.id)" if is_server else f"group_concat({entry}, ',')"
    return _CHAINS.format(agg=listed, sha=sha.format(text), sorted="" if is_server else " order by txn_id, id")

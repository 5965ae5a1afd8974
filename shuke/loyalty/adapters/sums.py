"""Sums over the whole ledger for finance, the same on both engines."""

from datetime import date, datetime
from typing import Any

from django.db import connection

Row = tuple[Any, ...]
_STANDING = """
select
  coalesce(sum(case when expires_at <= %(at)s then 0 when available_at <= %(at)s then free else 0 end), 0),
  coalesce(sum(case when expires_at <= %(at)s then 0 when available_at > %(at)s then free else 0 end), 0),
  coalesce(sum(case when expires_at <= %(at)s then free else 0 end), 0)
from loyalty_lot where free > 0
"""
_REST = "select coalesce(sum(held), 0), coalesce(sum(owed), 0), coalesce(sum(expired), 0) from loyalty_balance"
# Points that left or came back by kind of movement; what merely waits (free and held) is no movement of finance.
_MOVED = """
select t.business_on, e.source, e.target, sum(e.points)
from loyalty_txn t join loyalty_entry e on e.txn_id = t.id
where t.id > %(after)s and t.id <= %(upto)s and t.business_on <= %(day)s
group by t.business_on, e.source, e.target
"""
_LAST_TXN = "select coalesce(max(id), 0) from loyalty_txn where business_on <= %(day)s"
_EARNED = """
select o.source, o.order_no, o.account_id, o.amount_minor, coalesce(a.customer_id, 0)
from loyalty_order o join loyalty_account a on a.id = o.account_id
where o.role = 'earn' and o.bought_on = %(day)s
"""
_AGES = {
    "postgresql": "cast(floor(extract(epoch from ({later} - {earlier})) / 86400 / {step}) as integer)",
    "sqlite": "cast((julianday({later}) - julianday({earlier})) / {step} as integer)",
}
_ISSUED = """
select l.account_id %% {buckets}, {cohort}, sum(l.points) from loyalty_lot l
where l.expires_at is not null and l.created_at <= %(at)s group by 1, 2
"""
_LEFT = """
select l.account_id %% {buckets}, {cohort}, {age},
  sum(case when e.target = 'burned' then e.points else 0 end), sum(e.points)
from loyalty_entry e join loyalty_lot l on l.id = e.lot_id
where l.expires_at is not null and l.created_at <= %(at)s and e.source in ('free', 'held')
  and e.target in ('burned', 'clawed', 'transferred', 'owed') and e.at <= %(at)s
group by 1, 2, 3
"""
_OPEN = """
select {cohort}, {left}, sum(l.free) from loyalty_lot l
where l.free > 0 and l.expires_at > %(at)s and l.created_at <= %(at)s group by 1, 2
"""
_ENDLESS = "select coalesce(sum(free), 0) from loyalty_lot where free > 0 and expires_at is null"


def standing(at: datetime) -> tuple[int, int, int, int, int, int]:
    """Available, pending, over (not written down), held, owed and expired points of everybody at an instant."""
    first, second = _asked(_STANDING, at=at)[0], _asked(_REST)[0]
    found = [int(value) for value in (*first, *second)]
    return (found[0], found[1], found[2], found[3], found[4], found[5])


def moved(*, after: int, upto: int, day: date) -> list[tuple[date, str, str, int]]:
    """Points moved between books by business day up to `day`, over transactions after one id and up to another."""
    rows = _asked(_MOVED, after=after, upto=upto, day=day)
    return [(_day(row[0]), row[1], row[2], int(row[3])) for row in rows]


def last_txn(day: date) -> int:
    """The id of the last transaction that counts for a day or one before it."""
    return int(_asked(_LAST_TXN, day=day)[0][0])


def enrolled(since: datetime, until: datetime) -> int:
    """Accounts opened from one instant up to, not at, another."""
    sql = "select count(*) from loyalty_account where opened_at >= %(since)s and opened_at < %(until)s"
    return int(_asked(sql, since=since, until=until)[0][0])


def earned_orders(day: date) -> list[tuple[str, str, int, int, int]]:
    """Channel, number, account, eligible amount and customer (0: none) of the orders of a day that earned."""
    return [(row[0], row[1], int(row[2]), int(row[3]), int(row[4])) for row in _asked(_EARNED, day=day)]


def cohorts(at: datetime, *, buckets: int, step: int) -> tuple[list[Row], list[Row], list[Row], int]:
    """For the forecast of breakage, in steps of `step` days before `at`, of lots that end:

    (bucket, steps ago, points issued), (bucket, steps ago, age, points burned, points gone), (steps ago, steps left,
    points open), and the open points that never end.
    """
    age = _AGES[connection.vendor]
    words = {
        "buckets": buckets,
        "cohort": age.format(later="%(at)s", earlier="l.created_at", step=step),
        "age": age.format(later="e.at", earlier="l.created_at", step=step),
        "left": age.format(later="l.expires_at", earlier="%(at)s", step=step),
    }
    issued, left, still = (_asked(sql.format(**words), at=at) for sql in (_ISSUED, _LEFT, _OPEN))
    return issued, left, still, int(_asked(_ENDLESS)[0][0])


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _asked(sql: str, **parameters: Any) -> list[Row]:
    with connection.cursor() as cursor:
        if parameters:
            cursor.execute(sql, {name: _put(value) for name, value in parameters.items()})
        else:
            cursor.execute(sql)
        return list(cursor.fetchall())


def _put(value: Any) -> Any:
    """An instant or day as the engine compares it with what is stored."""
    if connection.vendor == "sqlite" and isinstance(value, datetime):
        return str(value)[:-6] if value.tzinfo else str(value)
    if connection.vendor == "sqlite" and isinstance(value, date):
        return value.isoformat()
    return value

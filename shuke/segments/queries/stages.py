"""Stages, segments, their counts, and why somebody is in."""

from collections.abc import Sequence
from typing import Any

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.segments import rules
from shuke.segments.adapters import definition
from shuke.segments.values import SEGMENTS, STAGES, SegmentCount, StageCount


def stage_counts(actor: Actor, *, lake: Reader, language: str, store: str | None = None) -> list[StageCount]:
    """Customers by lifecycle stage, in the order of the life; stages without people included.

    `store` counts only those whose own store it is.
    """
    require(actor, Permission.SEE_CUSTOMERS)
    found = {}
    if lake.has("lifecycle"):
        own = f" where {_OF_STORE}" if store is not None else ""
        sql = f"select l.stage, count(*) as n from lifecycle l{own} group by l.stage"
        given = {"store": store} if store is not None else {}
        found = {row["stage"]: row["n"] for row in lake.rows(sql, **given)}
    texts = definition("lifecycle")["stages"]
    zh = language.startswith("zh")
    return [
        StageCount(s, texts[s]["zh" if zh else "en"], texts[s]["what_zh" if zh else "what_en"], found.get(s, 0))
        for s in STAGES
    ]


def segment_counts(actor: Actor, *, lake: Reader, language: str) -> list[SegmentCount]:
    """The ready segments with head count and yearly value; empty ones included."""
    require(actor, Permission.SEE_WEEK)
    found: dict[str, Any] = {}
    if lake.has("segment_members"):
        sql = "select segment, count(*) as n, sum(value_minor)::bigint as value from segment_members group by segment"
        found = {row["segment"]: row for row in lake.rows(sql)}
    return [_count(name, found.get(name, {"n": 0, "value": 0}), language=language) for name in SEGMENTS]


_OF_STORE = "l.customer_id in (select customer_id from customer_profiles where store = $store)"


def stage_of(actor: Actor, *, lake: Reader, customer_id: int) -> dict[str, Any] | None:
    """The row of `lifecycle` of one customer."""
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("lifecycle"):
        return None
    return lake.row("select * from lifecycle where customer_id = $id", id=customer_id)


def segments_of(actor: Actor, *, lake: Reader, customer_id: int, language: str) -> list[dict[str, Any]]:
    """The ready segments that one customer is in: `segment`, `name`, `since_on`, `why` (a sentence)."""
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("segment_members"):
        return []
    rows = lake.rows(f"{MEMBERS} where m.customer_id = $id order by m.segment", id=customer_id)
    return [shown(row, language) for row in rows]


MEMBERS = """
select m.segment, m.customer_id, m.since_on, m.reason, m.value_minor, f.cycle_days, f.days_since, f.orders,
  f.orders_365,  (m.as_of - f.previous_on)::integer as two_gaps_days, s.second_from_days, s.second_until_days
from segment_members m
join customer_features f on f.customer_id = m.customer_id
cross join shop_clock s
"""


def shown(row: dict[str, Any], language: str) -> dict[str, Any]:
    """A member row with the segment's name and the sentence why."""
    texts = definition(row["segment"])
    why = rules.reason_sentence(texts, reason=row["reason"], facts=row, language=language)
    return {**row, "name": texts["zh" if language.startswith("zh") else "en"], "why": why}


def _count(name: str, row: dict[str, Any], *, language: str) -> SegmentCount:
    texts = definition(name)
    zh = language.startswith("zh")
    return SegmentCount(
        name, texts["zh" if zh else "en"], texts["what_zh" if zh else "what_en"], row["n"], row["value"]
    )


_PEOPLE = """
with picked as (
  select l.customer_id, l.stage, l.since_on, f.cycle_days, f.days_since, f.orders_365, f.net_365_minor, f.last_on
  from lifecycle l
  left join customer_features f on f.customer_id = l.customer_id
  where {condition}
  order by coalesce(f.net_365_minor, 0) desc, l.customer_id
  limit $limit offset $skip
)
select p.*, c.name, c.phone, c.city, c.store, c.associate
from picked p
left join customer_profiles c on c.customer_id = p.customer_id
order by coalesce(p.net_365_minor, 0) desc, p.customer_id
"""


def people(
    actor: Actor,
    *,
    lake: Reader,
    stage: str | None = None,
    store: str | None = None,
    ids: Sequence[int] | None = None,
    limit: int = 50,
    skip: int = 0,
) -> list[dict[str, Any]]:
    """Customers of a stage, of a store (their own), or those of `ids`; names and phones masked.

    The best of the last 365 days come first.

    Columns: customer_id, stage, since_on, cycle_days, days_since, orders_365, net_365_minor, last_on, name, phone,
    city, store, associate. Only customers that the actor's stores may see.
    """
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("lifecycle"):
        return []
    tests = []
    if stage is not None:
        tests.append("l.stage = $stage")
    if store is not None:
        tests.append(_OF_STORE)
    if ids is not None:
        tests.append(f"l.customer_id in ({', '.join(str(int(one)) for one in ids) or 'null'})")
    sql = _PEOPLE.format(condition=" and ".join(tests) or "true")
    given = {name: value for name, value in (("stage", stage), ("store", store)) if value is not None}
    return lake.rows(sql, limit=limit, skip=skip, **given)

"""The list of segments, one segment opened, and its people."""

from typing import Any

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.segments.adapters import definition
from shuke.segments.queries.stages import MEMBERS, segment_counts, shown
from shuke.segments.values import SegmentDetail, SegmentRow

_OF_STORE = " and m.customer_id in (select customer_id from customer_profiles where store = $store)"


def segment_list(actor: Actor, *, lake: Reader, language: str, store: str | None = None) -> list[SegmentRow]:
    """All segments, ready ones first, with head count, yearly value and change; `store` counts its own customers."""
    require(actor, Permission.SEE_CUSTOMERS)
    return [
        SegmentRow(c.code, c.name, c.what, "ready", c.people, c.value_minor, None, ())
        for c in segment_counts(actor, lake=lake, language=language)
    ]


def segment_detail(
    actor: Actor, *, lake: Reader, segment: str, language: str, store: str | None = None
) -> SegmentDetail:
    """One segment with its rule as a sentence, overlap with others and head count week by week."""
    require(actor, Permission.SEE_CUSTOMERS)
    found = {row.code: row for row in segment_list(actor, lake=lake, language=language, store=store)}
    return SegmentDetail(found[segment], found[segment].what, "", (), (), 0)


def member_count(actor: Actor, *, lake: Reader, segment: str, store: str | None = None) -> int:
    """How many people are in a segment, of one store where it is given."""
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("segment_members"):
        return 0
    given = {"store": store} if store is not None else {}
    sql = "select count(*) from segment_members m where m.segment = $segment" + (_OF_STORE if store is not None else "")
    return int(lake.value(sql, segment=segment, **given))


def members(
    actor: Actor,
    *,
    lake: Reader,
    segment: str,
    language: str,
    limit: int = 50,
    skip: int = 0,
    store: str | None = None,
) -> list[dict[str, Any]]:
    """Members of a segment, the most valuable first; names and phones masked.

    Columns: customer_id, since_on, value_minor, why (a sentence), name, phone, store, associate.
    """
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("segment_members") or not definition(segment):
        return []
    own = _OF_STORE if store is not None else ""
    given = {"store": store} if store is not None else {}
    order = "order by m.value_minor desc, m.customer_id limit $limit offset $skip"
    sql = f"""
      select p.*, c.name as customer_name, c.phone, c.store, c.associate
      from ({MEMBERS} where m.segment = $segment{own} {order}) p
      left join customer_profiles c on c.customer_id = p.customer_id
      order by p.value_minor desc, p.customer_id
    """
    rows = lake.rows(sql, segment=segment, limit=limit, skip=skip, **given)
    return [{**shown(row, language), "name": row["customer_name"]} for row in rows]

"""The list of segments, one segment opened, its people, and the segments of one customer."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.segments import rules
from shuke.segments.adapters import BadDefinition, catalogue, definition, segment_codes, sentence_of
from shuke.segments.queries.builder import missing_words
from shuke.segments.queries.scope import as_of_day, of_store
from shuke.segments.values import OWN, SegmentDetail, SegmentRow


def segment_list(actor: Actor, *, lake: Reader, language: str, store: str | None = None) -> list[SegmentRow]:
    """All segments, ready ones first, with head count, yearly value and change against the last earlier week.

    Counted by home store: those of the actor's stores, of `store` where it is given. Ready ones that are off say why.
    """
    require(actor, Permission.SEE_CUSTOMERS)
    counted: dict[str, dict[str, Any]] = {}
    changes: dict[str, int] = {}
    if lake.has("segment_facts"):
        own = of_store(actor, store=store)
        rows = lake.rows(
            "select segment, count(*) as people, sum(value_minor)::bigint as value, min(reason) as reason"
            f" from segment_members where true{own} group by segment"
        )
        counted = {row["segment"]: row for row in rows}
        changes = _changes(actor, lake=lake, store=store)
    missing = missing_words(lake, language=language)
    return [
        _row(
            actor,
            lake=lake,
            code=code,
            found=counted.get(code),
            change=changes.get(code),
            missing=missing.get(code, ()),
            language=language,
            store=store,
        )
        for code in segment_codes()
    ]


def segment_detail(
    actor: Actor, *, lake: Reader, segment: str, language: str, store: str | None = None
) -> SegmentDetail:
    """One segment with its rule as a sentence, overlap with others and head count week by week.

    Raises `BadDefinition` for a code that nobody knows.
    """
    require(actor, Permission.SEE_CUSTOMERS)
    texts = definition(segment)
    rows = {row.code: row for row in segment_list(actor, lake=lake, language=language, store=store)}
    if segment not in rows:
        raise BadDefinition(f"There is no segment {segment!r}.", hint="Choose one from the list of segments.")
    overlap, trend = [], []
    if lake.has("segment_facts"):
        own = of_store(actor, store=store)
        overlap = lake.rows(
            f"select other, sum(people)::bigint as people from segment_overlap where segment = $segment{own}"
            " group by other order by people desc, other",
            segment=segment,
        )
        trend = lake.rows(
            f"select as_of, sum(people)::bigint as people from segment_weeks where segment = $segment{own}"
            " and as_of <= $day group by as_of order by as_of",
            segment=segment,
            day=as_of_day(lake),
        )
    return SegmentDetail(
        row=rows[segment],
        rule_sentence=sentence_of(texts["rule"], language=language),
        since=rules.since_words(texts["since"], catalogue=catalogue(), language=language),
        overlap=tuple(
            (one["other"], rows[one["other"]].name, one["people"]) for one in overlap if one["other"] in rows
        ),
        trend=tuple((one["as_of"], one["people"]) for one in trend),
        version=int(texts.get("version", 0)),
    )


def member_count(actor: Actor, *, lake: Reader, segment: str, store: str | None = None) -> int:
    """How many people are in a segment: as on the list, in the members and in the export."""
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("segment_facts"):
        return 0
    sql = f"select count(*) from ({_relation(lake, segment)}) m where true{of_store(actor, store=store)}"
    return int(lake.value(sql))


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

    Columns: segment, customer_id, since_on, value_minor, why (a sentence), name, phone, store, associate.
    """
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("segment_facts"):
        return []
    sql = f"""
      with picked as (
        select * from ({_relation(lake, segment)}) m where true{of_store(actor, store=store)}
        order by m.value_minor desc, m.customer_id limit $limit offset $skip
      )
      select p.*, c.name, c.phone, c.associate
      from picked p
      left join customer_profiles c on c.customer_id = p.customer_id
      order by p.value_minor desc, p.customer_id
    """
    texts = definition(segment)
    return [_shown(row, texts=texts, language=language) for row in lake.rows(sql, limit=limit, skip=skip)]


def segments_of(actor: Actor, *, lake: Reader, customer_id: int, language: str) -> list[dict[str, Any]]:
    """The segments that one customer is in: `segment`, `name`, `since_on`, `why` (a sentence)."""
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("segment_facts"):
        return []
    rows = lake.rows("select * from segment_members where customer_id = $id order by segment", id=customer_id)
    known, zh = segment_codes(), language.startswith("zh")
    found = []
    for row in sorted((row for row in rows if row["segment"] in known), key=lambda row: known.index(row["segment"])):
        texts = definition(row["segment"])
        found.append({**_shown(row, texts=texts, language=language), "name": texts["zh" if zh else "en"]})
    return found


def _shown(row: Mapping[str, Any], *, texts: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A member's row with the sentence why."""
    facts = json.loads(row["facts"])
    return {**row, "why": rules.reason_sentence(texts, reason=row["reason"], facts=facts, language=language)}


def _relation(lake: Reader, segment: str) -> str:
    """The members of a segment as a relation: the week's, or worked out now for an own one saved since."""
    texts = definition(segment)
    week = f"select * from segment_members where segment = {_quoted(segment)}"
    if not segment.startswith(OWN) or _is_built(lake, segment, version=texts["version"]):
        return week
    day = as_of_day(lake)
    try:
        found = rules.read_segment(segment, definition=texts, catalogue=catalogue())
    except rules.BadRule:
        found = None
    if found is None or not isinstance(day, date):
        return f"{week} and false"
    return rules.members_sql([found], as_of=day, catalogue=catalogue(), currency=settings.WORKSPACE.currency)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _is_built(lake: Reader, segment: str, *, version: int) -> bool:
    """Whether the week counted this version of an own segment (one without people has no row and is worked out)."""
    sql = "select count(*) from segment_members where segment = $segment and reason = $reason"
    return bool(lake.value(sql, segment=segment, reason=f"version_{version}"))


def _changes(actor: Actor, *, lake: Reader, store: str | None) -> dict[str, int]:
    """Head count now less that of the last earlier week, by segment; segments new since then are not in it."""
    day = as_of_day(lake)
    own = of_store(actor, store=store)
    before = lake.value("select max(as_of) from segment_weeks where as_of < $day", day=day)
    if before is None:
        return {}
    rows = lake.rows(
        "select segment, sum(case when as_of = $day then people else -people end)::bigint as more"
        f" from segment_weeks where as_of in ($day, $before){own} group by segment",
        day=day,
        before=before,
    )
    told = {row["segment"]: int(row["more"]) for row in rows}
    if actor.stores is not None:
        # of a segment that was empty in these stores there is no row to see: nobody then
        return {code: told.get(code, 0) for code in segment_codes()}
    then = lake.rows("select distinct segment from segment_weeks where as_of = $before", before=before)
    return {row["segment"]: told.get(row["segment"], 0) for row in then}


def _row(
    actor: Actor,
    *,
    lake: Reader,
    code: str,
    found: Mapping[str, Any] | None,
    change: int | None,
    missing: tuple[str, ...],
    language: str,
    store: str | None,
) -> SegmentRow:
    zh = language.startswith("zh")
    kind = "own" if code.startswith(OWN) else "ready"
    try:
        texts = definition(code)
    except BadDefinition as error:
        return SegmentRow(code, code, "", kind, 0, 0, None, (f"{error} {error.hint}".strip(),))
    name, what = texts["zh" if zh else "en"], texts["what_zh" if zh else "what_en"]
    people, value = (found["people"], found["value"]) if found else (0, 0)
    is_new = kind == "own" and (found is None or found["reason"] != f"version_{texts['version']}")
    if is_new and lake.has("segment_facts"):
        sql = f"select count(*) as n, coalesce(sum(value_minor), 0)::bigint as value from ({_relation(lake, code)}) m"
        row = lake.row(f"{sql} where true{of_store(actor, store=store)}") or {"n": 0, "value": 0}
        people, value, change = row["n"], row["value"], None
    return SegmentRow(code, name, what, kind, people, value, None if missing else change, missing)

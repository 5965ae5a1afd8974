"""Computing stages, layers, facts and segment members in a run of the lake."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.actions import Run
from shuke.lake.rules import literal
from shuke.segments import rules
from shuke.segments.actions.movement import write_movement
from shuke.segments.adapters import BadDefinition, catalogue, definition, segment_codes
from shuke.segments.values import AXES

TABLES = ("lapse_limits", "lifecycle", "layers", "segment_facts")
_NO_SETTINGS = frozenset({"stages", "layers", "axes", "missing"})


def build(actor: Actor, *, run: Run, parameters: Mapping[str, Any]) -> None:
    """Builds this room's tables as of `parameters['as_of']`.

    A segment whose rule needs a field that no customer of this shop has stays off and is told in `segment_missing`.
    """
    require(actor, Permission.IMPORT_FILES)
    run.build(TABLES, parameters={**parameters, **_settings()})
    as_of: date = parameters["as_of"]
    _keep_layers(run, as_of=as_of)
    _write_members(run, as_of=as_of, known=_count_fields(run), currency=parameters["currency"])
    write_movement(run, as_of=as_of)


def recount(actor: Actor, *, run: Run) -> bool:
    """Computes the members of all segments again from the facts that `run` stands on; False where there are none."""
    require(actor, Permission.REVIEW_PROPOSALS)
    lake = run.reader()
    if not lake.has("segment_facts"):
        return False
    as_of = lake.value("select max(as_of) from layers")
    known = {row["field"]: int(row["people"]) for row in lake.rows("select field, people from segment_fields")}
    _write_members(run, as_of=as_of, known=known, currency=run.workspace.currency)
    return True


def _write_members(run: Run, *, as_of: date, known: Mapping[str, int], currency: str) -> None:
    segments, missing = _read(known)
    run.write_arrow("segment_missing", rows=_table(("segment", "field", "problem"), missing))
    sql = rules.members_sql(segments, as_of=as_of, catalogue=catalogue(), currency=currency)
    run.write("segment_members", sql=_with_days(sql))
    _count(run, as_of=as_of, segments=segments)


def _settings() -> dict[str, Any]:
    """The numbers of the definitions that the SQL models of this room name."""
    stages = {key: value for key, value in definition("lifecycle").items() if key not in _NO_SETTINGS}
    layers = {key: value for key, value in definition("layers").items() if key not in _NO_SETTINGS}
    return {**stages, **layers, **definition("fields")["settings"]}


def _keep_layers(run: Run, *, as_of: date) -> None:
    """Adds this day's changes of layer; what stood from this day on is dropped, for it is computed again."""
    day = literal(as_of)
    run.write(
        "layer_changes",
        sql=f"select customer_id, as_of, layer, before_layer from layer_changes where as_of < {day}"
        f" union all select customer_id, as_of, layer, previous_layer as before_layer from layers"
        " where previous_layer is null or previous_layer <> layer",
    )


def _count_fields(run: Run) -> dict[str, int]:
    """Of how many customers each field is known, into `segment_fields`."""
    fields = [spec for spec in catalogue().values() if spec.kind not in rules.ROLLUPS]
    lake = run.reader()
    counted = lake.row(
        f"select {', '.join(f'count({spec.code}) as {spec.code}' for spec in fields)} from segment_facts"
    )
    known = {name: int(people) for name, people in (counted or {}).items()}
    for spec in catalogue().values():
        if spec.kind in rules.ROLLUPS:
            known[spec.code] = lake.row_count(rules.ROLLUPS[spec.kind])
    axes = lake.row(f"select {', '.join(f'count({axis}) as axis_{axis}' for axis in AXES)} from layers") or {}
    known |= {name: int(people) for name, people in axes.items()}
    rows = pa.table({"field": list(known), "people": pa.array(list(known.values()), pa.int64())})
    run.write_arrow("segment_fields", rows=rows)
    return known


def _read(known: Mapping[str, int]) -> tuple[list[rules.Segment], list[tuple[str, str, str]]]:
    """The segments that can be computed, and (segment, field, problem) of those that cannot."""
    found, missing = [], []
    for code in segment_codes():
        try:
            segment = rules.read_segment(code, definition=definition(code), catalogue=catalogue())
        except (rules.BadRule, BadDefinition) as error:
            missing.append((code, "", f"{error} {error.hint}".strip()))
            continue
        empty = [field for field in segment.fields if not known[field]]
        missing += [(code, field, "no_data") for field in empty]
        if not empty:
            found.append(segment)
    return found, missing


def _with_days(sql: str) -> str:
    """Own segments have no date of their own: somebody is in since the first week in which they were."""
    return (
        "select m.segment, m.customer_id, m.as_of, case when starts_with(m.segment, 'own_')"
        " then least(m.since_on, coalesce(o.since_on, m.since_on)) else m.since_on end as since_on,"
        f" m.reason, m.value_minor, m.store, m.facts from ({sql}) m left join segment_members o"
        " on o.segment = m.segment and o.customer_id = m.customer_id and starts_with(o.segment, 'own_')"
    )


def _count(run: Run, *, as_of: date, segments: Sequence[rules.Segment]) -> None:
    """Head counts by store into `segment_weeks`, and how many people two segments share."""
    day = literal(as_of)
    codes = " union all ".join(f"select {literal(one.code)} as segment" for one in segments)
    empty = (
        f" union all select {day} as as_of, c.segment, '' as store, 0::bigint, 0::bigint from ({codes}) c"
        " where c.segment not in (select segment from segment_members)"
        if segments
        else ""
    )
    run.write(
        "segment_weeks",
        sql=f"select as_of, segment, store, people, value_minor from segment_weeks where as_of <> {day}"
        f" union all select {day} as as_of, segment, store, count(*), sum(value_minor)::bigint from segment_members"
        f" group by segment, store{empty}",
    )
    run.write(
        "segment_overlap",
        sql="select a.segment, b.segment as other, a.store, count(*) as people from segment_members a"
        " join segment_members b on b.customer_id = a.customer_id and b.segment <> a.segment"
        " group by a.segment, b.segment, a.store",
    )


def _table(names: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Any:
    return pa.table({name: pa.array([row[place] for row in rows], pa.string()) for place, name in enumerate(names)})

"""All segments in one pass over `segment_facts`: a column a segment, then one row a member."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shuke.lake.rules import literal
from shuke.segments.rules.language import parse
from shuke.segments.rules.stages import reason_fields
from shuke.segments.rules.statements import ROLLUPS, condition_sql
from shuke.segments.rules.tree import COMPARABLE, BadRule, Catalogue, Node, fields_of, spec_of

_SINCE = {"field", "ahead", "plus", "after", "minus", "not_before"}


@dataclass(frozen=True)
class Segment:
    """One segment checked: its rule as a tree, since when, and the fields that its sentences name."""

    code: str
    node: Node
    since: Mapping[str, Any]
    reason: str
    shown: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that the segment needs."""
        since = [self.since.get(key) for key in ("field", "ahead", "not_before")]
        since += [operand["field"] for key in ("plus", "after") if isinstance(operand := self.since.get(key), Mapping)]
        return tuple(
            dict.fromkeys([*fields_of(self.node), *(one for one in since if isinstance(one, str)), *self.shown])
        )


def read_segment(code: str, *, definition: Mapping[str, Any], catalogue: Catalogue) -> Segment:
    """A definition as a checked segment; raises `BadRule` with the file's name."""
    try:
        _check_since(definition["since"], catalogue=catalogue)
        found = Segment(
            code=code,
            node=parse(definition["rule"], catalogue=catalogue),
            since=definition["since"],
            reason=next(iter(definition["reasons"])),
            shown=reason_fields(definition),
        )
        for field in found.shown:
            _column(field, catalogue=catalogue, place="reasons")
    except BadRule as error:
        raise BadRule(f"{code}: {error}", hint=error.hint, zh=error.zh) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadRule(f"{code}: its 'reasons' cannot be read.", hint="Copy them from a segment that ships.") from error
    return found


def _check_since(since: Any, *, catalogue: Catalogue) -> None:
    if not isinstance(since, Mapping) or not set(since) <= _SINCE or ("field" in since) == ("ahead" in since):
        raise BadRule("'since' cannot be read.", hint="Write since: {field: last_on}.")
    kinds: dict[str, tuple[str, ...]] = {"field": ("date",), "ahead": COMPARABLE, "not_before": ("date",)}
    asked = [(since[key], wanted) for key, wanted in kinds.items() if key in since and since[key] != 0]
    for key in ("plus", "after", "minus"):
        if isinstance(since.get(key), Mapping):
            asked.append((since[key].get("field"), COMPARABLE))
            if key == "minus" or not isinstance(since[key].get("times", 1), int | float):
                raise BadRule(f"since: '{key}' cannot be read.", hint="Write plus: {field: cycle_days, times: 3}.")
        elif key in since and not isinstance(since[key], int):
            raise BadRule(f"since: '{key}' is whole days.", hint="For example minus: 13.")
    for code, wanted in asked:
        if _column(code, catalogue=catalogue, place="since") not in wanted:
            raise BadRule(f"since: '{code}' is no {wanted[0]}.", hint="Choose another field.")


def _column(code: Any, *, catalogue: Catalogue, place: str) -> str:
    """The kind of a field that is a column of the facts."""
    kind = spec_of(code, catalogue=catalogue, place=place).kind
    if kind in ROLLUPS:
        raise BadRule(f"{place}: '{code}' is no single value.", hint="Choose another field.")
    return kind


def members_sql(segments: Sequence[Segment], *, as_of: date, catalogue: Catalogue, currency: str) -> str:
    """The rows of `segment_members`. The facts are read once, with a column a segment; an own name each is `in_<n>`."""
    if not segments:
        return (
            "select null::varchar as segment, null::bigint as customer_id, null::date as as_of, null::date as since_on,"
            " null::varchar as reason, null::bigint as value_minor, null::varchar as store, null::varchar as facts"
            " where false"
        )
    wanted = {"customer_id", "store", "year_value_minor"}
    for one in segments:
        wanted |= {field for field in one.fields if catalogue[field].kind not in ("product", "category")}
    columns = ", ".join(f"f.{name}" for name in sorted(wanted))
    flags = ", ".join(f"{condition_sql(one.node, as_of=as_of)} as in_{place}" for place, one in enumerate(segments))
    parts = [
        _part(place, segment=one, as_of=as_of, catalogue=catalogue, currency=currency)
        for place, one in enumerate(segments)
    ]
    return (
        f"with flagged as materialized (select {columns}, {flags} from segment_facts f),"
        f" chosen as materialized (select * from flagged where {' or '.join(f'in_{n}' for n in range(len(segments)))})"
        f" {' union all '.join(parts)}"
    )


def _part(place: int, *, segment: Segment, as_of: date, catalogue: Catalogue, currency: str) -> str:
    day = literal(as_of)
    return (
        f"select {literal(segment.code)} as segment, customer_id, {day} as as_of,"
        f" coalesce(least({since_sql(segment.since, as_of=as_of)}, {day}), {day})::date as since_on,"
        f" {literal(segment.reason)} as reason, year_value_minor as value_minor, store,"
        f" {_facts(segment.shown, catalogue=catalogue, currency=currency)} as facts from chosen where in_{place}"
    )


def since_sql(since: Mapping[str, Any], *, as_of: date) -> str:
    """The day since when: a date field moved by whole days, or `ahead` days from the as-of day.

    `plus` gives the first day at least so far, `after` the first day further than that; a number or another field.
    """
    start = f"({literal(as_of)} + {since['ahead']}::integer)" if "ahead" in since else str(since["field"])
    if "plus" in since:
        start = f"{start} + ceil({_moved(since['plus'])})::integer"
    if "after" in since:
        start = f"{start} + floor({_moved(since['after'])})::integer + 1"
    if "minus" in since:
        start = f"{start} - {int(since['minus'])}"
    return f"greatest({start}, {since['not_before']})" if "not_before" in since else f"({start})"


def _moved(operand: Any) -> str:
    if isinstance(operand, Mapping):
        return f"{operand['field']} * {float(operand.get('times', 1))}"
    return str(int(operand))


def _facts(shown: Sequence[str], *, catalogue: Catalogue, currency: str) -> str:
    """What the sentences need, as the text of a JSON object."""
    parts = []
    for name in shown:
        value = f"cast({name} as varchar)"
        if catalogue[name].kind in ("date", "choice", "text"):
            plain = f"regexp_replace({value}, '[[:cntrl:]]', ' ', 'g')"
            value = f"""'"' || replace(replace({plain}, '\\', '\\\\'), '"', '\\"') || '"'"""
        parts.append(f"""'"{name}": ' || coalesce({value}, 'null')""")
    if any(catalogue[name].kind == "money" for name in shown):
        parts.append(literal(f'"currency": "{currency}"'))
    return f"""'{{' || {" || ', ' || ".join(parts)} || '}}'""" if parts else "'{}'"

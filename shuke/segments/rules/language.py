"""The rule language: a nested dict is read into a tree of checked conditions, or refused with the place and a hint.

    {"all": [...]}, {"any": [...]}, {"not": one}        groups, nested at most six deep
    {"field": "orders", "at_least": 3}                  a condition: one field, one operator, one operand
    {"field": "days_since", "more_than": {"field": "cycle_days", "times": 1.5}}     compared with another field
    {"field": "bought_category", "in": ["纸品"], "last_months": 6, "measure": "days", "at_least": 2}

Money is in minor units, days are whole or not, shares are 0 to 1, dates are ISO texts. A condition on a value that is
not known does not hold; `is_not` and `not_in` are the opposite of `is` and `in`, so they hold for the unknown.
"""

import difflib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shuke.kernel.errors import ShukeError
from shuke.segments.values import FieldSpec

_NUMERIC = ("at_least", "at_most", "more_than", "less_than", "between", "is", "known")
_NAMED = ("is", "is_not", "in", "not_in", "known")
OPERATORS: Mapping[str, tuple[str, ...]] = {
    "number": _NUMERIC,
    "money": _NUMERIC,
    "days": _NUMERIC,
    "share": _NUMERIC,
    "date": ("last_days", "next_days", "older_than_days", "after", "before", "between", "known"),
    "choice": _NAMED,
    "text": (*_NAMED, "contains"),
    "flag": ("is",),
    "product": ("in",),
    "category": ("in",),
}
MEASURES = ("days", "quantity", "net")
COMPARABLE = ("number", "money", "days", "share")
_COMPARED = ("at_least", "at_most", "more_than", "less_than")
_DEEPEST, _MOST_CONDITIONS, _MOST_VALUES, _LONGEST_TEXT, _MOST_DAYS = 6, 60, 200, 200, 36_500


class BadRule(ShukeError):
    """A rule that cannot be read; the message names the field or place."""


@dataclass(frozen=True)
class OtherField:
    """The operand 'another field, times a factor'."""

    field: str
    times: float = 1.0


@dataclass(frozen=True)
class Condition:
    """One checked condition. `operand` is a number, text, date, bool, a tuple of them, or another field."""

    field: str
    kind: str
    operator: str
    operand: Any


@dataclass(frozen=True)
class Bought:
    """Bought any of `names`, at least so much in all. `window`: days for products, calendar months for categories."""

    field: str
    kind: str
    names: tuple[str, ...]
    window: int | None
    measure: str
    at_least: float


@dataclass(frozen=True)
class Group:
    """`all` or `any` of the parts, or `not` of the only part."""

    kind: str
    parts: "tuple[Node, ...]"


Node = Condition | Bought | Group
Catalogue = Mapping[str, FieldSpec]


def parse(rule: Any, *, catalogue: Catalogue) -> Node:
    """A rule as a tree of checked conditions; raises `BadRule` with the place, the field and near names."""
    node = _node(rule, catalogue=catalogue, depth=1, place="rule")
    conditions = sum(1 for _ in leaves(node))
    if conditions > _MOST_CONDITIONS:
        raise BadRule(
            f"The rule has {conditions} conditions.", hint=f"Use at most {_MOST_CONDITIONS}; make two segments of it."
        )
    return node


def leaves(node: Node) -> Iterator[Condition | Bought]:
    """All conditions of a tree in their order."""
    if isinstance(node, Group):
        for part in node.parts:
            yield from leaves(part)
    else:
        yield node


def fields_of(node: Node) -> tuple[str, ...]:
    """The fields that a rule rests on, each once, in their order."""
    found: dict[str, None] = {}
    for leaf in leaves(node):
        found[leaf.field] = None
        if isinstance(leaf, Condition) and isinstance(leaf.operand, OtherField):
            found[leaf.operand.field] = None
    return tuple(found)


def spec_of(code: Any, *, catalogue: Catalogue, place: str) -> FieldSpec:
    """The field of that code; raises `BadRule` naming it and what is near."""
    if isinstance(code, str) and code in catalogue:
        return catalogue[code]
    near = difflib.get_close_matches(str(code), catalogue, n=2)
    hint = f"Did you mean {' or '.join(repr(one) for one in near)}?" if near else "Choose a field from the list."
    raise BadRule(f"{place}: there is no field {str(code)[:60]!r}.", hint=hint)


def _node(rule: Any, *, catalogue: Catalogue, depth: int, place: str) -> Node:
    if not isinstance(rule, Mapping) or not rule:
        raise BadRule(
            f"{place} is not a condition.", hint="Write {'field': ..., 'at_least': ...} or 'all', 'any', 'not'."
        )
    if depth > _DEEPEST:
        raise BadRule(f"{place} is nested more than {_DEEPEST} deep.", hint="Make a segment of the inner part.")
    kinds = [key for key in ("all", "any", "not") if key in rule]
    if not kinds:
        return _leaf(rule, catalogue=catalogue, place=place)
    kind = kinds[0]
    if len(rule) > 1:
        raise BadRule(
            f"{place} has more than '{kind}' in it.", hint="One group holds one of 'all', 'any', 'not' alone."
        )
    parts = [rule["not"]] if kind == "not" else rule[kind]
    if not isinstance(parts, list | tuple) or not parts:
        raise BadRule(f"{place}: '{kind}' is empty.", hint="Add a condition to it, or take the group away.")
    inner = (
        _node(part, catalogue=catalogue, depth=depth + 1, place=f"{place}.{kind}[{number}]")
        for number, part in enumerate(parts, start=1)
    )
    return Group(kind, tuple(inner))


def _leaf(rule: Mapping[str, Any], *, catalogue: Catalogue, place: str) -> Condition | Bought:
    spec = spec_of(rule.get("field"), catalogue=catalogue, place=place)
    if spec.kind in ("product", "category"):
        return _bought(rule, spec=spec, place=place)
    operators = [key for key in rule if key != "field"]
    if len(operators) != 1 or operators[0] not in OPERATORS[spec.kind]:
        said = ", ".join(map(str, operators)) or "nothing"
        raise BadRule(
            f"{place}: the field '{spec.code}' ({spec.kind}) cannot be asked {said!r}.",
            hint=f"Use one of: {', '.join(OPERATORS[spec.kind])}.",
        )
    operator = operators[0]
    operand = _operand(rule[operator], spec=spec, operator=operator, catalogue=catalogue, place=place)
    return Condition(spec.code, spec.kind, operator, operand)


def _operand(value: Any, *, spec: FieldSpec, operator: str, catalogue: Catalogue, place: str) -> Any:
    where = f"{place}: '{spec.code}' {operator}"
    if operator == "known" or spec.kind == "flag":
        if not isinstance(value, bool):
            raise BadRule(f"{where} takes true or false, not {value!r}.", hint="Write true or false.")
        return value
    if spec.kind in COMPARABLE:
        return _amount(value, spec=spec, operator=operator, catalogue=catalogue, where=where)
    if spec.kind == "date":
        return _day(value, operator=operator, where=where)
    if operator in ("in", "not_in"):
        return _names(value, where=where)
    return _text(value, where=where)


def _amount(value: Any, *, spec: FieldSpec, operator: str, catalogue: Catalogue, where: str) -> Any:
    if isinstance(value, Mapping):
        if operator not in _COMPARED or not set(value) <= {"field", "times"}:
            raise BadRule(
                f"{where} cannot be compared with {dict(value)!r}.", hint="Write {'field': ..., 'times': 1.5}."
            )
        other = spec_of(value.get("field"), catalogue=catalogue, place=where)
        if other.kind not in COMPARABLE or (other.kind == "money") != (spec.kind == "money"):
            raise BadRule(
                f"{where}: '{other.code}' is {other.kind}, which cannot be compared.", hint="Choose another field."
            )
        return OtherField(other.code, float(_number(value.get("times", 1), where=where)))
    if operator == "between":
        low, high = _pair(value, where=where)
        low, high = _number(low, where=where), _number(high, where=where)
        if low > high:
            raise BadRule(f"{where}: {low} is more than {high}.", hint="Put the smaller one first.")
        return (low, high)
    return _number(value, where=where)


def _day(value: Any, *, operator: str, where: str) -> Any:
    if operator.endswith("days"):
        number = _number(value, where=where)
        if not isinstance(number, int) or not 0 <= number <= _MOST_DAYS:
            raise BadRule(f"{where} takes whole days, not {value!r}.", hint=f"From 0 to {_MOST_DAYS}.")
        return number
    if operator == "between":
        first, last = (_date(one, where=where) for one in _pair(value, where=where))
        if first > last:
            raise BadRule(f"{where}: {first} is after {last}.", hint="Put the earlier day first.")
        return (first, last)
    return _date(value, where=where)


def _bought(rule: Mapping[str, Any], *, spec: FieldSpec, place: str) -> Bought:
    window_name = "last_days" if spec.kind == "product" else "last_months"
    strange = sorted(set(map(str, rule)) - {"field", "in", window_name, "measure", "at_least"})
    where = f"{place}: '{spec.code}'"
    if strange:
        raise BadRule(f"{where} knows no {strange[0]!r}.", hint=f"It takes in, {window_name}, measure and at_least.")
    window = rule.get(window_name)
    if window is not None and (
        isinstance(window, bool) or not isinstance(window, int) or not 1 <= window <= _MOST_DAYS
    ):
        raise BadRule(f"{where}: {window_name} is a whole number, not {window!r}.", hint="For example 6.")
    measure = rule.get("measure", "days")
    if measure not in MEASURES:
        raise BadRule(f"{where} cannot be measured in {measure!r}.", hint=f"Use one of {', '.join(MEASURES)}.")
    least = _number(rule.get("at_least", 1), where=where)
    if least <= 0:
        raise BadRule(f"{where}: at_least is above 0, not {least}.", hint="For 'has not bought' put it inside 'not'.")
    return Bought(spec.code, spec.kind, _names(rule.get("in"), where=where), window, measure, least)


def _number(value: Any, *, where: str) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > 1e15:
        raise BadRule(f"{where} takes a number, not {str(value)[:60]!r}.", hint="Write it without unit, for example 3.")
    return value


def _date(value: Any, *, where: str) -> date:
    try:
        found = value if type(value) is date else date.fromisoformat(str(value))
    except ValueError as error:
        raise BadRule(f"{where} takes a day, not {str(value)[:60]!r}.", hint="Write it as 2026-11-23.") from error
    return found


def _pair(value: Any, *, where: str) -> tuple[Any, Any]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise BadRule(f"{where} takes two values.", hint="For example [2, 5].")
    return value[0], value[1]


def _names(value: Any, *, where: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= _MOST_VALUES:
        raise BadRule(f"{where} takes a list of 1 to {_MOST_VALUES} names.", hint="For example [纸品, 个人护理].")
    return tuple(dict.fromkeys(_text(one, where=where) for one in value))


def _text(value: Any, *, where: str) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST_TEXT or not value.isprintable():
        raise BadRule(f"{where} takes a text, not {str(value)[:60]!r}.", hint=f"1 to {_LONGEST_TEXT} letters.")
    return value

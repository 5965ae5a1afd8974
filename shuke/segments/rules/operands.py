"""What a condition compares with: each operand checked by the kind of its field."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from shuke.segments.rules.tree import COMPARABLE, BadRule, Catalogue, OtherField, spec_of
from shuke.segments.values import FieldSpec

_COMPARED = ("at_least", "at_most", "more_than", "less_than")
_MOST_VALUES, _LONGEST_TEXT, MOST_DAYS = 200, 200, 36_500


def operand_of(value: Any, *, spec: FieldSpec, operator: str, catalogue: Catalogue, place: str) -> Any:
    """The operand of a condition, checked by the kind of its field and the operator; raises `BadRule`."""
    where = f"{place}: '{spec.code}' {operator}"
    if operator == "known" or spec.kind == "flag":
        if not isinstance(value, bool):
            raise BadRule(
                f"{where} takes true or false, not {value!r}.",
                hint="Write true or false.",
                zh=f"“{spec.words['zh']}”只能选是或否。",
            )
        return value
    if spec.kind in COMPARABLE:
        return _amount(value, spec=spec, operator=operator, catalogue=catalogue, where=where)
    if spec.kind == "date":
        return _day(value, operator=operator, where=where)
    if operator in ("in", "not_in"):
        return names_of(value, where=where)
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
                f"{where}: '{other.code}' is {other.kind}, which cannot be compared.",
                hint="Choose another field.",
                zh=f"“{spec.words['zh']}”不能和“{other.words['zh']}”比较，请换一个字段。",
            )
        return OtherField(other.code, float(number_of(value.get("times", 1), where=where)))
    if operator == "between":
        low, high = _pair(value, where=where)
        low, high = number_of(low, where=where), number_of(high, where=where)
        if low > high:
            raise BadRule(
                f"{where}: {low} is more than {high}.",
                hint="Put the smaller one first.",
                zh=f"“{spec.words['zh']}”的范围里，小的数要写在前面。",
            )
        return (low, high)
    return number_of(value, where=where)


def _day(value: Any, *, operator: str, where: str) -> Any:
    if operator.endswith("days"):
        number = number_of(value, where=where)
        if not isinstance(number, int) or not 0 <= number <= MOST_DAYS:
            raise BadRule(
                f"{where} takes whole days, not {value!r}.",
                hint=f"From 0 to {MOST_DAYS}.",
                zh=f"天数要填 0 到 {MOST_DAYS} 之间的整数。",
            )
        return number
    if operator == "between":
        first, last = (_date(one, where=where) for one in _pair(value, where=where))
        if first > last:
            raise BadRule(
                f"{where}: {first} is after {last}.",
                hint="Put the earlier day first.",
                zh="日期范围里，早的日期要写在前面。",
            )
        return (first, last)
    return _date(value, where=where)


def number_of(value: Any, *, where: str) -> int | float:
    """A finite number; raises `BadRule`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e15 or math.isnan(value):
        raise BadRule(
            f"{where} takes a number, not {str(value)[:60]!r}.",
            hint="Write it without unit, for example 3.",
            zh="这里要填一个数字，比如 3。",
        )
    return value


def _date(value: Any, *, where: str) -> date:
    try:
        found = value if type(value) is date else date.fromisoformat(str(value))
    except ValueError as error:
        raise BadRule(
            f"{where} takes a day, not {str(value)[:60]!r}.",
            hint="Write it as 2026-11-23.",
            zh="日期请写成 2026-11-23 这样。",
        ) from error
    return found


def _pair(value: Any, *, where: str) -> tuple[Any, Any]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise BadRule(f"{where} takes two values.", hint="For example [2, 5].", zh="这里要填两个数，比如 2 和 5。")
    return value[0], value[1]


def names_of(value: Any, *, where: str) -> tuple[str, ...]:
    """A list of distinct texts; raises `BadRule`."""
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= _MOST_VALUES:
        raise BadRule(
            f"{where} takes a list of 1 to {_MOST_VALUES} names.",
            hint="For example [纸品, 个人护理].",
            zh=f"请选 1 到 {_MOST_VALUES} 个名称。",
        )
    return tuple(dict.fromkeys(_text(one, where=where) for one in value))


def _text(value: Any, *, where: str) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST_TEXT or min(value) < " " or _is_broken(value):
        raise BadRule(
            f"{where} takes a text, not {str(value)[:60]!r}.",
            hint=f"1 to {_LONGEST_TEXT} letters.",
            zh=f"这里要填 1 到 {_LONGEST_TEXT} 个字。",
        )
    return value


def _is_broken(text: str) -> bool:
    """Half a character: JSON can say one, no file or database can hold it."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)

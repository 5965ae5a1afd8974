"""The rule language: a nested dict is read into a tree of checked conditions, or refused with the place and a hint.

    {"all": [...]}, {"any": [...]}, {"not": one}        groups, nested at most six deep
    {"field": "orders", "at_least": 3}                  a condition: one field, one operator, one operand
    {"field": "days_since", "more_than": {"field": "cycle_days", "times": 1.5}}     compared with another field
    {"field": "bought_category", "in": ["纸品"], "last_months": 6, "measure": "days", "at_least": 2}

Money is in minor units, days are whole or not, shares are 0 to 1, dates are ISO texts. A condition on a value that is
not known does not hold; `is_not` and `not_in` are the opposite of `is` and `in`, so they hold for the unknown.
"""

from collections.abc import Mapping
from typing import Any

from shuke.segments.rules.operands import MOST_DAYS, names_of, number_of, operand_of
from shuke.segments.rules.tree import (
    MEASURES,
    OPERATORS,
    BadRule,
    Bought,
    Catalogue,
    Condition,
    Group,
    Node,
    leaves,
    spec_of,
)
from shuke.segments.values import FieldSpec

_DEEPEST, _MOST_CONDITIONS = 6, 60


def parse(rule: Any, *, catalogue: Catalogue) -> Node:
    """A rule as a tree of checked conditions; raises `BadRule` with the place, the field and near names."""
    node = _node(rule, catalogue=catalogue, depth=1, place="rule")
    conditions = sum(1 for _ in leaves(node))
    if conditions > _MOST_CONDITIONS:
        raise BadRule(
            f"The rule has {conditions} conditions.",
            hint=f"Use at most {_MOST_CONDITIONS}; make two segments of it.",
            zh=f"条件有 {conditions} 个，最多 {_MOST_CONDITIONS} 个；请拆成两个人群。",
        )
    return node


def _node(rule: Any, *, catalogue: Catalogue, depth: int, place: str) -> Node:
    if not isinstance(rule, Mapping) or not rule:
        raise BadRule(
            f"{place} is not a condition.",
            hint="Write {'field': ..., 'at_least': ...} or 'all', 'any', 'not'.",
            zh="这里还不是一个条件。",
        )
    if depth > _DEEPEST:
        raise BadRule(
            f"{place} is nested more than {_DEEPEST} deep.",
            hint="Make a segment of the inner part.",
            zh="条件套得太深了，最多六层；请把里面的部分另建一个人群。",
        )
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
        raise BadRule(
            f"{place}: '{kind}' is empty.",
            hint="Add a condition to it, or take the group away.",
            zh="这一组里还没有条件；请加一个条件，或去掉这一组。",
        )
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
            zh=f"“{spec.words['zh']}”不能这样比较，请换一种比较方式。",
        )
    operator = operators[0]
    operand = operand_of(rule[operator], spec=spec, operator=operator, catalogue=catalogue, place=place)
    return Condition(spec.code, spec.kind, operator, operand)


def _bought(rule: Mapping[str, Any], *, spec: FieldSpec, place: str) -> Bought:
    window_name = "last_days" if spec.kind == "product" else "last_months"
    strange = sorted(set(map(str, rule)) - {"field", "in", window_name, "measure", "at_least"})
    where = f"{place}: '{spec.code}'"
    if strange:
        raise BadRule(f"{where} knows no {strange[0]!r}.", hint=f"It takes in, {window_name}, measure and at_least.")
    window = rule.get(window_name)
    if window is not None and (isinstance(window, bool) or not isinstance(window, int) or not 1 <= window <= MOST_DAYS):
        raise BadRule(
            f"{where}: {window_name} is a whole number, not {window!r}.",
            hint="For example 6.",
            zh="时间范围要填整数，比如 6。",
        )
    measure = rule.get("measure", "days")
    if measure not in MEASURES:
        raise BadRule(f"{where} cannot be measured in {measure!r}.", hint=f"Use one of {', '.join(MEASURES)}.")
    least = number_of(rule.get("at_least", 1), where=where)
    if least <= 0:
        raise BadRule(
            f"{where}: at_least is above 0, not {least}.",
            hint="For 'has not bought' put it inside 'not'.",
            zh="次数、件数或金额要大于 0；想找没买过的人，请用“不符合”。",
        )
    return Bought(spec.code, spec.kind, names_of(rule.get("in"), where=where), window, measure, least)

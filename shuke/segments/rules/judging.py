"""A rule judged for one person in plain Python: the oracle of the SQL, and the answer to why in and why out."""

import operator as operators
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shuke.segments.rules.statements import window_start
from shuke.segments.rules.tree import Bought, Condition, Group, Node, OtherField

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """What is known of one person: a row of `segment_facts` and their rows of the two rollups."""

    row: Row
    products: Sequence[Row] = ()
    months: Sequence[Row] = ()


def holds(node: Node, *, facts: Facts, as_of: date) -> bool:
    """Whether a checked rule holds for one person."""
    if isinstance(node, Group):
        inner = (holds(part, facts=facts, as_of=as_of) for part in node.parts)
        if node.kind == "not":
            return not next(inner)
        return all(inner) if node.kind == "all" else any(inner)
    if isinstance(node, Bought):
        found = measured(node, facts=facts, as_of=as_of)
        return found is not None and found >= node.at_least
    value = facts.row.get(node.field)
    if node.operator == "known":
        return (value is not None) is node.operand
    if node.operator in ("is_not", "not_in"):
        opposite = Condition(node.field, node.kind, {"is_not": "is", "not_in": "in"}[node.operator], node.operand)
        return not _compared(opposite, value=value, row=facts.row, as_of=as_of)
    return _compared(node, value=value, row=facts.row, as_of=as_of)


def measured(node: Bought, *, facts: Facts, as_of: date) -> Any:
    """How much of the named goods the person bought in the window: days, pieces or money; None without a purchase."""
    rows = [row for row in (facts.products if node.kind == "product" else facts.months) if row[node.kind] in node.names]
    if node.window is not None and node.kind == "product":
        rows = [row for row in rows if row["last_on"] is not None and (as_of - row["last_on"]).days <= node.window]
    if node.window is not None and node.kind == "category":
        rows = [row for row in rows if row["month"] >= window_start(node.window, as_of=as_of)]
    column = "net_minor" if node.measure == "net" else node.measure
    return sum(row[column] for row in rows) if rows else None


def _compared(node: Condition, *, value: Any, row: Row, as_of: date) -> bool:
    operand = node.operand
    if value is None:
        return False
    if node.kind == "date":
        return _dated(node.operator, value=value, operand=operand, as_of=as_of)
    if isinstance(operand, OtherField):
        other = row.get(operand.field)
        if other is None:
            return False
        operand = float(other) * operand.times if operand.times != 1 else other
    if node.operator == "between":
        return bool(operand[0] <= value <= operand[1])
    return bool(_ANSWERS[node.operator](value, operand))


_ANSWERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": operators.eq,
    "in": lambda value, names: value in names,
    "contains": operators.contains,
    "at_least": operators.ge,
    "at_most": operators.le,
    "more_than": operators.gt,
    "less_than": operators.lt,
}


def _dated(operator: str, *, value: date, operand: Any, as_of: date) -> bool:
    away: int = (value - as_of).days
    if operator == "last_days":
        return bool(-operand <= away < 0)
    if operator == "next_days":
        return bool(0 <= away < operand)
    if operator == "older_than_days":
        return bool(away < -operand)
    if operator == "between":
        return bool(operand[0] <= value <= operand[1])
    return bool(value > operand if operator == "after" else value < operand)

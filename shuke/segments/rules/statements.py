"""A rule as a SQL condition over `segment_facts f` and the rollups; never null, so that `not` is the complement."""

from datetime import date, timedelta

from shuke.lake.rules import literal
from shuke.segments.rules.tree import Bought, Condition, Group, Node, OtherField

_SIGNS = {"at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<", "is": "="}
ROLLUPS = {"product": "customer_products", "category": "customer_category_months"}
_MEASURED = {"days": "sum(r.days)", "quantity": "sum(r.quantity)", "net": "sum(r.net_minor)"}


def condition_sql(node: Node, *, as_of: date) -> str:
    """The condition of a checked rule; every value in it is a literal of the lake's own making."""
    if isinstance(node, Group):
        inner = [condition_sql(part, as_of=as_of) for part in node.parts]
        return (
            f"(not {inner[0]})"
            if node.kind == "not"
            else f"({(' and ' if node.kind == 'all' else ' or ').join(inner)})"
        )
    if isinstance(node, Bought):
        return _bought(node, as_of=as_of)
    if node.operator == "known":
        return f"(f.{node.field} is {'not ' if node.operand else ''}null)"
    if node.operator in ("is_not", "not_in"):
        return f"(not coalesce({_compared(node, as_of=as_of)}, false))"
    return f"coalesce({_compared(node, as_of=as_of)}, false)"


def window_start(months: int, *, as_of: date) -> date:
    """The first day of the calendar month in which a window of `months` begins; the running month is the last."""
    last = as_of - timedelta(days=1)
    place = last.year * 12 + last.month - months
    return date(max(1, place // 12), place % 12 + 1, 1) if place >= 12 else date(1, 1, 1)


def _compared(node: Condition, *, as_of: date) -> str:
    column, operand = f"f.{node.field}", node.operand
    if node.kind == "date":
        return _dated(column, node.operator, operand=operand, as_of=as_of)
    if node.kind == "flag":
        return f"{column} = {literal(operand)}"
    if isinstance(operand, OtherField):
        return f"{column} {_SIGNS[node.operator]} f.{operand.field} * {_number(operand.times)}"
    if node.operator == "between":
        return f"{column} between {_number(operand[0])} and {_number(operand[1])}"
    if node.kind in ("choice", "text"):
        if node.operator in ("in", "not_in"):
            return f"{column} in {literal(operand)}"
        if node.operator == "contains":
            return f"strpos({column}, {literal(operand)}) > 0"
        return f"{column} = {literal(operand)}"
    return f"{column} {_SIGNS[node.operator]} {_number(operand)}"


def _dated(column: str, operator: str, *, operand: object, as_of: date) -> str:
    if isinstance(operand, int):
        if operator == "next_days":
            return f"{column} >= {literal(as_of)} and {column} < {literal(_days_on(as_of, operand))}"
        start = literal(_days_on(as_of, -operand))
        return (
            f"{column} < {start}"
            if operator == "older_than_days"
            else f"{column} >= {start} and {column} < {literal(as_of)}"
        )
    if isinstance(operand, tuple):
        return f"{column} between {literal(operand[0])} and {literal(operand[1])}"
    return f"{column} {'>' if operator == 'after' else '<'} {literal(operand)}"


def _days_on(day: date, days: int) -> date:
    """`day` and so many days, within what a date can hold."""
    return date.fromordinal(min(date.max.toordinal(), max(1, day.toordinal() + days)))


def _number(value: int | float) -> str:
    return literal(value) if isinstance(value, int) else f"cast({literal(value)} as double)"


def _bought(node: Bought, *, as_of: date) -> str:
    tests = [f"r.{node.kind} in {literal(node.names)}"]
    if node.window is not None and node.kind == "product":
        tests.append(f"r.last_on >= {literal(_days_on(as_of, -node.window))}")
    if node.window is not None and node.kind == "category":
        tests.append(f"r.month >= {literal(window_start(node.window, as_of=as_of))}")
    return (
        f"(f.customer_id in (select r.customer_id from {ROLLUPS[node.kind]} r where {' and '.join(tests)}"
        f" group by r.customer_id having {_MEASURED[node.measure]} >= {_number(node.at_least)}))"
    )

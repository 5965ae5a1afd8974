"""From the tree of a form to a rule, and from a saved rule to the tree; money in major units, shares in per cent."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from shuke.console.segments.tree import Branch, Leaf
from shuke.kernel.money import exponent
from shuke.segments.values import Rule

BOUGHT = ("product", "category")
NUMBERS = ("number", "money", "days", "share")
LISTS = ("in", "not_in")
OTHER = "@field"
NOT_BOUGHT = "not"


class NotYet(ValueError):
    """A condition that is no rule yet; its argument is the code of what is missing."""


def rule_of(tree: Branch, *, kinds: Mapping[str, str], currency: str) -> dict[str, Any]:
    """The rule of a tree whose conditions are all filled in; raises `NotYet`."""
    parts = [
        rule_of(one, kinds=kinds, currency=currency)
        if isinstance(one, Branch)
        else leaf_rule(one, kinds=kinds, currency=currency)
        for one in tree.parts
    ]
    if not parts:
        raise NotYet("empty")
    return {"not": {"any": parts}} if tree.mode == "none" else {tree.mode: parts}


def leaf_rule(leaf: Leaf, *, kinds: Mapping[str, str], currency: str) -> dict[str, Any]:
    """The rule of one condition; raises `NotYet` with what is missing."""
    kind = kinds.get(leaf.code)
    if kind is None:
        raise NotYet("gone" if leaf.code else "field")
    if kind in BOUGHT:
        return _bought(leaf, kind=kind, currency=currency)
    if not leaf.op:
        raise NotYet("value")
    if leaf.op.endswith(OTHER):
        if kinds.get(leaf.other) not in NUMBERS:
            raise NotYet("other")
        times = _number(leaf.a or "1", kind="number", currency=currency)
        return {"field": leaf.code, leaf.op.removesuffix(OTHER): {"field": leaf.other, "times": times}}
    return {"field": leaf.code, leaf.op: _operand(leaf, kind=kind, currency=currency)}


def _operand(leaf: Leaf, *, kind: str, currency: str) -> Any:
    if leaf.op == "known" or kind == "flag":
        return leaf.a != "no"
    if leaf.op in LISTS:
        if not leaf.names:
            raise NotYet("names")
        return list(leaf.names)
    if not leaf.a or (leaf.op == "between" and not leaf.b):
        raise NotYet("value")
    if kind in NUMBERS or leaf.op.endswith("days"):
        typed = "number" if kind == "date" else kind
        first = _number(leaf.a, kind=typed, currency=currency)
        return [first, _number(leaf.b, kind=typed, currency=currency)] if leaf.op == "between" else first
    return [leaf.a, leaf.b] if leaf.op == "between" else leaf.a


def _bought(leaf: Leaf, *, kind: str, currency: str) -> dict[str, Any]:
    if not leaf.names:
        raise NotYet("names")
    rule: dict[str, Any] = {"field": leaf.code, "in": list(leaf.names)}
    if leaf.window:
        if not (leaf.window.isdecimal() and 1 <= int(leaf.window) <= 36_500):
            raise NotYet("number")
        rule["last_days" if kind == "product" else "last_months"] = int(leaf.window)
    rule["measure"] = leaf.measure
    unit = "money" if leaf.measure == "net" else "number"
    rule["at_least"] = _number(leaf.least or "1", kind=unit, currency=currency)
    return {"not": rule} if leaf.op == NOT_BOUGHT else rule


def _number(text: str, *, kind: str, currency: str) -> int | float:
    """A typed number in the unit of rules: minor units, a share of 1, or as it is; full-width digits are read too."""
    try:
        value = Decimal(text.replace(",", "").replace("，", "").rstrip("%％元天次 "))
    except InvalidOperation as error:
        raise NotYet("number") from error
    if not value.is_finite() or (value and value.adjusted() >= 13) or abs(value) > 10**12:
        raise NotYet("number")
    if kind == "money":
        return int(value.scaleb(exponent(currency)).to_integral_value())
    if kind == "share":
        return float(value / 100)
    return int(value) if value == value.to_integral_value() else float(value)


def from_rule(rule: Rule, *, kinds: Mapping[str, str], currency: str) -> Branch:
    """The tree of a saved rule. Fields that are gone stay in it, to be seen and replaced."""
    numbers = iter(range(1, 10_000))
    node = _node(rule, numbers=numbers, kinds=kinds, currency=currency)
    return node if isinstance(node, Branch) else Branch(next(numbers), "all", (node,))


def _node(rule: Rule, *, numbers: Iterator[int], kinds: Mapping[str, str], currency: str) -> Leaf | Branch:
    number = next(numbers)
    if "not" in rule:
        inner = rule["not"]
        if kinds.get(str(inner.get("field"))) in BOUGHT:
            return _shown(inner, number=number, kinds=kinds, currency=currency, op=NOT_BOUGHT)
        parts = inner.get("any", [inner])
        return Branch(number, "none", _parts(parts, numbers=numbers, kinds=kinds, currency=currency))
    for mode in ("all", "any"):
        if mode in rule:
            return Branch(number, mode, _parts(rule[mode], numbers=numbers, kinds=kinds, currency=currency))
    return _shown(rule, number=number, kinds=kinds, currency=currency)


def _parts(
    rules: Sequence[Rule], *, numbers: Iterator[int], kinds: Mapping[str, str], currency: str
) -> tuple[Leaf | Branch, ...]:
    return tuple(_node(one, numbers=numbers, kinds=kinds, currency=currency) for one in rules)


def _shown(rule: Rule, *, number: int, kinds: Mapping[str, str], currency: str, op: str = "") -> Leaf:
    code = str(rule.get("field", ""))
    kind = kinds.get(code, "")
    if kind in BOUGHT or "measure" in rule:
        window = rule.get("last_days", rule.get("last_months"))
        unit = "money" if rule.get("measure") == "net" else "number"
        return Leaf(
            number,
            code=code,
            op=op or "in",
            names=tuple(rule.get("in", ())),
            window=str(window) if window else "",
            measure=str(rule.get("measure", "days")),
            least=_typed(rule.get("at_least", 1), kind=unit, currency=currency),
        )
    operator = next((key for key in rule if key != "field"), "")
    value = rule.get(operator)
    if isinstance(value, Mapping):
        times = _typed(value.get("times", 1), kind="number", currency=currency)
        return Leaf(number, code=code, op=f"{operator}{OTHER}", a=times, other=str(value.get("field", "")))
    if operator in LISTS and isinstance(value, list | tuple):
        return Leaf(number, code=code, op=operator, names=tuple(map(str, value)))
    unit = "number" if operator.endswith("days") else kind
    first, second = value if isinstance(value, list | tuple) and len(value) == 2 else (value, "")
    return Leaf(
        number,
        code=code,
        op=operator,
        a=_typed(first, kind=unit, currency=currency),
        b=_typed(second, kind=unit, currency=currency),
    )


def _typed(value: Any, *, kind: str, currency: str) -> str:
    """A value of a rule as a person would type it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, int | float):
        return str(value if value is not None else "")
    number = Decimal(str(value))
    if kind == "money":
        number = number.scaleb(-exponent(currency))
    elif kind == "share":
        number *= 100
    return f"{number.normalize():f}"

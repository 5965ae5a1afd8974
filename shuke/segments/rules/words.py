"""A rule and its values in words, Chinese or English."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shuke.kernel.money import exponent, symbol
from shuke.segments.rules.tree import COMPARABLE, Bought, Catalogue, Condition, Group, Node, OtherField
from shuke.segments.values import FieldSpec

_ZH = {
    "is": "{f}是{v}",
    "exactly": "{f}正好 {v}",
    "is_not": "{f}不是{v}",
    "in": "{f}是{v}",
    "not_in": "{f}不是{v}",
    "at_least": "{f}至少 {v}",
    "at_most": "{f}最多 {v}",
    "more_than": "{f}超过 {v}",
    "less_than": "{f}少于 {v}",
    "between": "{f}在 {v}到 {w}之间",
    "contains": "{f}里有“{v}”",
    "after": "{f}在 {v} 之后",
    "before": "{f}在 {v} 之前",
    "last_days": "{f}在最近 {v} 天内",
    "next_days": "{f}在今后 {v} 天内",
    "older_than_days": "{f}在 {v} 天以前",
    "known": "{f}有记录",
    "unknown": "{f}没有记录",
}
_EN = {
    "is": "{f} is {v}",
    "exactly": "{f} exactly {v}",
    "is_not": "{f} is not {v}",
    "in": "{f} is {v}",
    "not_in": "{f} is not {v}",
    "at_least": "{f} at least {v}",
    "at_most": "{f} at most {v}",
    "more_than": "{f} more than {v}",
    "less_than": "{f} less than {v}",
    "between": "{f} between {v} and {w}",
    "contains": "{f} contains “{v}”",
    "after": "{f} after {v}",
    "before": "{f} before {v}",
    "last_days": "{f} in the last {v} days",
    "next_days": "{f} in the next {v} days",
    "older_than_days": "{f} more than {v} days ago",
    "known": "{f} is on record",
    "unknown": "{f} is not on record",
}
OPERATOR_WORDS: Mapping[str, tuple[str, str]] = {
    "is": ("是", "is"),
    "is_not": ("不是", "is not"),
    "in": ("是其中之一", "is one of"),
    "not_in": ("都不是", "is none of"),
    "at_least": ("至少", "at least"),
    "at_most": ("最多", "at most"),
    "more_than": ("超过", "more than"),
    "less_than": ("少于", "less than"),
    "between": ("介于", "between"),
    "contains": ("包含", "contains"),
    "after": ("晚于", "after"),
    "before": ("早于", "before"),
    "last_days": ("在最近几天内", "in the last days"),
    "next_days": ("在今后几天内", "in the next days"),
    "older_than_days": ("在多少天以前", "more days ago than"),
    "known": ("有没有记录", "is on record"),
}
_JOIN = {("all", True): "，并且", ("any", True): "，或者", ("all", False): ", and ", ("any", False): ", or "}


def sentence(node: Node, *, catalogue: Catalogue, language: str, currency: str) -> str:
    """A checked rule as one sentence."""
    return _said(node, catalogue=catalogue, zh=language.startswith("zh"), currency=currency, is_top=True)


def shown_value(spec: FieldSpec, *, value: Any, language: str, currency: str) -> str:
    """A person's value of a field as text; a dash where it is not known."""
    zh = language.startswith("zh")
    if value is None:
        return "—"
    return _value(spec, value=value, zh=zh, currency=currency)


def since_words(since: Mapping[str, Any], *, catalogue: Catalogue, language: str) -> str:
    """From which day somebody counts as in, in words; empty for the shop's own segments."""
    zh = language.startswith("zh")
    code = since.get("field") or since.get("ahead")
    if not isinstance(code, str):
        return ""
    name = catalogue[code].words["zh" if zh else "en"]
    moved = next((since[key] for key in ("plus", "after") if isinstance(since.get(key), Mapping)), None)
    if moved is not None:
        other = catalogue[moved["field"]].words["zh" if zh else "en"]
        if moved.get("times", 1) == 1:
            return f"{name}之后，到了“{other}”那天" if zh else f"{name}, then {other}"
        times = f"{float(moved['times']):g}"
        return f"{name}之后，过了“{other}”的 {times} 倍" if zh else f"{name}, then {times} times: {other}"
    if "minus" in since:
        return f"{name}前 {since['minus']} 天" if zh else f"{since['minus']} days before: {name}"
    if "plus" in since:
        return f"{name}后 {since['plus']} 天" if zh else f"{since['plus']} days after: {name}"
    return name


def amount_words(node: Bought, *, amount: Any, language: str, currency: str) -> str:
    """How much somebody bought, in the measure of a condition."""
    if node.measure == "net":
        return money(int(amount), currency=currency)
    units = {"days": ("次", "times"), "quantity": ("件", "pieces")}[node.measure]
    return f"{float(amount):g} {units[0 if language.startswith('zh') else 1]}"


def _said(node: Node, *, catalogue: Catalogue, zh: bool, currency: str, is_top: bool) -> str:
    if isinstance(node, Group):
        inner = [
            _said(part, catalogue=catalogue, zh=zh, currency=currency, is_top=node.kind == "not") for part in node.parts
        ]
        if node.kind == "not":
            return f"不符合（{inner[0]}）" if zh else f"not ({inner[0]})"
        joined = _JOIN[node.kind, zh].join(inner)
        if is_top or len(inner) == 1:
            return joined
        return f"（{joined}）" if zh else f"({joined})"
    if isinstance(node, Bought):
        return _bought(node, zh=zh, currency=currency)
    return _condition(node, catalogue=catalogue, zh=zh, currency=currency)


def _condition(node: Condition, *, catalogue: Catalogue, zh: bool, currency: str) -> str:
    spec = catalogue[node.field]
    name = spec.words["zh" if zh else "en"]
    if node.kind == "flag":
        return name if node.operand else spec.words["no_zh" if zh else "no_en"]
    if node.operator == "known":
        return (_ZH if zh else _EN)["known" if node.operand else "unknown"].format(f=name)
    form, operand = (_ZH if zh else _EN)[_form_of(node)], node.operand
    if isinstance(operand, OtherField):
        return form.replace(" {v}", "{v}" if zh else " {v}").format(
            f=name, v=_other(operand, catalogue=catalogue, zh=zh)
        )
    if node.operator.endswith("_days"):
        return form.format(f=name, v=operand)
    if node.operator == "between":
        low, high = (_value(spec, value=one, zh=zh, currency=currency) for one in operand)
        return form.format(f=name, v=low, w=high)
    if isinstance(operand, tuple):
        named = [_value(spec, value=one, zh=zh, currency=currency) for one in operand]
        last = "、" if zh and node.operator == "not_in" else "或" if zh else " or "
        return form.format(f=name, v=("、" if zh else ", ").join(named[:-1]) + (last if named[1:] else "") + named[-1])
    return form.format(f=name, v=_value(spec, value=operand, zh=zh, currency=currency))


def _form_of(node: Condition) -> str:
    """A number that 'is' something is exactly that."""
    return "exactly" if node.operator == "is" and node.kind in COMPARABLE else node.operator


def _other(operand: OtherField, *, catalogue: Catalogue, zh: bool) -> str:
    name = catalogue[operand.field].words["zh" if zh else "en"]
    if operand.times == 1:
        return f"“{name}”"
    return f"“{name}”的 {operand.times:g} 倍" if zh else f"{operand.times:g} times “{name}”"


def _bought(node: Bought, *, zh: bool, currency: str) -> str:
    goods = "、".join(f"“{name}”" for name in node.names) if zh else " or ".join(f"“{name}”" for name in node.names)
    amount = money(int(node.at_least), currency=currency) if node.measure == "net" else f"{node.at_least:g}"
    if zh:
        least = f"至少 {amount}" + {"days": " 次", "quantity": " 件", "net": ""}[node.measure]
        unit = "天内" if node.kind == "product" else "个月"
        window = f"最近 {node.window} {unit}" if node.window else ""
        after = "（最后一次）" if node.window and node.kind == "product" else ""
        return f"{window}{after}买过{goods}{least}" if window else f"买过{goods}{least}"
    much = {
        "days": f"at least {amount} times",
        "quantity": f"at least {amount} pieces",
        "net": f"for at least {amount}",
    }
    unit = "days" if node.kind == "product" else "months"
    last = "last bought in the last" if node.kind == "product" else "in the last"
    return f"bought {goods} {much[node.measure]}" + (f", {last} {node.window} {unit}" if node.window else "")


def _value(spec: FieldSpec, *, value: Any, zh: bool, currency: str) -> str:
    if isinstance(value, bool):
        return ("是" if value else "否") if zh else ("yes" if value else "no")
    if isinstance(value, date):
        return value.isoformat()
    if spec.kind == "money":
        return money(value, currency=currency)
    if spec.kind == "share":
        return f"{value * 100:.4g}%"
    if spec.kind == "days":
        return f"{value:g} 天" if zh else f"{value:g} days"
    if isinstance(value, int | float):
        return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}"
    chosen = spec.choices.get(value)
    return chosen["zh" if zh else "en"] if chosen else str(value)


def money(minor: int | float, *, currency: str) -> str:
    """An amount of minor units with its sign, decimals only where there are any."""
    whole = minor / 10 ** exponent(currency)
    return f"{symbol(currency)}{whole:,.0f}" if whole == int(whole) else f"{symbol(currency)}{whole:,.2f}"

"""A rule as a tree of conditions, and the trouble of one that cannot be read."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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


class BadRule(ShukeError):
    """A rule that cannot be read; the message names the field or place. `words` says it in the reader's language."""

    def __init__(self, message: str, *, hint: str = "", zh: str = "") -> None:
        super().__init__(message, hint=hint)
        self.zh = zh

    def words(self, language: str) -> str:
        """What is wrong and what to do, in one or two sentences."""
        return self.zh if self.zh and language.startswith("zh") else f"{self} {self.hint}".strip()


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
    zh = f"没有“{str(code)[:60]}”这个字段。"
    named = "或".join(f"“{catalogue[one].words['zh']}”（{one}）" for one in near)
    zh += f"是不是想用{named}？" if near else "请从列表里另选一个字段。"
    raise BadRule(f"{place}: there is no field {str(code)[:60]!r}.", hint=hint, zh=zh)

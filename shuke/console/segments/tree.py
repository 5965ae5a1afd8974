"""A rule as the fields of a form: what was typed is kept as typed, also where it is not a rule yet.

Every node of the tree has a number. `node` tells the shape (`number.parent.kind`, in their order); the other fields of
a node carry its number at their end (`field-3`, `op-3`, `a-3`). Money is typed in major units, shares in per cent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.http import QueryDict

from shuke.kernel.errors import WrongUse

MODES = ("all", "any", "none")
_MOST_NODES = 60
_DEEPEST = 4
_LONGEST = 200


@dataclass(frozen=True)
class Leaf:
    """One condition as typed: field, comparison, and the texts of its values."""

    number: int
    code: str = ""
    op: str = ""
    a: str = ""
    b: str = ""
    names: tuple[str, ...] = ()
    other: str = ""
    window: str = ""
    measure: str = "days"
    least: str = ""


@dataclass(frozen=True)
class Branch:
    """Conditions that must hold all, any, or none."""

    number: int
    mode: str = "all"
    parts: tuple["Leaf | Branch", ...] = field(default=())


def read(form: QueryDict) -> Branch:
    """The tree that a form holds; a form without any gives one empty condition. Raises `WrongUse` for a mangled one."""
    kinds: dict[int, str] = {}
    inside: dict[int, list[int]] = {}
    for text in form.getlist("node")[:_MOST_NODES]:
        number, parent, kind = _shape(text)
        if number in kinds or (parent and kinds.get(parent) != "g") or (not parent and kinds):
            raise WrongUse("The form does not hold a rule.", hint="Reload the page and start again.")
        kinds[number] = kind
        inside.setdefault(parent, []).append(number)
    if not kinds:
        return Branch(1, "all", (Leaf(2),))
    root = inside[0][0]
    if kinds[root] != "g":
        raise WrongUse("The form does not hold a rule.", hint="Reload the page and start again.")
    return _branch(form, number=root, kinds=kinds, inside=inside)


def _shape(text: str) -> tuple[int, int, str]:
    parts = text.split(".")
    if len(parts) != 3 or not all(one.isdecimal() and len(one) < 6 for one in parts[:2]) or parts[2] not in ("g", "c"):
        raise WrongUse("The form does not hold a rule.", hint="Reload the page and start again.")
    return int(parts[0]), int(parts[1]), parts[2]


def _branch(form: QueryDict, *, number: int, kinds: Mapping[int, str], inside: Mapping[int, list[int]]) -> Branch:
    parts = tuple(
        _branch(form, number=one, kinds=kinds, inside=inside) if kinds[one] == "g" else _leaf(form, one)
        for one in inside.get(number, [])
    )
    mode = form.get(f"mode-{number}", "all")
    return Branch(number, mode if mode in MODES else "all", parts)


def _leaf(form: QueryDict, number: int) -> Leaf:
    def told(name: str) -> str:
        return form.get(f"{name}-{number}", "").strip()[:_LONGEST]

    names = [text.strip()[:_LONGEST] for one in form.getlist(f"names-{number}") for text in one.splitlines()]
    picked = [*names, told("pick")]
    return Leaf(
        number=number,
        code=told("field"),
        op=told("op"),
        a=told("a"),
        b=told("b"),
        names=tuple(dict.fromkeys(text for text in picked if text)),
        other=told("other"),
        window=told("window"),
        measure=told("measure") or "days",
        least=told("least"),
    )


def nodes(tree: Branch, parent: int = 0) -> Iterator[tuple[int, int, "Leaf | Branch"]]:
    """Every node with its parent's number, in their order."""
    yield tree.number, parent, tree
    for part in tree.parts:
        if isinstance(part, Branch):
            yield from nodes(part, tree.number)
        else:
            yield part.number, tree.number, part


def changed(tree: Branch, step: str) -> Branch:
    """The tree after a button: `add.N` a condition, `group.N` a group of one condition, `drop.N` a node out of it."""
    verb, _, text = step.partition(".")
    if not text.isdecimal():
        return tree
    number, free = int(text), max(n for n, _parent, _node in nodes(tree)) + 1
    depth = _depth(tree, number)
    if verb == "add" and depth:
        return _added(tree, number, part=Leaf(free))
    if verb == "group" and 0 < depth < _DEEPEST:
        return _added(tree, number, part=Branch(free, "any", (Leaf(free + 1),)))
    return _dropped(tree, number) if verb == "drop" else tree


def _depth(tree: Branch, number: int, *, level: int = 1) -> int:
    """How deep a branch lies, the root being 1; 0 where there is none of that number."""
    if tree.number == number:
        return level
    return max((_depth(part, number, level=level + 1) for part in tree.parts if isinstance(part, Branch)), default=0)


def _added(tree: Branch, number: int, *, part: Leaf | Branch) -> Branch:
    parts = tuple(_added(one, number, part=part) if isinstance(one, Branch) else one for one in tree.parts)
    return replace(tree, parts=(*parts, part) if tree.number == number else parts)


def _dropped(tree: Branch, number: int) -> Branch:
    """The tree without a node; groups that lose their last condition go with it, the root keeps an empty one."""
    kept: list[Leaf | Branch] = []
    for one in tree.parts:
        if one.number == number:
            continue
        left = _dropped(one, number) if isinstance(one, Branch) else one
        if not isinstance(left, Branch) or left.parts:
            kept.append(left)
    return replace(tree, parts=tuple(kept))

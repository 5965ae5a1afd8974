"""The builder as its page shows it: each condition with the widgets that fit its field and comparison."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from shuke.console.segments import translate
from shuke.console.segments.translate import NotYet
from shuke.console.segments.tree import Branch, Leaf
from shuke.segments.values import Field

_MOST_DEEP = 3
_FEW = 15


@dataclass(frozen=True)
class Option:
    """One entry of a choice."""

    value: str
    words: str
    chosen: bool
    off: bool = False


@dataclass(frozen=True)
class LeafView:
    """One condition: `widget` names the part of the template that asks for its values."""

    leaf: Leaf
    parent: int
    groups: tuple[tuple[str, tuple[Option, ...]], ...]
    operators: tuple[Option, ...]
    widget: str
    unit: str
    choices: tuple[Option, ...]
    more: tuple[Option, ...]
    others: tuple[Option, ...]
    measures: tuple[Option, ...]
    trouble: str
    place: int
    in_focus: bool
    is_branch: bool = False


@dataclass(frozen=True)
class BranchView:
    """Conditions that belong together, and how."""

    branch: Branch
    parent: int
    modes: tuple[Option, ...]
    parts: tuple["LeafView | BranchView", ...]
    may_group: bool
    is_root: bool
    is_branch: bool = True


def settled(tree: Branch, *, fields: Mapping[str, Field]) -> Branch:
    """The tree with a comparison and a first choice where a newly chosen field has none yet."""
    parts: list[Leaf | Branch] = []
    for one in tree.parts:
        parts.append(settled(one, fields=fields) if isinstance(one, Branch) else _settled(one, fields.get(one.code)))
    return replace(tree, parts=tuple(parts))


def _settled(leaf: Leaf, found: Field | None) -> Leaf:
    if found is None:
        return leaf
    known = [code for code, _words in _operators(found)]
    op = leaf.op if leaf.op in known or leaf.op.endswith(translate.OTHER) else known[0]
    a = leaf.a
    codes = [code for code, _words in found.choices]
    if op == "known" or found.kind == "flag":
        a = "no" if a == "no" else "yes"
    elif op in ("is", "is_not") and codes and a not in codes:
        a = codes[0]
    return replace(leaf, op=op, a=a)


def _operators(found: Field) -> list[tuple[str, str]]:
    if found.kind in translate.BOUGHT:
        return [("in", _("bought")), (translate.NOT_BOUGHT, _("did not buy"))]
    operators = list(found.operators)
    if found.kind in translate.NUMBERS:
        operators += [
            (f"more_than{translate.OTHER}", _("more than (times) another field")),
            (f"less_than{translate.OTHER}", _("less than (times) another field")),
        ]
    return operators


def view(
    tree: Branch,
    *,
    fields: Sequence[Field],
    currency: str,
    checked: bool,
    parent: int = 0,
    deep: int = 1,
    focus: int = 0,
) -> BranchView:
    """The tree with its widgets; with `checked` conditions that are not filled in yet say so.

    `focus` is the number of the condition where typing goes on.
    """
    known = {one.code: one for one in fields}
    parts: list[LeafView | BranchView] = []
    for place, one in enumerate(tree.parts, start=1):
        if isinstance(one, Branch):
            inner = view(
                one,
                fields=fields,
                currency=currency,
                checked=checked,
                parent=tree.number,
                deep=deep + 1,
                focus=focus,
            )
            parts.append(inner)
        else:
            shown = _leaf_view(one, tree.number, known=known, currency=currency, checked=checked, place=place)
            parts.append(replace(shown, in_focus=one.number == focus))
    words = {"all": _("all of these hold"), "any": _("at least one of these holds"), "none": _("none of these holds")}
    return BranchView(
        branch=tree,
        parent=parent,
        modes=tuple(Option(code, text, code == tree.mode) for code, text in words.items()),
        parts=tuple(parts),
        may_group=deep < _MOST_DEEP,
        is_root=deep == 1,
    )


def _leaf_view(
    leaf: Leaf, parent: int, *, known: Mapping[str, Field], currency: str, checked: bool, place: int
) -> LeafView:
    found = known.get(leaf.code)
    operators = _operators(found) if found else []
    if leaf.op.endswith(translate.OTHER) and leaf.op not in dict(operators):
        operators.append((leaf.op, _("compared with another field")))
    choices = found.choices if found else ()
    few = 0 < len(choices) <= _FEW
    return LeafView(
        leaf=leaf,
        parent=parent,
        groups=_groups(known, leaf.code),
        operators=tuple(Option(code, text, code == leaf.op) for code, text in operators),
        widget=_widget(leaf, found),
        unit=_unit(leaf, found, currency=currency),
        choices=_choices(leaf, choices, few=few),
        more=() if few else tuple(Option(code, text, False) for code, text in choices if code not in leaf.names),
        others=tuple(
            Option(one.code, one.name, one.code == leaf.other)
            for one in known.values()
            if found and one.kind in translate.NUMBERS and (one.kind == "money") == (found.kind == "money")
        ),
        measures=_measures(leaf),
        trouble=_trouble(leaf, known=known, currency=currency) if checked or _is_gone(leaf, found) else "",
        place=place,
        in_focus=False,
    )


def _groups(known: Mapping[str, Field], chosen: str) -> tuple[tuple[str, tuple[Option, ...]], ...]:
    """All fields under the words of their groups; those without data can be seen and not chosen."""
    made: dict[str, list[Option]] = {}
    for one in known.values():
        words = one.name if one.available else _("%(name)s (no data)") % {"name": one.name}
        made.setdefault(one.group_name, []).append(Option(one.code, words, one.code == chosen, not one.available))
    return tuple((name, tuple(options)) for name, options in made.items())


def _choices(leaf: Leaf, choices: Sequence[tuple[str, str]], *, few: bool) -> tuple[Option, ...]:
    """What can be ticked: all of a few choices; of many only what was picked already."""
    words = dict(choices)
    if leaf.op in ("is", "is_not"):
        return tuple(Option(code, text, code == leaf.a) for code, text in choices)
    shown = list(words) if few else []
    every = dict.fromkeys([*shown, *leaf.names])
    return tuple(Option(code, words.get(code, code), code in leaf.names) for code in every)


def _measures(leaf: Leaf) -> tuple[Option, ...]:
    words = {"days": _("times (days of purchase)"), "quantity": _("pieces"), "net": _("of money")}
    return tuple(Option(code, text, code == leaf.measure) for code, text in words.items())


def _widget(leaf: Leaf, found: Field | None) -> str:
    """Which inputs ask for the values of a condition."""
    if found is None:
        return ""
    if found.kind in translate.BOUGHT:
        return "bought"
    if leaf.op.endswith(translate.OTHER):
        return "other"
    if leaf.op == "known":
        return "known"
    if found.kind == "flag":
        return "flag"
    if leaf.op in translate.LISTS:
        return "names" if found.choices else "lines"
    if leaf.op.endswith("days") or found.kind in translate.NUMBERS:
        return "pair" if leaf.op == "between" else "amount"
    if found.kind == "date":
        return "dates" if leaf.op == "between" else "date"
    return "one" if found.choices and leaf.op in ("is", "is_not") else "text"


def _unit(leaf: Leaf, found: Field | None, *, currency: str) -> str:
    if found is None:
        return ""
    if leaf.op.endswith("days") or found.kind in ("days", "product"):
        return _("days")
    if found.kind == "category":
        return _("months")
    if found.kind == "share":
        return "%"
    return _("yuan") if found.kind == "money" and currency == "CNY" else currency if found.kind == "money" else ""


def _is_gone(leaf: Leaf, found: Field | None) -> bool:
    return bool(leaf.code) and (found is None or not found.available)


def _trouble(leaf: Leaf, *, known: Mapping[str, Field], currency: str) -> str:
    """What is missing in a condition, in the reader's language; empty where it is whole."""
    found = known.get(leaf.code)
    if found and not found.available:
        return found.needs or _("There are no data for this field yet: the condition holds for nobody.")
    try:
        translate.leaf_rule(leaf, kinds={one.code: one.kind for one in known.values()}, currency=currency)
    except NotYet as missing:
        return _missing(str(missing), leaf.code)
    return ""


def _missing(what: str, code: str) -> str:
    words = {
        "field": _("Choose what this condition is about."),
        "gone": _("The field “%(code)s” does not exist any more. Choose another one, or remove the condition.")
        % {"code": code},
        "value": _("Fill in a value."),
        "number": _("Write a number here."),
        "names": _("Choose at least one."),
        "other": _("Choose the field to compare with."),
        "empty": _("Add at least one condition."),
    }
    return words.get(what, what)


def first_trouble(tree: BranchView) -> str:
    """The first thing that is missing, for the panel beside the rule."""
    for part in tree.parts:
        words = first_trouble(part) if isinstance(part, BranchView) else part.trouble
        if words:
            return words
    return "" if tree.parts else _missing("empty", "")

"""The builder of own segments: what is typed becomes a rule and a rule becomes what was typed; nothing is lost."""

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from shuke.console.segments import translate
from shuke.console.segments.translate import NotYet
from shuke.console.segments.tree import Branch, Leaf, changed, nodes, read
from shuke.kernel.errors import WrongUse
from shuke.segments.adapters import catalogue
from shuke.segments.models import OwnSegment
from shuke.segments.rules import OPERATORS, parse
from tests.console.conftest import Browser

KINDS = {code: spec.kind for code, spec in catalogue().items() if not spec.is_shop}
_TEXT = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)
_DAYS = st.dates().map(str)
_OF = {kind: sorted(code for code, one in KINDS.items() if one == kind) for kind in set(KINDS.values())}


def _number(kind: str) -> st.SearchStrategy[int | float]:
    if kind == "share":
        return st.integers(0, 1000).map(lambda n: n / 1000)
    return st.integers(-1_000_000, 100_000_000) if kind == "money" else st.integers(0, 10_000)


def _operand(kind: str, operator: str) -> st.SearchStrategy[Any]:
    if operator == "known" or kind == "flag":
        return st.booleans()
    if operator in ("in", "not_in"):
        return st.lists(_TEXT, min_size=1, max_size=4, unique=True)
    if operator.endswith("days"):
        return st.integers(0, 3650)
    one = _DAYS if kind == "date" else _number(kind) if kind in translate.NUMBERS else _TEXT
    return st.lists(one, min_size=2, max_size=2).map(sorted) if operator == "between" else one


@st.composite
def _leaves(draw: st.DrawFn) -> dict[str, Any]:
    code = draw(st.sampled_from(sorted(KINDS)))
    kind = KINDS[code]
    if kind in translate.BOUGHT:
        window = {"last_days" if kind == "product" else "last_months": draw(st.integers(1, 36))}
        rule: dict[str, Any] = {"field": code, "in": draw(st.lists(_TEXT, min_size=1, max_size=3, unique=True))}
        rule |= window if draw(st.booleans()) else {}
        rule |= {"measure": draw(st.sampled_from(["days", "quantity", "net"])), "at_least": draw(st.integers(1, 500))}
        return {"not": rule} if draw(st.booleans()) else rule
    if kind in translate.NUMBERS and draw(st.booleans()):
        others = [one for same in translate.NUMBERS if (same == "money") == (kind == "money") for one in _OF[same]]
        other = {"field": draw(st.sampled_from(others)), "times": draw(st.sampled_from([1, 1.5, 2, 0.25]))}
        return {"field": code, draw(st.sampled_from(["more_than", "less_than", "at_least"])): other}
    operator = draw(st.sampled_from(OPERATORS[kind]))
    return {"field": code, operator: draw(_operand(kind, operator))}


def _groups(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    parts = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        parts.map(lambda p: {"all": p}), parts.map(lambda p: {"any": p}), parts.map(lambda p: {"not": {"any": p}})
    )


_RULES = _groups(st.one_of(_leaves(), _groups(_leaves())))


def _form(tree: Branch) -> QueryDict:
    """The form as a browser would send it."""
    form = QueryDict(mutable=True)
    for number, parent, node in nodes(tree):
        form.appendlist("node", f"{number}.{parent}.{'g' if isinstance(node, Branch) else 'c'}")
        if isinstance(node, Branch):
            form[f"mode-{number}"] = node.mode
            continue
        for name in ("a", "b", "op", "other", "window", "measure", "least"):
            form[f"{name}-{number}"] = getattr(node, name)
        form[f"field-{number}"] = node.code
        form.setlist(f"names-{number}", list(node.names))
    return form


@given(_RULES)
def test_a_rule_goes_through_the_form_and_comes_back_the_same(rule: dict[str, Any]) -> None:
    parse(rule, catalogue=catalogue())
    tree = translate.from_rule(rule, kinds=KINDS, currency="CNY")
    sent = read(_form(tree))
    assert sent == tree
    assert translate.rule_of(sent, kinds=KINDS, currency="CNY") == rule


@given(_RULES, st.data())
def test_buttons_add_and_drop_exactly_one_thing(rule: dict[str, Any], data: st.DataObject) -> None:
    tree = translate.from_rule(rule, kinds=KINDS, currency="CNY")
    branches = [number for number, _parent, node in nodes(tree) if isinstance(node, Branch)]
    chosen = data.draw(st.sampled_from(branches))
    before = {number for number, _parent, _node in nodes(tree)}
    more = changed(tree, f"add.{chosen}")
    (new,) = {number for number, _parent, _node in nodes(more)} - before
    assert (new, chosen) in {(number, parent) for number, parent, _node in nodes(more)}
    assert changed(more, f"drop.{new}") == tree


def test_what_is_typed_the_chinese_way_is_read() -> None:
    leaf = Leaf(2, code="net_365_minor", op="at_least", a="１，２００ 元")
    assert translate.leaf_rule(leaf, kinds=KINDS, currency="CNY") == {"field": "net_365_minor", "at_least": 120_000}
    share = Leaf(2, code="discount_depth_share", op="at_least", a="20％")
    assert translate.leaf_rule(share, kinds=KINDS, currency="CNY") == {"field": "discount_depth_share", "at_least": 0.2}


@pytest.mark.parametrize(
    ("leaf", "missing"),
    [
        (Leaf(2), "field"),
        (Leaf(2, code="shoe_size", op="is", a="42"), "gone"),
        (Leaf(2, code="orders", op="at_least"), "value"),
        (Leaf(2, code="orders", op="at_least", a="many"), "number"),
        (Leaf(2, code="orders", op="at_least", a="1e400"), "number"),
        (Leaf(2, code="net_365_minor", op="at_least", a="-1e999999999"), "number"),
        (Leaf(2, code="stage", op="in"), "names"),
        (Leaf(2, code="orders", op="more_than@field", a="2"), "other"),
        (Leaf(2, code="bought_category", op="in", names=("纸品",), window="soon"), "number"),
    ],
)
def test_an_unfinished_condition_says_what_it_lacks(leaf: Leaf, missing: str) -> None:
    with pytest.raises(NotYet, match=missing):
        translate.rule_of(Branch(1, "all", (leaf,)), kinds=KINDS, currency="CNY")


@pytest.mark.parametrize(
    "shape",
    [
        ["1.0.c"],
        ["1.0.g", "2.7.c"],
        ["x"],
        ["1.0.g", "1.0.g"],
        ["1.0.g", "2.1.c", "3.2.c"],
        ["9" * 5000 + ".0.g"],
    ],
)
def test_a_mangled_form_is_refused(shape: list[str]) -> None:
    form = QueryDict(mutable=True)
    form.setlist("node", shape)
    with pytest.raises(WrongUse):
        read(form)


@pytest.mark.parametrize("code", ["../about_to_leave", "about_to_leave", "own_x", "own_" + "9" * 60])
def test_nothing_but_an_own_segment_is_saved_over(code: str, browser: Browser) -> None:
    sent = {"node": ["1.0.g", "2.1.c"], "field-2": "orders", "op-2": "at_least", "a-2": "1", "name": "常客"}
    answer = browser("operator").post("/segments/save/", {**sent, "code": code, "version": "1"})
    assert answer.status_code == 404
    assert not OwnSegment.objects.exists()

"""The rule language: SQL and plain Python give the same people, every rule has words, a value is only a value."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.lake.queries import open_reader
from shuke.segments import queries, rules
from shuke.segments.adapters import catalogue
from tests.predictions.world import AS_OF
from tests.segments.people import NAMES, random_people, random_rule

_SETTINGS = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _judged(tables: dict[str, list[dict[str, Any]]], node: rules.Node) -> set[int]:
    """The people for whom the plain evaluator says yes."""
    found = set()
    for row in tables["segment_facts"]:
        mine = {
            name: [r for r in tables[name] if r["customer_id"] == row["customer_id"]]
            for name in ("customer_products", "customer_category_months")
        }
        facts = rules.Facts(row, products=mine["customer_products"], months=mine["customer_category_months"])
        if rules.holds(node, facts=facts, as_of=AS_OF):
            found.add(row["customer_id"])
    return found


@_SETTINGS
@given(seed=st.integers(0, 10_000))
def test_sql_and_plain_python_give_the_same_people(workspace: Workspace, fill_lake: Any, seed: int) -> None:
    tables = random_people(seed)
    fill_lake(**tables)
    luck = random.Random(seed + 1)
    with open_reader(SYSTEM, workspace) as lake:
        for _ in range(30):
            rule = random_rule(luck)
            node = rules.parse(rule, catalogue=catalogue())
            sql = f"select f.customer_id from segment_facts f where {rules.condition_sql(node, as_of=AS_OF)}"
            expected = _judged(tables, node)
            assert {row["customer_id"] for row in lake.rows(sql)} == expected, rule
            preview = queries.preview(SYSTEM, lake=lake, rule=rule)
            values = {row["customer_id"]: row["year_value_minor"] for row in tables["segment_facts"]}
            assert (preview.people, preview.value_minor) == (len(expected), sum(values[one] for one in expected))
            for language in ("zh-hans", "en"):
                said = queries.rule_sentence(SYSTEM, rule=rule, language=language)
                assert said and not any(brace in said for brace in ("{f}", "{v}", "None"))


def test_why_in_and_why_out_agree_with_the_preview(workspace: Workspace, fill_lake: Any) -> None:
    tables = random_people(5)
    fill_lake(**tables)
    rule = {
        "all": [
            {"field": "orders", "at_least": 3},
            {"any": [{"field": "gender", "is": "女"}, {"field": "bought_category", "in": [NAMES[1]], "at_least": 1}]},
            {"not": {"field": "is_staff", "is": True}},
        ]
    }
    code = save(name="试试", rule=rule)
    with open_reader(SYSTEM, workspace) as lake:
        answers = {
            row["customer_id"]: queries.why(
                SYSTEM, lake=lake, segment=code, customer_id=row["customer_id"], language="zh-hans"
            )
            for row in tables["segment_facts"]
        }
        people = queries.preview(SYSTEM, lake=lake, rule=rule).people
        listed = queries.members(SYSTEM, lake=lake, segment=code, language="zh-hans", limit=1000)
    ins = {customer for customer, answer in answers.items() if answer.is_in}
    assert len(ins) == people > 0 and {row["customer_id"] for row in listed} == ins
    for answer in answers.values():
        assert len(answer.clauses) == 3
        assert answer.is_in == all(clause.holds for clause in answer.clauses)
        assert all(clause.words and clause.value for clause in answer.clauses)


def save(*, name: str, rule: Any) -> str:
    from shuke.segments.actions import save_own

    return save_own(SYSTEM, name=name, rule=rule)


def test_a_quote_is_only_a_letter(workspace: Workspace, fill_lake: Any) -> None:
    tables = random_people(9)
    fill_lake(**tables)
    evil = "x') or 1=1; --"
    with open_reader(SYSTEM, workspace) as lake:
        for operator, operand in (("is", evil), ("in", [evil]), ("contains", evil)):
            assert queries.preview(SYSTEM, lake=lake, rule={"field": "last_product", operator: operand}).people == 0
        named = queries.preview(SYSTEM, lake=lake, rule={"field": "last_product", "is": NAMES[3]}).people
    assert named == sum(row["last_product"] == NAMES[3] for row in tables["segment_facts"])


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ({"field": "order", "at_least": 3}, "'order'"),
        ({"field": "orders", "contains": "3"}, "'orders'"),
        ({"field": "orders", "at_least": "drei"}, "a number"),
        ({"field": "orders", "at_least": float("nan")}, "a number"),
        ({"field": "orders", "at_least": True}, "a number"),
        ({"field": "orders", "at_least": 10**400}, "a number"),
        ({"field": "last_product", "is": "\ud800"}, "a text"),
        ({"field": "orders", "at_least": 1, "at_most": 2}, "cannot be asked"),
        ({"field": "orders", "between": [5, 2]}, "more than"),
        ({"field": "net_minor", "more_than": {"field": "orders"}}, "'orders'"),
        ({"field": "days_since", "more_than": {"field": "cycle"}}, "'cycle'"),
        ({"field": "last_on", "after": "23.11.2026"}, "a day"),
        ({"field": "last_on", "last_days": -1}, "whole days"),
        ({"field": "is_member", "is": "yes"}, "true or false"),
        ({"field": "stage", "in": []}, "a list"),
        ({"field": "stage", "is": "a\nb"}, "a text"),
        ({"field": "bought_category", "in": ["纸品"], "last_days": 3}, "last_days"),
        ({"field": "bought_product", "in": ["纸品"], "at_least": 0}, "above 0"),
        ({"all": []}, "'all' is empty"),
        ({"all": [{"field": "orders", "is": 1}], "any": []}, "more than 'all'"),
        ({}, "not a condition"),
        ("orders > 3", "not a condition"),
        ({"not": {"not": {"not": {"not": {"not": {"not": {"field": "orders", "is": 1}}}}}}}, "deep"),
        ({"any": [{"field": "orders", "is": 1}] * 61}, "61 conditions"),
    ],
)
def test_a_bad_rule_names_its_trouble(rule: Any, named: str) -> None:
    with pytest.raises(rules.BadRule, match=r".") as caught:
        rules.parse(rule, catalogue=catalogue())
    assert named in str(caught.value) and caught.value.hint


def test_a_name_may_hold_any_blank() -> None:
    rule = {"field": "bought_product", "in": ["牛奶　950ml", "a\u00a0b"]}
    assert rules.parse(rule, catalogue=catalogue())


def test_a_field_that_is_gone_has_near_names() -> None:
    with pytest.raises(rules.BadRule) as caught:
        rules.parse({"field": "days_sinse", "at_least": 1}, catalogue=catalogue())
    assert "days_since" in caught.value.hint


@_SETTINGS
@given(seed=st.integers(0, 10_000))
def test_all_segments_in_one_pass_are_each_of_them_alone(workspace: Workspace, fill_lake: Any, seed: int) -> None:
    tables = random_people(seed)
    fill_lake(**tables)
    luck = random.Random(seed)
    texts = {"since": {"field": "last_on"}, "reasons": {"r": {"zh": "{last_product} {last_on}", "en": "{orders}"}}}
    asked = {
        f"s{n}": rules.read_segment(f"s{n}", definition={**texts, "rule": random_rule(luck)}, catalogue=catalogue())
        for n in range(8)
    }
    with open_run(workspace, kind="test") as run:
        sql = rules.members_sql(list(asked.values()), as_of=AS_OF, catalogue=catalogue(), currency="CNY")
        run.write("segment_members", sql=sql)
        found = run.reader().rows("select * from segment_members")
    for code, segment in asked.items():
        mine = [row for row in found if row["segment"] == code]
        assert {row["customer_id"] for row in mine} == _judged(tables, segment.node)
        assert all(row["since_on"] <= AS_OF for row in mine)

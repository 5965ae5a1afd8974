"""The ready segments: each file can be read and said, each finds its people, and what has no data stays off."""

from datetime import date, timedelta
from typing import Any

import pytest

import shuke.predictions.actions as predictions
import shuke.segments.actions as segments
from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.lake.queries import open_reader
from shuke.segments import queries, rules
from shuke.segments.adapters import BadDefinition, catalogue, definition
from shuke.segments.values import SEGMENTS
from tests.predictions.world import AS_OF, coupon, interaction, line, order, profile, random_history, tables_of

SHOP = {"as_of": AS_OF, "timezone": "Asia/Shanghai", "currency": "CNY"}


def _before(days: int) -> date:
    return AS_OF - timedelta(days=days)


@pytest.mark.parametrize("code", SEGMENTS)
def test_every_definition_reads_and_speaks_both_languages(code: str) -> None:
    texts = definition(code)
    segment = rules.read_segment(code, definition=texts, catalogue=catalogue())
    facts = {field: catalogue()[field].kind for field in segment.shown}
    values: dict[str, Any] = {"date": "2026-11-20", "text": "纸巾", "choice": "pos", "share": 0.25}
    shown = {field: values.get(kind, 12) for field, kind in facts.items()}
    for language in ("zh-hans", "en"):
        said = rules.reason_sentence(texts, reason=segment.reason, facts=shown, language=language)
        assert said != texts["what_zh"] and said != texts["what_en"] and "{" not in said
        assert rules.sentence(segment.node, catalogue=catalogue(), language=language, currency="CNY")
    missing = rules.reason_sentence(texts, reason=segment.reason, facts={}, language="en")
    assert missing == texts["what_en"], "a value that is not known gives the meaning, not an error"


def _week(workspace: Workspace) -> dict[str, set[int]]:
    with open_run(workspace, kind="test") as run:
        predictions.build(SYSTEM, run=run, parameters=SHOP)
        segments.build(SYSTEM, run=run, parameters=SHOP)
        run.publish()
        found: dict[str, set[int]] = {code: set() for code in SEGMENTS}
        for row in run.reader().rows("select * from segment_members"):
            found[row["segment"]].add(row["customer_id"])
    return found


def _purchases(customer: int, *backs: int, net: int = 10_000, **other: Any) -> list[dict[str, Any]]:
    return [order(customer, on=_before(back), number=back, net=net, **other) for back in backs]


def _bought(customer: int, *backs: int, product: str = "纸巾", category: str = "纸品") -> list[dict[str, Any]]:
    return [
        line(customer, on=_before(back), product=product, category=category, amount=2_000, number=back)
        for back in backs
    ]


def _shop() -> dict[str, list[dict[str, Any]]]:
    """Forty regulars as a background, and one person for each segment that needs more than purchase days."""
    regulars = {customer: [_before(back + customer) for back in (400, 300, 200, 100, 30)] for customer in range(1, 41)}
    tables = tables_of(regulars)
    buyers = {
        501: _purchases(501, 95, 65, 35),
        502: _purchases(502, 40, 10),
        505: _purchases(505, 50, 20, discount_minor=5_000) + _purchases(505, 80, discount_minor=6_000),
        506: _purchases(506, 300, 200, 100, 50, 10),
        507: _purchases(507, 200, 20, source="youzan"),
    }
    two_channels = [order(c, on=_before(15), number=1, source="youzan") for c in range(1, 20)]
    tables["orders"] += [row for rows in buyers.values() for row in rows] + two_channels
    tables["order_lines"] += [
        *_bought(501, 95, 65, 35),
        *_bought(502, 40),
        {**_bought(502, 20)[0], "refund_minor": 2_000, "product": "毛巾", "category": "毛巾"},
        *[row for c in range(1, 10) for row in _bought(c, 25, product="新香氛", category="类0")],
        *_bought(1, 430, product="货1", category="类1"),
        *_bought(1, 431, product="货2", category="类0"),
        *_bought(506, 24, product="新香氛", category="类0"),
        *_bought(506, 10, product="货2", category="类0"),
        *[row for c in range(1, 12) for row in _bought(c, 24, product="新香皂", category="类0")],
        *[
            row
            for c in range(1, 41)
            for n in range(10)
            for row in _bought(c, 380 + n, product=f"旧{n}", category="类2")
        ],
        *[
            row
            for c in range(1, 41)
            for n in range(10)
            for row in _bought(c, 180 + n, product=f"旧{n}", category="类2")
        ],
    ]
    tables["customer_profiles"] += [
        *(profile(customer) for customer in buyers),
        profile(503, birthday=_before(0).replace(year=1990) + timedelta(days=5)),
        profile(504, registered_on=_before(20), first_seen_on=_before(20)),
    ]
    for row in tables["customer_profiles"]:
        row["birthday"] = row["birthday"] if row["customer_id"] == 503 else date(1990, 6, 1)
    tables["coupons"] = [
        coupon(502, ends=AS_OF + timedelta(days=9), used_at=None),
        coupon(501, ends=AS_OF + timedelta(days=9), used_at=_instant(3), status="used"),
        coupon(503, ends=AS_OF + timedelta(days=20)),
    ]
    tables["interactions"] = [
        interaction(506, kind=kind, on=_before(back), number=back, score=score)
        for kind, back, score in (("survey", 30, 10.0), ("review", 20, 5.0), ("reply", 9, None), ("event", 50, None))
    ]
    tables["customer_stores"] = [
        {"customer_id": row["customer_id"], "store": "滨江店", "reason": "owner"} for row in tables["customer_profiles"]
    ]
    return tables


def _instant(days: int) -> Any:
    from datetime import datetime

    return datetime.combine(_before(days), datetime.min.time())


def test_each_segment_finds_its_person(workspace: Workspace, fill_lake: Any) -> None:
    fill_lake(**_shop())
    found = _week(workspace)
    assert found["replenishment_due"] >= {501}, "every 30 days, the last time 35 days ago"
    assert found["coupon_expiring"] == {502}, "neither the used one nor the one of three weeks"
    assert found["returned_not_replaced"] == {502}
    assert found["birthday"] == {503}
    assert found["new_member_no_purchase"] == {504}
    assert 505 in found["price_sensitive"] and 501 not in found["price_sensitive"]
    assert 506 in found["new_product_fans"]
    assert {506, 501} & found["one_channel"] and not found["one_channel"] & set(range(1, 20))
    with open_reader(SYSTEM, workspace) as lake:
        for code, people in found.items():
            for customer in sorted(people)[:3]:
                answer = queries.why(SYSTEM, lake=lake, segment=code, customer_id=customer, language="zh-hans")
                assert answer.is_in, (code, customer)
            out = next(one for one in (1, 2, 501, 503, 504) if one not in people)
            assert not queries.why(SYSTEM, lake=lake, segment=code, customer_id=out, language="en").is_in


def test_counts_are_equal_wherever_they_stand(workspace: Workspace, fill_lake: Any) -> None:
    tables = _shop()
    for row in tables["customer_profiles"]:
        row["store"] = "滨江店" if row["customer_id"] % 2 else "城西店"
    tables["customer_stores"] = [
        {"customer_id": row["customer_id"], "store": store, "reason": "bought"}
        for row in tables["customer_profiles"]
        for store in ("滨江店", "城西店")
    ]
    fill_lake(**tables)
    exported = _week(workspace)
    manager = Actor(name="店长", role=Role.MANAGER, stores=frozenset({"城西店"}))
    for actor, store in ((SYSTEM, None), (SYSTEM, "城西店"), (manager, None), (manager, "城西店")):
        with open_reader(actor, workspace) as lake:
            for row in queries.segment_list(actor, lake=lake, language="zh-hans", store=store):
                listed = queries.members(actor, lake=lake, segment=row.code, language="en", limit=500, store=store)
                count = queries.member_count(actor, lake=lake, segment=row.code, store=store)
                detail = queries.segment_detail(actor, lake=lake, segment=row.code, language="en", store=store)
                assert row.people == len(listed) == count == detail.row.people
                assert row.people == (detail.trend[-1][1] if detail.trend else 0)
                mine = {c for c in exported[row.code] if (store or actor.stores) is None or c % 2 == 0}
                assert {one["customer_id"] for one in listed} == mine
                assert row.value_minor == sum(one["value_minor"] for one in listed)
                assert all("**" in one["name"] for one in listed if actor is manager)
    assert any(exported.values())


def test_the_change_is_against_the_last_earlier_week(workspace: Workspace, fill_lake: Any) -> None:
    tables = _shop()
    fill_lake(**tables)
    parameters = {**SHOP, "as_of": AS_OF - timedelta(days=7)}
    with open_run(workspace, kind="test") as run:
        predictions.build(SYSTEM, run=run, parameters=parameters)
        segments.build(SYSTEM, run=run, parameters=parameters)
        run.publish()
        rows = run.reader().rows("select segment, count(*) as n from segment_members group by segment")
    before = {row["segment"]: row["n"] for row in rows}
    now = _week(workspace)
    manager = Actor(name="店长", role=Role.MANAGER, stores=frozenset({"滨江店"}))
    for actor in (SYSTEM, manager):
        with open_reader(actor, workspace) as lake:
            for row in queries.segment_list(actor, lake=lake, language="en"):
                assert row.change == (None if row.missing else len(now[row.code]) - before.get(row.code, 0)), row
            detail = queries.segment_detail(actor, lake=lake, segment="birthday", language="en")
            assert [people for _, people in detail.trend][-1] == len(now["birthday"])
    assert now["birthday"] == {503} and before.get("birthday", 0) == 1


def test_what_has_no_data_stays_off_and_says_which_column(workspace: Workspace, fill_lake: Any) -> None:
    history = random_history(4)
    people = [
        profile(c, birthday=None, registered_on=None, is_member=False, store="", associate="") for c in sorted(history)
    ]
    people[0] |= {"birthday": AS_OF, "registered_on": AS_OF}  # only so that the columns have a type
    tables = tables_of(history, profiles=people)
    for row in tables["customer_profiles"]:
        row["customer_id"] = row["customer_id"] if row is not people[0] else 999_999
    people[0]["first_seen_on"] = AS_OF + timedelta(days=5)
    fill_lake(**tables)
    found = _week(workspace)
    off = {"birthday", "new_member_no_purchase", "coupon_expiring", "devoted_invite", "price_sensitive", "one_channel"}
    assert not any(found[code] for code in off)
    with open_reader(SYSTEM, workspace) as lake:
        rows = {row.code: row for row in queries.segment_list(SYSTEM, lake=lake, language="zh-hans")}
        fields = {field.code: field for field in queries.fields(SYSTEM, lake=lake, language="zh-hans")}
        assert queries.why(SYSTEM, lake=lake, segment="birthday", customer_id=2, language="en").is_in is False
    assert off <= {code for code, row in rows.items() if row.missing}
    assert "生日" in rows["birthday"].missing[0] and "券" in rows["coupon_expiring"].missing[0]
    assert not rows["about_to_leave"].missing and not rows["win_back"].missing
    assert not fields["birthday_in_days"].available and "生日" in fields["birthday_in_days"].needs
    assert fields["orders"].available and fields["stage"].choices


@pytest.mark.parametrize("text", ["zh: 2026-13-45\n", "zh: a\x01b\n", "zh: " + "[" * 20_000])
def test_a_file_that_cannot_be_read_is_told_by_its_name(text: str, workspace: Workspace) -> None:
    (workspace.root / "segments").mkdir(exist_ok=True)
    (workspace.root / "segments" / "win_back.yaml").write_text(text, "utf-8")
    with pytest.raises(BadDefinition, match="win_back"):
        definition("win_back")

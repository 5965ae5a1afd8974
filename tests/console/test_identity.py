"""Words about who is who: every code has its word, no pair is called certain, and measured shares say how sure."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shuke.console.customers import show_change, show_history, show_measured, show_pair
from shuke.console.frame import formats, words
from shuke.customers.rules.points import FIELDS
from shuke.customers.values import (
    ConsentChange,
    Event,
    Interval,
    Joint,
    Measured,
    MergePreview,
    Point,
    Reason,
    ReviewPair,
    Side,
    SplitPreview,
)

LEFT = Side(customer_id=11, name="林**", phone="138****6027", sources=("pos",), records=4, orders=3, net_minor=120_000)
RIGHT = replace(LEFT, customer_id=12, name="林*", sources=("tmall",), records=2, orders=1, net_minor=30_000)
PAIR = ReviewPair(
    pair_id="11-12",
    left=LEFT,
    right=RIGHT,
    probability=0.62,
    reason="similar_name",
    joined=False,
    refused=False,
    evidence=(
        Point(field="phone", left="138****6027", right="138****6027", says="for", weight="strong"),
        Point(field="gender", left="female", right="male", says="against", weight="some"),
        Point(field="city", left="杭州", right=None, says="neutral", weight="little"),
    ),
    records=2,
)


@pytest.fixture(autouse=True)
def chinese() -> object:
    with translation.override("zh-hans"):
        yield


def _shown(pair: ReviewPair, *, blind: bool = False) -> show_pair.Shown:
    return show_pair.shown(pair, currency="CNY", language="zh-hans", blind=blind)


def test_every_reason_and_field_has_its_words() -> None:
    codes = {reason.code for reason in Reason}
    assert codes <= set(words.REASONS), codes - set(words.REASONS)
    # These move a record by themselves or tie nothing; no pair waits for them.
    never = {"no_key", "alone", "record", "staff", "test", "pinned"}
    assert codes - never <= set(words.PAIR_KINDS), codes - never - set(words.PAIR_KINDS)
    assert set(words.PAIR_KINDS) == set(words.PAIR_DOUBTS)
    assert set(FIELDS) <= set(words.PAIR_FIELDS), set(FIELDS) - set(words.PAIR_FIELDS)


@given(probability=st.floats(min_value=0, max_value=1))
def test_no_pair_is_called_certain(probability: float) -> None:
    said = formats.pairs_in_hundred(probability, "zh-hans")
    number = int(said.removeprefix("100 对里大约 ").removesuffix(" 对"))
    assert 1 <= number <= 99
    assert abs(number - probability * 100) <= 1


def test_likelier_pairs_get_stronger_words() -> None:
    said = [show_pair.likely(share, language="zh-hans")[0] for share in (0.95, 0.8, 0.6, 0.45, 0.3)]
    assert said == ["几乎可以肯定是同一人", "很可能是同一人", "多半是同一人", "说不准", "多半不是同一人"]


def test_a_pair_says_what_speaks_for_and_against_and_what_an_answer_changes() -> None:
    shown = _shown(PAIR)
    assert [(line.label, line.says, line.mark) for line in shown.lines] == [
        ("手机号", "for", "✓"),
        ("性别", "against", "✕"),
        ("城市", "neutral", "·"),
    ]
    assert shown.lines[0].word == "像同一人（强）"
    assert (shown.lines[1].left, shown.lines[1].right) == ("女士", "先生")
    assert shown.lines[2].right == "—"
    assert shown.if_same == "合成一位顾客，共 4 单、¥1,500。"
    assert "维持两位" in shown.if_different
    alone = _shown(replace(PAIR, right=replace(RIGHT, customer_id=None)))
    assert alone.if_same == "2 条记录归到这位顾客。"
    assert alone.state == "有一边还没归到谁"
    joined = _shown(replace(PAIR, joined=True))
    assert "维持一位" in joined.if_same
    assert "2 条记录" in joined.if_different


def test_a_sample_gives_nothing_away() -> None:
    hidden = replace(PAIR, probability=None, reason="")
    for shown in (_shown(PAIR, blind=True), _shown(hidden)):
        told = (shown.kind, shown.doubt, shown.state, shown.sure, shown.chance, shown.if_same, shown.if_different)
        assert set(told) == {""}
        assert not any("（" in line.word for line in shown.lines)


def test_kinds_stand_by_how_many_wait() -> None:
    kinds = show_pair.kinds({"masked_phone": 3, "similar_name": 9, "email": 0})
    assert [(one.code, one.pairs) for one in kinds] == [("similar_name", 9), ("masked_phone", 3)]
    assert show_pair.kinds({}) == []


def test_measured_shares_name_their_interval() -> None:
    found = Measured(
        labels=60,
        unsure=2,
        precision=Interval(low=0.93, mid=0.98, high=0.994),
        recall=None,
        automatic=None,
        by_band=(),
    )
    (share,) = show_measured.measured(found).shares
    assert share.sentence == "合并了的里面，98%（95% 区间 93% 到 99%）确实是同一人"
    assert show_measured.measured(replace(found, precision=None)).shares == ()


def test_a_merge_says_what_moves_and_what_contradicts() -> None:
    preview = MergePreview(
        survivor=LEFT,
        goes=RIGHT,
        orders=1,
        net_minor=30_000,
        currency="CNY",
        identifiers=2,
        consents=(ConsentChange("wecom", "marketing", left="granted", right="withdrawn", after="withdrawn"),),
        tasks=2,
        doubles=1,
        contradictions=("birthday", "apart"),
    )
    shown = show_change.merging(preview, language="zh-hans")
    assert shown.moves[0] == "1 单，¥300"
    assert any("1 个任务会取消" in text for text in shown.moves)
    assert shown.consents[0].after == "已撤回"
    assert shown.against[0] == "两个生日"
    assert shown.replaces
    assert not show_change.merging(replace(preview, contradictions=()), language="zh-hans").replaces


def test_a_split_says_who_keeps_the_id_and_whose_the_past_is() -> None:
    preview = SplitPreview(
        customer_id=11,
        keeps=LEFT,
        leaves=replace(RIGHT, customer_id=None),
        keeps_id="keeps",
        restores=12,
        joint=(Joint("tasks", 2, "keeps"), Joint("orders", 4, "records")),
        undoes=(7,),
    )
    shown = show_change.parting(preview, currency="CNY", language="zh-hans")
    assert (shown.stays.fate, shown.goes.fate) == ("保留编号", "用回原来的编号")
    assert shown.joint == ("2 个任务留给保留编号的那一位", "4 笔订单跟着各自的来源记录走")
    other = show_change.parting(replace(preview, keeps_id="leaves", restores=None), currency="CNY", language="zh-hans")
    assert (other.stays.fate, other.goes.fate) == ("得到新编号", "保留编号")


def test_the_life_of_an_id_offers_its_way_back() -> None:
    merged = Event(
        at=datetime(2026, 11, 20, 3, tzinfo=UTC),
        kind="merged",
        customer_id=12,
        other_id=11,
        records=2,
        reason="merge",
        evidence=("phone", "name"),
        rule_version="1",
        run=4,
        by="小林",
        decision_id=7,
    )
    split = replace(merged, at=datetime(2026, 11, 21, 3, tzinfo=UTC), kind="split", decision_id=8)
    made = replace(merged, at=datetime(2026, 11, 1, tzinfo=UTC), kind="created", other_id=None, decision_id=None)
    life = show_history.changes([made, merged, split], customer_id=11, language="zh-hans")
    assert [one.kind for one in life] == ["split", "merged", "created"]
    assert (life[1].unmerge, life[1].again) == (7, None)
    assert (life[0].unmerge, life[0].again) == (None, 12)
    assert (life[2].unmerge, life[2].again) == (None, None)
    assert life[1].text == "12 并入 11"
    assert life[1].note == "手机号、姓名"
    assert date(2026, 11, 20) == life[1].at.date()

"""The library: the shop's own files over the shipped ones, typos with their line, plays that must rest."""

from datetime import time
from pathlib import Path

import pytest

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.plays import queries, rules
from shuke.plays.adapters import DEFINITIONS, BadPlay, load_play, load_policy, parse_play, shipped_plays
from shuke.plays.values import Offer
from shuke.segments.values import SEGMENTS

POLICY = load_policy(DEFINITIONS / "policy.yaml")
TEXT = (DEFINITIONS / "win_back.yaml").read_text("utf-8")


def line_of(text: str) -> int:
    return next(number for number, line in enumerate(TEXT.splitlines(), start=1) if text in line)


def own(workspace: Workspace, code: str, text: str) -> None:
    workspace.plays.mkdir(exist_ok=True)
    (workspace.plays / f"{code}.yaml").write_text(text, "utf-8")


def test_every_ready_segment_has_its_play() -> None:
    assert {play.segment for play in shipped_plays()} == set(SEGMENTS) == {play.code for play in shipped_plays()}


def test_an_own_file_says_only_what_differs(workspace: Workspace) -> None:
    own(
        workspace,
        "win_back",
        "priority: 5\nbest_time: {from: '10:30'}\noffer: {kind: points, zh: 500积分, en: 500 points}\n",
    )
    own(
        workspace,
        "tea_lovers",
        TEXT.replace("segment: win_back", "segment: own_3").replace("priority: 140", "priority: 5"),
    )
    found = queries.library(SYSTEM, workspace=workspace)
    codes = [play.code for play in found]
    assert codes[:2] == ["tea_lovers", "win_back"] and len(codes) == 16
    assert [play.priority for play in found] == list(range(1, 17)), "places, so that nobody is claimed twice"
    changed = found[1]
    assert changed.is_own and changed.file == "plays/win_back.yaml"
    assert (changed.best_time.from_time, changed.best_time.until_time) == (time(10, 30), time(12, 0))
    assert changed.offer == Offer("points", "500积分", "500 points")
    assert changed.scripts == load_play(DEFINITIONS / "win_back.yaml").scripts


@pytest.mark.parametrize(
    ("old", "new", "line", "says", "hints"),
    [
        ("priority: 140", "priorty: 140", "priority: 140", "nobody knows the key 'priorty'", "priority"),
        ("  mid: 0.3", "  mdi: 0.3", "  mid: 0.3", "nobody knows the key 'mdi'", "mid"),
        ("kind: discount", "kind: discont", "kind: discount", "there is no offer 'discont'", "discount"),
        ("owner: headquarters", "owner: boss", "owner:", "there is no owner 'boss'", "associate"),
        ("  low: 0\n", "  low: 0.5\n", "prior:", "out of order", ""),
        ("  mid: 0.3", "  mid: lots", "  mid: 0.3", "is a number, not 'lots'", ""),
        ('from: "10:00"', "from: 10", "best_time:", "in quotes", "quotes"),
        ("weekdays: [5, 6, 7]", "weekdays: [0, 8]", "best_time:", "1 (Monday) to 7", ""),
        ("scripts:\n", "scripts\n", "scripts:", "line", "indentation"),
    ],
)
def test_a_typo_is_told_with_file_and_line(old: str, new: str, line: str, says: str, hints: str) -> None:
    assert TEXT.count(old) >= 1
    with pytest.raises(BadPlay) as raised:
        parse_play(TEXT.replace(old, new, 1), code="win_back")
    assert "win_back.yaml" in str(raised.value) and says in str(raised.value)
    assert hints in raised.value.hint
    assert any(f"line {line_of(line) + n}" in str(raised.value) for n in (0, 1))


def test_a_missing_key_and_a_bad_name_are_told() -> None:
    with pytest.raises(BadPlay, match="lacks 'goal_zh'"):
        parse_play(TEXT.replace("goal_zh:", "# goal_zh:"), code="win_back")
    with pytest.raises(BadPlay, match="cannot be a play's code"):
        parse_play(TEXT, code="Win Back")


def test_a_play_that_cannot_work_rests_with_its_reason(workspace: Workspace) -> None:
    own(workspace, "birthday", "paused: true\n")
    own(workspace, "tea_lovers", TEXT.replace("segment: win_back", "segment: win_bak"))
    plays = queries.library(SYSTEM, workspace=workspace)
    missing = {"coupon_expiring": {"zh": "缺优惠券", "en": "No coupons"}}
    able, idle = rules.working(plays, segments=SEGMENTS, missing=missing)
    assert len(able) == 13 and {one.play.code for one in idle} == {"birthday", "tea_lovers", "coupon_expiring"}
    said = {one.play.code: (one.words("zh-hans"), one.words("en")) for one in idle}
    assert "暂停" in said["birthday"][0] and said["coupon_expiring"] == ("缺优惠券", "No coupons")
    assert "plays/tea_lovers.yaml line 3" in said["tea_lovers"][1] and "'win_back'" in said["tea_lovers"][1]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("全网最低价", "最低价"),
        ("全 网 最 低", "全网最低"),
        ("最·好吃的", "最好"),
        ("顶。。。级", "顶级"),
        ("唯\u200b一", "唯一"),
        ("最{商品}好", ""),
        ("最近好吗", ""),
        ("ＢＥＳＴ price", "best"),
        ("the bestow", ""),
    ],
)
def test_banned_words_are_found_in_disguise(text: str, found: str) -> None:
    assert rules.banned_in(text, words=(*POLICY.banned_words, "best")) == found


def test_bundles_keep_to_the_stacking_rules() -> None:
    birthday = (DEFINITIONS / "birthday.yaml").read_text("utf-8")
    play = parse_play(birthday, code="birthday")
    assert (play.offer.kinds, play.offer.cost_each) == (("service", "points"), 4)
    cases = {
        "kind: points": ("kind: discount", "3.3"),
        "cost_each: 3": ("cost_each: 60", "3.4"),
        "en: a small birthday gift, cost_each: 3": ("en: a small birthday gift, strength_share: 0.3", "3.1"),
    }
    for old, (new, clause) in cases.items():
        assert old in birthday
        changed = parse_play(birthday.replace(old, new), code="birthday")
        settings = [fault.setting for fault in rules.faults(changed, policy=POLICY)]
        assert [POLICY.clause(name) for name in settings] == [clause]


@pytest.mark.parametrize(
    ("share", "zh"), [(0.05, "九五折"), (0.1, "九折"), (0.12, "八八折"), (0.2, "八折"), (0.075, "九二五折")]
)
def test_an_offer_says_its_strength(share: float, zh: str) -> None:
    offer = Offer("discount", "全单{折}", "{off} off", strength_share=share)
    assert (offer.words("zh-hans"), offer.words("en")) == (f"全单{zh}", f"{share * 100:g} % off")


def test_an_older_policy_takes_the_clauses_that_came_later(tmp_path: Path) -> None:
    shipped = (DEFINITIONS / "policy.yaml").read_text("utf-8")
    start, end = shipped.index('  "5.4":'), shipped.index('  "6.1":')
    path = tmp_path / "policy.yaml"
    path.write_text(shipped[:start] + shipped[end:].replace("holdout_share: 0.1", "holdout_share: 0.1"), "utf-8")
    held = load_policy(path)
    assert (held.holdout_share_max, held.proposals_max) == (POLICY.holdout_share_max, POLICY.proposals_max)
    assert held.clauses[held.clause("proposals_max")].line == 0, "it stands in no line of the shop's file"
    path.write_text((shipped[:start] + shipped[end:]).replace("holdout_share: 0.1", "holdout_share: 0.4"), "utf-8")
    assert load_policy(path).holdout_share_max == 0.4

"""The policy file and the plays: a typo names its line, a violation its clause, words are exact."""

from pathlib import Path

import pytest

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.plays import queries, rules
from shuke.plays.adapters import DEFINITIONS, BadPolicy, load_play, load_policy, load_variables
from shuke.plays.values import TONES

SHIPPED = (DEFINITIONS / "policy.yaml").read_text("utf-8")


def edited(tmp_path: Path, *, old: str, new: str) -> Path:
    assert SHIPPED.count(old) >= 1
    path = tmp_path / "policy.yaml"
    path.write_text(SHIPPED.replace(old, new, 1), "utf-8")
    return path


def line_of(text: str) -> int:
    return next(number for number, line in enumerate(SHIPPED.splitlines(), start=1) if text in line)


@pytest.mark.parametrize(
    ("old", "new", "says", "hints"),
    [
        ("holdout_share: 0.1", "holdout_shre: 0.1", "nobody knows the setting 'holdout_shre'", "holdout_share"),
        ("holdout_share: 0.1", "holdout_share: ten", "'holdout_share' is a number from 0.01 to 0.5", ""),
        ("holdout_share: 0.1", "holdout_share: 10", "'holdout_share' is a number from 0.01 to 0.5", ""),
        ("touches_per_7_days: 2", "touches_per_7_days: 2.5", "is a whole number", ""),
        ("[sms, email, phone, wecom_mass]", "[sms, emial]", "there is no channel 'emial'", "email"),
        ('quiet_from: "20:30"', "quiet_from: 20:30", "in quotes", "quotes"),
        ("refusal_closes: true", "refusal_closes: false", "cannot be switched off", "law"),
        ("    staff_excluded: true", "    staff_excluded: maybe", "is true or false", ""),
        ("    minor_age: 18", "   minor_age: 18", "line", "indentation"),
    ],
)
def test_a_typo_is_told_with_its_line(tmp_path: Path, old: str, new: str, says: str, hints: str) -> None:
    with pytest.raises(BadPolicy) as raised:
        load_policy(edited(tmp_path, old=old, new=new))
    assert says in str(raised.value)
    assert hints in raised.value.hint
    number = line_of(old.strip())
    assert any(f"line {n}" in str(raised.value) for n in range(number - 4, number + 2))


def test_a_missing_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadPolicy, match="useful_people"):
        load_policy(edited(tmp_path, old="    useful_people: 100\n", new=""))


def test_an_edit_counts_at_once_and_fills_its_clause(tmp_path: Path) -> None:
    path = edited(tmp_path, old="holdout_share: 0.1", new="holdout_share: 0.25")
    policy = load_policy(path)
    assert policy.holdout_share == 0.25
    assert "25%" in policy.clauses["5.1"].zh and "25%" in policy.clauses["5.1"].en
    path.write_text(SHIPPED, "utf-8")
    assert load_policy(path).holdout_share == 0.1


def test_all_ready_plays_keep_to_the_policy(workspace: Workspace) -> None:
    library = queries.library(SYSTEM, workspace=workspace)
    assert len(library) == 15
    assert [play.priority for play in library] == sorted({play.priority for play in library})
    for play in library:
        assert play.prior.low <= play.prior.mid <= play.prior.high
        for tone in TONES:
            for language in ("zh", "en"):
                said = rules.render(play.scripts[tone][language], values={}, fallbacks=load_variables()[language])
                assert "{" not in said, "a person without a single fact still gets whole words"


def test_a_violation_quotes_its_clause(tmp_path: Path) -> None:
    policy = load_policy(DEFINITIONS / "policy.yaml")
    text = (DEFINITIONS / "about_to_leave.yaml").read_text("utf-8")
    cases = {
        "{称呼}，{门店}给您": ("{称呼}，全 网-最。低，{门店}给您", "clause 6.1"),
        "kind: service": ("kind: coupon", "clause 3.2"),
        'until: "20:00"': ('until: "21:00"', "clause 4.3"),
        "strength_share: 0": ("strength_share: 0.5", "clause 3.1"),
        "找{导购}": ("找{手机号}", "cannot say {手机号}"),
    }
    for number, (old, (new, says)) in enumerate(cases.items()):
        path = tmp_path / f"play{number}.yaml"
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
        with pytest.raises(rules.PlayAgainstPolicy) as raised:
            rules.check_play(load_play(path), policy=policy)
        assert says in f"{raised.value}"


@pytest.mark.parametrize(
    ("name", "gender", "title", "masked"),
    [
        ("陈小燕", "女", "陈女士", "陈女士"),
        ("欧阳娜", "F", "欧阳女士", "欧阳女士"),
        ("陈**", "男", "陈先生", "陈先生"),
        ("王伟", "", "", "王**"),
        ("小太阳", "女", "", "小**"),
        ("tb_8812", "女", "", "t**"),
        (None, "女", "", ""),
        ("阿里巴巴小店", "男", "", "阿**"),
    ],
)
def test_titles_stay_neutral_in_doubt(name: str | None, gender: str, title: str, masked: str) -> None:
    assert rules.title_of(name, gender=gender, language="zh") == title
    assert rules.masked_title(name, gender=gender) == masked


def test_words_are_exact(workspace: Workspace) -> None:
    facts = {"associate": "周敏", "store": "滨江店", "last_product": None, "days_since": 31.2}
    said = queries.words(
        SYSTEM, script="{称呼}，我是{门店}的{导购}，{上次商品}，{天数}天。", facts=facts, title="", language="zh-hans"
    )
    assert said == "您好，我是滨江店的周敏，东西，31天。"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("红豆餐包 6只(2件);冰鲜三文鱼 200g(1件)", "红豆餐包 6只"),
        ("毛巾（1件）", "毛巾"),
        ("五常大米 2.5kg", "五常大米 2.5kg"),
        ("", None),
        (None, None),
    ],
)
def test_one_product_of_a_cell_that_lists_several(cell: str | None, said: str | None) -> None:
    assert rules.first_product(cell) == said


def test_words_to_many_are_short_and_offer_a_way_out(workspace: Workspace) -> None:
    assert rules.tone_for("sms", tone="warm") == "brief"
    assert rules.tone_for("wecom", tone="warm") == "warm"
    for play in queries.library(SYSTEM, workspace=workspace):
        if "sms" in play.channels:
            assert "回复R" in play.scripts["brief"]["zh"] and "Reply R" in play.scripts["brief"]["en"]

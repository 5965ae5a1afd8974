"""What it takes to tell, checked by worlds in which it was done; and the sentences that say it."""

import re
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuke.outcomes import rules
from shuke.outcomes.adapters import definition
from shuke.outcomes.values import ArmSums, StillNeeded

ASKED: dict[str, float] = {"confidence": 0.95, "power": 0.8}


@pytest.mark.parametrize(("base", "lift", "ratio"), [(0.126, 0.3, 4.0), (0.05, 0.5, 9.0), (0.4, 0.15, 1.0)])
def test_so_many_people_do_show_it(base: float, lift: float, ratio: float) -> None:
    """With the number that the formula names, about eight in ten repeats end with an interval above zero."""
    people = rules.people_needed(base, lift=lift, ratio=ratio, **ASKED)
    assert people is not None
    holdout = round(people / (1 + ratio))
    treated = people - holdout
    luck = np.random.default_rng(2)
    ones, twos = luck.binomial(treated, base * (1 + lift), 1_000), luck.binomial(holdout, base, 1_000)
    shown = [
        rules.newcombe(a / treated, b / holdout, treated_size=treated, holdout_size=holdout, confidence=0.95).low > 0
        for a, b in zip(ones, twos, strict=True)
    ]
    assert 0.74 <= np.mean(shown) <= 0.88


@given(
    base=st.floats(0.01, 0.6), lift=st.floats(0.05, 0.6), treated=st.integers(5, 5_000), holdout=st.integers(2, 1_000),
    days=st.integers(1, 28),
)  # fmt: skip
def test_waiting_and_people_agree(base: float, lift: float, treated: int, holdout: int, days: int) -> None:
    found = rules.still_needed(base, treated=treated, holdout=holdout, days=days, most_days=28, lift=lift, **ASKED)
    assert found.more_people is not None and found.more_people >= 0
    if found.more_people == 0:
        assert found.wait_weeks == 0
    elif found.wait_weeks is not None:
        assert days + 7 * found.wait_weeks <= 28
        later = rules.share_after(base, days=days, then=days + 7 * found.wait_weeks)
        needed = rules.people_needed(later, lift=lift, ratio=treated / holdout, **ASKED)
        assert needed is not None and needed <= treated + holdout


def test_nothing_can_be_said_without_a_rate_or_an_expectation() -> None:
    nothing = StillNeeded(wait_weeks=None, more_people=None)
    assert rules.still_needed(0, treated=9, holdout=1, days=7, most_days=28, lift=0.2, **ASKED) == nothing
    assert rules.still_needed(0.1, treated=9, holdout=1, days=7, most_days=28, lift=0, **ASKED) == nothing


def told(*, treated: tuple[int, int], holdout: tuple[int, int], needed: StillNeeded, lift: float = 0.2) -> rules.Told:
    parts = [
        ArmSums("treated", 0.8, treated[1], treated[0], treated[0] * 9_000, treated[0] * 9_000.0**2),
        ArmSums("holdout", 0.2, holdout[1], holdout[0], holdout[0] * 9_000, holdout[0] * 9_000.0**2),
    ]
    compared = rules.compare([p for p in parts if p.people], confidence=0.95, least_buyers=5)
    return rules.Told(
        week=date(2026, 11, 16),
        until=date(2026, 11, 23),
        watch_until=date(2026, 12, 14),
        compared=compared,
        reached=treated[1] * 9 // 10,
        needed=needed,
        expected_share=lift * holdout[0] / max(1, holdout[1]),
        currency_sign="¥",
        unit=100,
    )


def said(found: rules.Told, short: str = "zh") -> tuple[str, str]:
    texts = definition("sentences")
    return rules.sentence(found, texts=texts, short=short), rules.next_step(found, texts=texts, short=short)


def test_cannot_tell_yet_is_said_with_what_it_takes() -> None:
    found = told(treated=(76, 412), holdout=(13, 103), needed=StillNeeded(wait_weeks=2, more_people=1_800))
    sentence, step = said(found)
    assert sentence == (
        "上周安排联系 412 位，联系到 370 位；另有 103 位没联系，作对照。"
        "7 天里每 100 位来了 18.4 位，对照 12.6 位，多来 5.8 位"
        "（95% 区间 -2.7 到 12.3）。现在还看不出来，再等 2 周，或者再多 1,800 人。"
    )
    assert step == "先别下结论，12 月 14 日前每周都会再算一次。"
    english, _ = said(found, "en")
    assert "18.4 in 100" in english and "wait 2 more weeks" in english


def test_each_verdict_has_its_words() -> None:
    none = StillNeeded(None, None)
    more = said(told(treated=(120, 412), holdout=(13, 103), needed=none))
    assert "不是碰巧" in more[0] and "多来了" in more[0] and more[1].startswith("接着做")
    fewer = said(told(treated=(20, 412), holdout=(20, 103), needed=none))
    assert "少来" in fewer[0] and fewer[1].startswith("先停下")
    enough = said(told(treated=(52, 412), holdout=(13, 103), needed=StillNeeded(0, 0)))
    assert "没看出来" in enough[0] and "作用多半比预计的小" in enough[1]
    small = said(told(treated=(2, 40), holdout=(1, 10), needed=StillNeeded(None, 9_000)))
    assert "还要再多 9,000 人" in small[0] and "一年也看不出来" in small[1]
    rounds = said(told(treated=(52, 412), holdout=(13, 103), needed=StillNeeded(None, 1_000)))
    assert "还要做 2 周" in rounds[1]
    alone = said(told(treated=(4, 40), holdout=(0, 0), needed=none))
    assert "没有留对照" in alone[0] and "留一份对照" in alone[1]
    nobody = said(told(treated=(0, 0), holdout=(2, 9), needed=none))
    assert "没有人可以联系" in nobody[0]


def test_every_text_stands_in_both_languages_with_the_same_numbers() -> None:
    def walk(node: object) -> list[dict[str, str]]:
        if not isinstance(node, dict):
            return []
        return [node] if set(node) == {"zh", "en"} else [pair for child in node.values() for pair in walk(child)]

    pairs = walk(definition("sentences"))
    assert len(pairs) > 15
    for pair in pairs:
        names = {language: set(re.findall(r"{(\w+)}", pair[language])) for language in ("zh", "en")}
        assert names["zh"] - {"month", "day"} == names["en"] - {"date"}

"""Texts that would stop the program: each is refused with its line, quickly, and nothing else is read."""

import json
from collections.abc import Callable

import pytest

from shuke.kernel.errors import ShukeError
from shuke.plays.adapters import DEFINITIONS, BadPlay, BadPolicy, load_policy, parse_play, parse_policy
from shuke.plays.rules import check_play, faults
from shuke.plays.rules.words import names_in

POLICY = (DEFINITIONS / "policy.yaml").read_text("utf-8")
PLAY = (DEFINITIONS / "win_back.yaml").read_text("utf-8")
LAUGHS = "a0: &a0 [ha, ha]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
HOSTILE = {
    "aliases": LAUGHS,
    "itself": "zh: &x {en: *x}\n",
    "control": "zh: a\x01b\n",
    "nested": "zh: " + "[" * 50_000,
    "digits": "clauses: {1: {minor_age: " + "9" * 9_000 + "}}\npriority: " + "9" * 9_000,
    "day": "clauses: {1: {minor_age: 2026-13-45}}\npriority: 2026-13-45",
    "object": "zh: !!python/object/apply:os.system [id]\nclauses: {1: !!python/name:os.system x}",
    "key": "? [a]\n: b\n? {c: d}\n: e\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_like_a_typo(text: str) -> None:
    with pytest.raises(BadPolicy):
        parse_policy(text)
    with pytest.raises(BadPlay):
        parse_play(text, code="win_back")


@pytest.mark.parametrize("line", ["priority: .inf", "priority: .nan", "offer: {kind: points, zh: a, cost_each: .nan}"])
def test_numbers_are_finite(line: str) -> None:
    key = line.partition(":")[0]
    rest = PLAY[PLAY.index(f"{key}:") :]
    old = rest[: rest.index("\n")] if key == "priority" else rest[: rest.index("\nbest_time:")]
    with pytest.raises(BadPlay):
        parse_play(PLAY.replace(old, line), code="win_back")


@pytest.mark.parametrize("said", ["{门店:>999999999}", "{门店!r}", "{门店.__class__}", "{门店[0]}", "{门店:{导购}}"])
def test_words_name_values_and_reach_no_further(said: str) -> None:
    with pytest.raises(ValueError, match="only a name"):
        names_in(said)
    old = next(line for line in PLAY.splitlines() if "{门店}" in line)
    play = parse_play(PLAY.replace(old, old.replace("{门店}", said)), code="win_back")
    assert "brace" in next(faults(play, policy=load_policy(DEFINITIONS / "policy.yaml"))).en


@pytest.mark.parametrize(
    ("offer", "says"),
    [("{", "brace"), ("{称呼}", "brace"), ("{0}", "brace"), ("全网最低价", "最低价"), ("全·网·最·低", "全网最低")],
)
def test_an_offer_keeps_to_what_scripts_keep_to(offer: str, says: str) -> None:
    line = next(line for line in PLAY[PLAY.index("\noffer:") :].splitlines() if line.strip().startswith("zh:"))
    play = parse_play(PLAY.replace(line, f"  zh: {json.dumps(offer)}"), code="win_back")
    found = [fault for fault in faults(play, policy=load_policy(DEFINITIONS / "policy.yaml")) if "offer" in fault.path]
    assert found and says in found[0].en


def test_script_and_offer_make_no_banned_word_together() -> None:
    line = next(line for line in PLAY.splitlines() if "{优惠}" in line)
    offer = next(line for line in PLAY[PLAY.index("\noffer:") :].splitlines() if line.strip().startswith("zh:"))
    text = PLAY.replace(line, line.replace("{优惠}", "全网{优惠}")).replace(offer, '  zh: "最低的一次"')
    found = list(faults(parse_play(text, code="win_back"), policy=load_policy(DEFINITIONS / "policy.yaml")))
    assert [fault.setting for fault in found] == ["banned_words"] and found[0].path.startswith("scripts.")


@pytest.mark.parametrize("words", ["{minor_age:>999999999}", "{minor_age.real}", "{minor_age", "{0}", "{}"])
def test_a_clause_names_settings_and_reaches_no_further(words: str) -> None:
    line = next(line for line in POLICY.splitlines() if "{minor_age}" in line)
    with pytest.raises(BadPolicy):
        parse_policy(POLICY.replace(line, line.replace("{minor_age}", words)))


@pytest.mark.parametrize(
    ("refuse", "text"),
    [
        (parse_policy, POLICY.replace('quiet_from: "20:30"', 'quiet_from: "20:30Z"')),
        (lambda text: parse_play(text, code="win_back"), PLAY.replace('from: "10:00"', 'from: "10:00+08:00"')),
    ],
)
def test_a_time_of_day_has_no_zone(refuse: Callable[[str], object], text: str) -> None:
    with pytest.raises(ShukeError, match="in quotes"):
        refuse(text)


def test_the_shipped_files_are_as_plain_as_that() -> None:
    policy = load_policy(DEFINITIONS / "policy.yaml")
    check_play(parse_play(PLAY, code="win_back"), policy=policy)
    assert parse_policy(POLICY) == policy

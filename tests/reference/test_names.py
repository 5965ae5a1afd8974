"""Written store names lead to one name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuke.reference.adapters import store_words
from shuke.reference.rules import canonical_name, canonical_names
from shuke.reference.values import Written

BRAND = "禾里生活"


@pytest.mark.parametrize(
    ("written", "store"),
    [
        ("滨江店", "滨江店"),
        (" 滨江店 ", "滨江店"),
        ("禾里生活(滨江店)", "滨江店"),
        ("禾里生活（滨江店）", "滨江店"),
        ("禾里生活·滨江店", "滨江店"),
        ("禾里生活滨江店", "滨江店"),
        ("【禾里生活】滨江店", "滨江店"),
        ("S012 滨江店", "滨江店"),
        ("021-滨江店", "滨江店"),
        ("滨江店(旧址)", "滨江店"),
        ("禾里生活", "禾里生活"),
        ("Harbour Road Shop", "Harbour Road Shop"),
    ],
)
def test_one_name_a_store(written: str, store: str) -> None:
    assert canonical_name(written, brand=BRAND, words=store_words()) == store


def test_a_short_name_joins_the_long_one_and_online_shops_are_no_places() -> None:
    rows = [
        Written("pos", "滨江店", 10),
        Written("meituan", "禾里生活(滨江店)", 3),
        Written("wecom", "滨江", 1),
        Written("tmall", "禾里生活旗舰店", 5),
        Written("youzan", "滨江店", 5),
        Written("jd", "禾里生活京东自营", 5),
    ]
    found = canonical_names(rows, brand=BRAND, words=store_words())
    named = {(name.source, name.written): (name.store, name.channel) for name in found}
    places = {named[w.source, w.written] for w in rows[:3]} | {named["youzan", "滨江店"]}
    assert places == {("滨江店", "store")}
    assert named["tmall", "禾里生活旗舰店"][1] == "online"
    assert named["jd", "禾里生活京东自营"][1] == "online"


@given(st.text(min_size=1, max_size=30))
def test_never_empty_and_stable(written: str) -> None:
    words = store_words()
    once = canonical_name(written, brand=BRAND, words=words)
    assert once or not written.strip()
    assert canonical_name(written, brand=BRAND, words=words) == once

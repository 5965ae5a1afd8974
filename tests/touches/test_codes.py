"""Task codes catch every single wrong character and every swap; placing keeps to capacity."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuke.touches import rules
from shuke.touches.values import Candidate

CODES = st.builds(lambda p, c: rules.code_for(p, customer_id=c), st.integers(1, 10**6), st.integers(1, 10**12))


@given(code=CODES)
def test_a_code_is_whole_and_survives_typing(code: str) -> None:
    assert rules.is_valid(code)
    assert not set(code) & set("0O1IAEU")
    assert code[0].isalpha()
    assert rules.cleaned(f" '{code[:4].lower()}-{code[4:].lower()} ") == code
    assert rules.cleaned("".join(chr(ord(c) + 0xFEE0) for c in code)) == code


@given(code=CODES, place=st.integers(0, 7), other=st.sampled_from(rules.ALPHABET))
def test_any_wrong_character_is_caught(code: str, place: int, other: str) -> None:
    typed = code[:place] + other + code[place + 1 :]
    assert rules.is_valid(typed) == (typed == code)


@given(code=CODES, one=st.integers(0, 7), two=st.integers(0, 7))
def test_any_swap_is_caught(code: str, one: int, two: int) -> None:
    letters = list(code)
    letters[one], letters[two] = letters[two], letters[one]
    typed = "".join(letters)
    assert rules.is_valid(typed) == (typed == code)


@given(code=CODES, cut=st.integers(0, 7))
def test_a_cut_code_is_no_code(code: str, cut: int) -> None:
    assert not rules.is_valid(code[:cut])
    assert not rules.is_valid(code + code[cut])


DAYS = rules.days_of_week(date(2026, 11, 23), preferred=(4, 5))
PEOPLE = st.lists(
    st.builds(
        Candidate,
        customer_id=st.integers(1, 10**6),
        store=st.sampled_from(("滨江店", "城西店", "")),
        associate=st.sampled_from(("", "周敏")),
        channel=st.sampled_from(("wecom", "in_store", "sms")),
        value_minor=st.integers(0, 100),
    ),
    max_size=60,
    unique_by=lambda person: person.customer_id,
)


def test_preferred_days_come_first() -> None:
    assert [day.isoweekday() for day in DAYS] == [4, 5, 1, 2, 3, 6, 7]
    assert sorted(DAYS) == [date(2026, 11, 23) + timedelta(days=n) for n in range(7)]


@given(people=PEOPLE)
def test_everybody_is_placed_once_within_capacity(people: list[Candidate]) -> None:
    staff = {"滨江店": ("周敏", "沈佳"), "城西店": ("吴越",)}
    placed = rules.place(people, staff=staff, load={("周敏", DAYS[0]): 2}, days=DAYS, per_day=3)
    assert sorted(p.customer_id for p in placed) == sorted(p.customer_id for p in people)
    assert placed == rules.place(people[::-1], staff=staff, load={("周敏", DAYS[0]): 2}, days=DAYS, per_day=3)
    by_id = {person.customer_id: person for person in people}
    counts = Counter((p.associate, p.send_on) for p in placed if p.associate)
    assert all(tasks <= 3 for (_, day), tasks in counts.items() if day != DAYS[-1]), "only the last day takes the rest"
    assert counts[("周敏", DAYS[0])] <= 1, "two tasks of that day were there already"
    for spot in placed:
        person = by_id[spot.customer_id]
        if person.channel == "sms":
            assert spot.associate == ""
        elif person.associate:
            assert spot.associate == person.associate
        else:
            assert spot.associate in (*staff.get(person.store, ()), "")


def test_shares_are_fair() -> None:
    people = [Candidate(n, "滨江店", "", "in_store", n) for n in range(10)]
    placed = rules.place(people, staff={"滨江店": ("周敏", "沈佳")}, load={}, days=DAYS, per_day=8)
    assert Counter(p.associate for p in placed) == {"周敏": 5, "沈佳": 5}


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@a", "\tx", "\rx"])
def test_no_cell_becomes_a_formula(text: str) -> None:
    assert rules.safe_text(text) == f"'{text}"


def test_file_names_are_safe() -> None:
    assert rules.file_name("../滨江:店", associate="周/敏") == "_滨江_店_周_敏"

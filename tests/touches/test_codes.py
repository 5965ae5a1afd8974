"""Task codes catch every single wrong character and every swap; placing keeps to capacity."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuke.touches import rules
from shuke.touches.values import Candidate, Placed

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


STAFF = {"滨江店": ("周敏", "沈佳"), "城西店": ("吴越",)}
LOAD = {("滨江店", "周敏", DAYS[0]): 2}


def placed_of(people: list[Candidate]) -> list[Placed]:
    return rules.place(people, staff=STAFF, load=LOAD, days=DAYS, per_day=3, per_week=10)


@given(people=PEOPLE)
def test_nobody_is_above_capacity_and_the_most_valuable_come_first(people: list[Candidate]) -> None:
    placed = placed_of(people)
    assert placed == placed_of(people[::-1])
    assert len({p.customer_id for p in placed}) == len(placed)
    assert {p.customer_id for p in placed} <= {p.customer_id for p in people}
    by_id = {person.customer_id: person for person in people}
    limited = [p for p in placed if by_id[p.customer_id].channel != "sms" and (p.store or p.associate)]
    days = Counter((p.store, p.associate, p.send_on) for p in limited)
    weeks = Counter((p.store, p.associate) for p in limited)
    assert max(days.values(), default=0) <= 3 and max(weeks.values(), default=0) <= 10
    assert days[("滨江店", "周敏", DAYS[0])] <= 1, "two tasks of that day were there already"
    assert weeks[("滨江店", "周敏")] <= 8
    for spot in placed:
        person = by_id[spot.customer_id]
        if person.channel == "sms":
            assert spot.associate == ""
        elif person.channel == "wecom" and person.associate:
            assert spot.associate == person.associate, "one-to-one WeCom stays with its owner"
        else:
            assert spot.associate in (*STAFF.get(person.store, ()), person.associate, "")
    kept = {p.customer_id for p in placed}
    for lost in (p for p in people if p.customer_id not in kept):
        assert lost.channel != "sms" and (lost.store or lost.associate)
        same = [p for p in people if (p.store, p.associate, p.channel) == (lost.store, lost.associate, lost.channel)]
        assert all(p.customer_id not in kept for p in same if p.value_minor < lost.value_minor)


@given(people=PEOPLE)
def test_work_without_an_owner_is_shared_fairly(people: list[Candidate]) -> None:
    free = [Candidate(p.customer_id, "滨江店", "", "in_store", p.value_minor) for p in people]
    placed = rules.place(free, staff=STAFF, load={}, days=DAYS, per_day=3, per_week=15)
    counts = Counter(p.associate for p in placed)
    assert abs(counts["周敏"] - counts["沈佳"]) <= 1
    assert len(placed) == min(len(free), 30)


def test_the_least_loaded_comes_first() -> None:
    people = [Candidate(n, "滨江店", "", "in_store", n) for n in range(4)]
    load = {("滨江店", "周敏", day): 1 for day in DAYS[:4]}
    placed = rules.place(people, staff=STAFF, load=load, days=DAYS, per_day=8, per_week=40)
    assert {p.associate for p in placed} == {"沈佳"}
    elsewhere = {("城西店", "周敏", day): 8 for day in DAYS}
    placed = rules.place(people, staff=STAFF, load=elsewhere, days=DAYS, per_day=8, per_week=40)
    assert Counter(p.associate for p in placed) == {"周敏": 2, "沈佳": 2}, "a namesake elsewhere is somebody else"


@dataclass
class Late:
    rolled: int
    send_on: date
    first_on: date | None


@pytest.mark.parametrize(
    ("late", "moves"),
    [
        (Late(0, date(2026, 11, 20), None), True),
        (Late(1, date(2026, 11, 20), date(2026, 11, 13)), False),
        (Late(0, date(2026, 11, 10), None), True),
        (Late(0, date(2026, 11, 9), None), False),
    ],
)
def test_an_unfinished_task_moves_once_and_not_for_ever(late: Late, moves: bool) -> None:
    assert rules.may_roll(late, as_of=date(2026, 11, 23), lives_days=14) is moves


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@a", "\tx", "\rx"])
def test_no_cell_becomes_a_formula(text: str) -> None:
    assert rules.safe_text(text) == f"'{text}"


def test_file_names_are_safe_and_differ() -> None:
    owners = [
        ("滨江店", "周敏"), ("../滨江:店", "周/敏"), ("../滨江:店", "周?敏"), ("A", "B_C"), ("A_B", "C"), ("店", "Ann"),
        ("店", "ann"), ("总部", ""), ("店" * 70, "周敏"), ("店" * 70, "沈佳"), ("", "."),
    ]  # fmt: skip
    names = rules.file_names(owners)
    assert names[("滨江店", "周敏")] == "滨江店_周敏" and names[("总部", "")] == "总部"
    assert len({name.casefold() for name in names.values()}) == len(owners)
    assert all(not set('\\/:*?"<>|\0') & set(name) and name.strip(" .") == name for name in names.values())
    assert rules.file_names(owners[:1] + owners[3:5]).items() <= names.items(), "the others do not change a name"

"""The second stage in arrays: birthdays, letters and blocks say what plain definitions say."""

from itertools import combinations

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuke.customers.rules.weak import birthday_level, letters, may_be_near, mixed, pairs_in_blocks

_LEVEL = """
with typed as (select place, date '1970-01-01' + one::int as a, date '1970-01-01' + other::int as b from pairs)
select
  case
    when a = b then 5
    when damerau_levenshtein(a::varchar, b::varchar) <= 1 then 4
    when year(a) = year(b) and month(a) = day(b) and day(a) = month(b) then 4
    when year(a) = year(b) and (strftime(a, '%m%d') = '0101' or strftime(b, '%m%d') = '0101') then 3
    when year(a) = year(b) or strftime(a, '%m%d') = strftime(b, '%m%d') then 2
    when abs(year(a) - year(b)) <= 1 or damerau_levenshtein(a::varchar, b::varchar) <= 2 then 1
    else 0
  end as level
from typed
order by place
"""


@pytest.mark.parametrize("seed", [1, 2])
def test_birthdays_are_as_far_apart_as_the_engine_says(seed: int) -> None:
    chance = np.random.default_rng(seed)
    one = chance.integers(-20_000, 14_000, 20_000)
    near = 365 * chance.integers(-12, 12, len(one)) + chance.integers(-40, 40, len(one))
    other = one + np.where(chance.random(len(one)) < 0.7, near, chance.integers(-9_000, 9_000, len(one)))
    with duckdb.connect() as engine:
        engine.register("pairs", pa.table({"place": np.arange(len(one)), "one": one, "other": other}))
        wanted = [level for (level,) in engine.execute(_LEVEL).fetchall()]
    found = birthday_level(one + 1_000_000, other + 1_000_000)
    assert found.tolist() == wanted
    assert set(wanted) == {0, 1, 2, 3, 4, 5}
    assert birthday_level(np.array([0, 1_000_000]), np.array([1_000_000, 0])).tolist() == [6, 6]


_TEXT = st.text(alphabet="ab1路号é", min_size=1, max_size=8)


@settings(max_examples=100, deadline=None)
@given(st.lists(_TEXT, min_size=2, max_size=12))
def test_no_text_a_slip_or_two_apart_is_left_out(texts: list[str]) -> None:
    one, other = np.array(list(combinations(range(len(texts)), 2)), np.int64).T
    near = may_be_near(letters(texts), one, other, slips=2)
    pairs = pa.table({"a": [texts[a] for a in one], "b": [texts[b] for b in other], "place": np.arange(len(one))})
    with duckdb.connect() as engine:
        engine.register("pairs", pairs)
        slips = engine.execute("select damerau_levenshtein(a, b) from pairs order by place").fetchall()
    assert all(kept for kept, (count,) in zip(near, slips, strict=True) if count <= 2)


def test_texts_of_other_letters_are_left_out() -> None:
    assert letters([]).shape == (0, 64)
    of = letters(["long street 17", "high road 9"])
    assert not may_be_near(of, np.array([0]), np.array([1]), slips=2).any()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 5), st.booleans()), max_size=30))
def test_pairs_are_those_that_share_a_block(rows: list[tuple[int, int, int, bool]]) -> None:
    one, other, groups = (np.array([row[place] for row in rows], np.int64) for place in range(3))
    loose = np.array([row[3] for row in rows], bool)
    blocks = [(mixed(1, one), one != 0), (mixed(2, one, other), other != 0)]
    left, right = pairs_in_blocks(blocks, groups=groups, loose=loose, allowed=10_000)
    wanted = [
        (a, b)
        for a, b in combinations(range(len(rows)), 2)
        if groups[a] != groups[b]
        and (loose[a] or loose[b])
        and ((one[a] != 0 and one[a] == one[b]) or (other[a] != 0 and (one[a], other[a]) == (one[b], other[b])))
    ]
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == wanted

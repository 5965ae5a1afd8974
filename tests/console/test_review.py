"""The editor of a proposal, the flow picture and the words of a move: what is typed, drawn and said adds up."""

from dataclasses import replace
from datetime import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuke.console.frame.drawings.counts import count_line
from shuke.console.frame.drawings.flows import Stream, flow
from shuke.console.proposals import forms, show
from shuke.console.proposals.forms import BadField
from shuke.console.segments.show import tone
from shuke.proposals.values import Editor
from shuke.segments.values import LAYERS, STAGES

EDITOR = Editor(
    scripts={"warm": "{称呼}，好久不见。", "brief": "好久不见，拒收请回复R"},
    variables=(),
    offer_words="新米一份",
    has_strength=True,
    strength_share=0.05,
    strength_max=0.1,
    weekdays=(4, 5),
    best_from=time(18),
    best_until=time(20),
    quiet_until=time(9),
    quiet_from=time(20, 30),
    holdout_share=0.1234,
    holdout_least=0.1,
    holdout_most=0.3,
    removed=0,
)


def test_a_form_sent_back_as_it_was_changes_nothing() -> None:
    typed = forms.of_editor(EDITOR, version=3)
    assert typed.version == 3
    assert forms.is_empty(forms.edit_of(typed, editor=EDITOR, language="zh-hans"))


def test_only_what_was_changed_is_in_the_edit() -> None:
    typed = replace(forms.of_editor(EDITOR, version=1), holdout="20 %", best_until="19:30")
    edit = forms.edit_of(typed, editor=EDITOR, language="zh-hans")
    assert (edit.holdout_share, edit.best_until) == (0.2, time(19, 30))
    assert edit.scripts is None
    assert edit.offer_words is None
    assert edit.weekdays is None
    assert edit.offer_strength_share is None


@given(st.integers(0, 1000))
def test_any_share_that_is_typed_is_read_to_the_tenth(tenths: int) -> None:
    typed = replace(forms.of_editor(EDITOR, version=1), holdout=f"{tenths / 10:.1f}")
    share = forms.edit_of(typed, editor=EDITOR, language="en").holdout_share
    assert share is None if tenths == 123 else share == pytest.approx(tenths / 1000)


@pytest.mark.parametrize(
    "wrong",
    [{"weekdays": ()}, {"holdout": "many"}, {"holdout": "140"}, {"strength": "-3"}, {"best_from": "half past six"}],
)
def test_what_cannot_be_read_is_told_and_not_guessed(wrong: dict[str, object]) -> None:
    typed = replace(forms.of_editor(EDITOR, version=1), **wrong)
    with pytest.raises(BadField):
        forms.edit_of(typed, editor=EDITOR, language="zh-hans")


def test_what_an_edit_changed_is_said_in_words() -> None:
    assert show.version_words("edit", "words, 2 people removed") == "话术，移出 2 位"
    assert show.version_words("reject", "words, 2 people removed") == "words, 2 people removed"


_STATES = {code: code for code in STAGES}
_MOVES = st.dictionaries(st.tuples(st.sampled_from(STAGES), st.sampled_from(STAGES)), st.integers(1, 10**6), min_size=1)


@given(_MOVES)
def test_the_flow_picture_holds_everybody_on_one_scale(moves: dict[tuple[str, str], int]) -> None:
    streams = [Stream(a, b, n, "stay", "") for (a, b), n in moves.items()]
    picture = flow(streams, states=_STATES, heads=("a", "b"), label="")
    everybody = sum(moves.values())
    for x in {block.x for block in picture.blocks}:
        column = [block for block in picture.blocks if block.x == x]
        assert sum(int(block.text.split()[-1].replace(",", "")) for block in column) == everybody
        assert all(block.y >= 0 and block.y + block.height <= picture.height + 1.5 * len(column) for block in column)
        places = [block.text_y for block in column]
        assert all(later - earlier >= 16 for earlier, later in pairwise(places))
    assert len(picture.ribbons) == len(moves)


def test_a_move_is_better_or_worse_never_both() -> None:
    for kind, states in (("stage", STAGES), ("layer", LAYERS)):
        for one in states:
            assert tone(one, to=one, kind=kind) == "stay"
            for other in states:
                assert not (tone(one, to=other, kind=kind) == tone(other, to=one, kind=kind) == "better")


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=60))
def test_a_line_of_counts_begins_at_zero_and_stays_in_its_picture(values: list[int]) -> None:
    picture = count_line([(str(n), float(value)) for n, value in enumerate(values)], label="")
    places = [tuple(map(float, point.split(","))) for point in picture.points.split()]
    assert len(places) == len(values)
    assert all(44 <= x <= 246 and 12 <= y <= 132 for x, y in places)
    assert picture.end.text == f"{values[-1]:,}"
    assert any(mark.text == "0" and mark.y == 132 for mark in picture.grid)

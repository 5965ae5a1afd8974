"""QR codes as pages draw them: the library's squares, each once, with their quiet zone."""

import re

import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from shuke.console.frame.drawings import qr


@settings(max_examples=20, deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=120))
def test_a_code_draws_exactly_the_dark_squares(text: str) -> None:
    made = qr(text, label="x")
    rows = segno.make_qr(text, error="m").matrix
    dark = {(x + 4, y + 4) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark}
    drawn = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", made.path)]
    assert len(drawn) == len(set(drawn)) and set(drawn) == dark
    assert made.size == len(rows) + 8

"""The one line of every benchmark: what it says, and that the runner reads it back."""

import pytest

from bench.__main__ import _LINE
from bench.figure import Figure, machine, seconds


@pytest.mark.parametrize(
    ("figure", "line", "met"),
    [
        (
            Figure("a", figure=5.0, floor=2.5, limit=3),
            "a: floor 2.50 s, figure 5.00 s, ratio 2.00 (at most 3.00: met)",
            True,
        ),
        (
            Figure("a", figure=5, floor=1, limit=3),
            "a: floor 1.00 s, figure 5.00 s, ratio 5.00 (at most 3.00: MISSED)",
            False,
        ),
        (Figure("m, x", figure=7.5, unit="GB", limit=6), "m, x: figure 7.50 GB (at most 6.00: MISSED)", False),
        (Figure("F1 (all)", figure=1234.5, unit="rows"), "F1 (all): figure 1,234.50 rows", True),
        (
            Figure("r", figure=5.0, floor=10.0, least=0.4),
            "r: floor 10.00 s, figure 5.00 s, ratio 0.50 (at least 0.40: met)",
            True,
        ),
        (Figure("r", figure=5.0, unit="/s", least=6), "r: figure 5.00 /s (at least 6.00: MISSED)", False),
        (Figure("empty floor", figure=0.0, floor=0.0), "empty floor: floor 0.00 s, figure 0.00 s, ratio 0.00", True),
    ],
)
def test_a_figure_says_floor_figure_and_ratio(figure: Figure, line: str, met: bool) -> None:
    assert figure.line() == line
    assert figure.is_met is met
    read = _LINE.match(line)
    assert read is not None and read["name"] == figure.name
    assert float(read["figure"].split()[0].replace(",", "")) == figure.figure


def test_other_output_is_no_figure() -> None:
    assert not _LINE.match("  demo retailer: 203,820 records")
    assert not _LINE.match("warming up: please wait")


def test_the_best_of_several_rounds_counts() -> None:
    rounds: list[int] = []
    assert 0 <= seconds(lambda: rounds.append(1), rounds=3) < 1
    assert len(rounds) == 3
    assert "cores" in machine()

"""The benchmark of ledger writes runs: a real server, real durable databases, a real load, in small."""

from pathlib import Path

import pytest

from bench import loyalty_http
from bench._load import run
from bench.figure import Figure


def told(text: str) -> list[str]:
    """The names of the figures that were printed."""
    return [line.partition(": ")[0] for line in text.splitlines()]


def test_sqlite_in_small(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loyalty_http.on_sqlite(tmp_path, size="small")
    names = told(capsys.readouterr().out)
    assert names[:2] == ["full earn over HTTP, SQLite", "full earn over HTTP, SQLite, p99"]


@pytest.mark.proof
def test_postgresql_in_small(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loyalty_http.on_postgresql(tmp_path, size="small")
    names = told(capsys.readouterr().out)
    assert "hot budget" in names and "batch, items" in names and "p99 at 500 a second" in names


def test_a_figure_may_have_a_least() -> None:
    assert Figure("a", figure=5, floor=10, least=0.5).is_met and not Figure("a", figure=4, floor=10, least=0.5).is_met


def test_nobody_is_asked_without_a_server() -> None:
    with pytest.raises(ConnectionError):
        run(1, make=lambda _: b"", connections=1, seconds=0.1)

"""Files read beside each other give what they give one after the other; the pace of it is told."""

import random
from pathlib import Path
from typing import Any

import pytest

from shuke.cli.pace import clock, pace_printer, words
from shuke.intake.models import Batch
from shuke.intake.rules.pace import Pace
from shuke.kernel.actor import SYSTEM
from shuke.procedures.import_files import import_files
from tests.intake.conftest import Shop, csv_text
from tests.intake.test_bad_input import zipped
from tests.intake.test_mappings import workbook

HEADER = "order_no,ordered_at,sku,quantity,unit_price,phone"
PLAIN = ("id", "file", "part", "sha256", "rows_read", "staged", "duplicate", "quarantined", "reasons", "warnings")


def exports(shop: Shop, seed: int) -> list[Path]:
    """Small and larger files of several formats that repeat each other's rows, in random order; some are refused."""
    dice = random.Random(seed)
    rows = [f"{n},2025-01-02 03:04:05,A,{'x' if n % 97 == 5 else 1},1.50,138{n:08d}" for n in range(3_000)]
    found = []
    for number in range(9):
        first = dice.randrange(2_500)
        lines = rows[first : first + dice.choice([3, 40, 3_000])]
        kind = dice.choice(["utf-8", "gb18030", "utf-16", "xlsx", "zip", "bad"])
        text = csv_text(f"{HEADER},product", [f"{line},茶" for line in lines])
        if kind == "xlsx":
            content = workbook(("s", [list(line.split(",")) for line in (HEADER, *lines)]))
        elif kind == "zip":
            content = zipped(**{"one.csv": text.encode(), "two.csv": text.encode(), "three.csv": b"x"})
        else:
            content = b"\x89PNG" if kind == "bad" else text.encode(kind)
        found.append(shop.write(f"{number}.{kind}", content))
    return [*found, found[0]]


def told(shop: Shop) -> dict[str, Any]:
    """Everything that the imports so far have left."""
    tables = ("staged_sales", "staged_persons", "import_rows")
    kept = {name: shop.rows(f"select * from {name} order by batch_id, row_no") for name in tables}
    return {**kept, "batches": list(Batch.objects.order_by("pk").values(*PLAIN))}


@pytest.mark.parametrize("seed", [1, 2])
def test_together_or_one_after_the_other_is_the_same(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    paths = exports(shop, seed)
    together = [(file.file, file.error, file.staged) for file in shop.take(*paths).files]
    first = told(shop)
    seen = {path.name for path in shop.workspace.raw.iterdir()}
    Batch.objects.all().delete()
    monkeypatch.setattr("shuke.lake.queries.current_generation", lambda: None)
    monkeypatch.setattr("shuke.lake.actions.current_generation", lambda: None)
    fresh = Shop(shop.workspace, shop.inbox)
    with monkeypatch.context() as patch:
        patch.setattr("shuke.intake.adapters.reading._READERS", 1)
        patch.setattr("shuke.intake.adapters.reading._AHEAD", 1)
        alone = [(file.file, file.error, file.staged) for file in fresh.take(*paths).files]
    monkeypatch.undo()
    assert alone == together
    assert told(fresh) == first
    assert {path.name for path in shop.workspace.raw.iterdir()} == seen
    assert not (shop.workspace.scratch / "import").exists()


def test_separate_imports_in_that_order_stage_the_same_rows(shop: Shop) -> None:
    paths = exports(shop, 3)
    staged = [file.staged for path in paths for file in shop.take(path).files]
    rows = shop.rows("select row_hash from staged_sales order by all")
    Batch.objects.all().delete()
    other = Shop(shop.workspace, shop.inbox)
    assert sum(staged) == len(rows)
    assert [file.staged for file in other.take(*paths).files] == [0] * len(staged)


def test_the_pace_ends_with_all_rows(shop: Shop) -> None:
    rows = [f"{n},2025-01-02 03:04:05,A,1,1.50,138{n:08d}" for n in range(4_000)]
    paths = [shop.write(f"{part}.csv", csv_text(HEADER, rows[part::2])) for part in range(2)]
    heard: list[Pace] = []
    import_files(SYSTEM, workspace=shop.workspace, paths=paths, pace=heard.append)
    assert (heard[-1].rows, heard[-1].share, heard[-1].left_seconds) == (
        4_000,
        1.0,
        0.0 if heard[-1].seconds > 1 else None,
    )
    assert [pace.share for pace in heard] == sorted(pace.share for pace in heard)
    assert heard[-1].per_second == round(4_000 / heard[-1].seconds)


def test_pace_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    pace = Pace("订单.csv", 1_200_000, 30.0, 0.25)
    assert words(pace) == "1,200,000 rows, 40,000 rows/s, 25%, 1:30 left, 订单.csv"
    assert Pace("x", 5, 0.2, 0.5).left_seconds is None
    assert Pace("x", 5, 9.0, 0.001).left_seconds is None
    assert [clock(second) for second in (0, 59.6, 3_725)] == ["0:00", "1:00", "1:02:05"]
    pace_printer()(pace)  # no terminal, and no five seconds yet: nothing to say
    assert capsys.readouterr().err == ""

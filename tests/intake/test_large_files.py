"""Files of any size are read a piece at a time: the pieces give what the whole gives."""

import csv
import io
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuke.intake.adapters import documents, records, sheets
from shuke.intake.rules.nested import unwrapped
from tests.intake.conftest import Shop, csv_text
from tests.intake.test_bad_input import zipped
from tests.intake.test_mappings import workbook

HEADER = "order_no,ordered_at,sku,quantity,unit_price"
texts = st.text(alphabet='ab,"\\[]{}: \n茶\ufeff', max_size=8)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(values, max_size=6), st.sampled_from([None, 0, 3]), st.integers(1, 40))
def test_pieces_of_an_array_are_its_elements(items: list[Any], indent: int | None, block: int) -> None:
    text = " \n" + json.dumps(items, indent=indent, ensure_ascii=False) + " \n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "_BLOCK", block)
        assert list(documents.elements(io.StringIO(text))) == documents.parsed(text)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.dictionaries(texts, values, max_size=3), max_size=5), st.booleans(), st.integers(1, 40))
def test_pieces_of_a_page_are_its_records(items: list[dict[str, Any]], deep: bool, block: int) -> None:
    page: dict[str, Any] = {"total": 12, "orders": items, "links": {"next": None}}
    text = json.dumps({"code": 0, "data": page, "msg": "ok"} if deep else page)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "_BLOCK", block)
        assert list(documents.elements(io.StringIO(text))) == unwrapped(documents.parsed(text))


BROKEN = [
    '[{"a": 1}',
    '[{"a": 1} {"a": 2}]',
    '[{"a": 1},]',
    "[1, tru]",
    '{"orders": [{}]',
    '{"name": "x", "orders": []}',
    "[1] 2",
]


@pytest.mark.parametrize("text", BROKEN)
def test_broken_json_is_told(text: str) -> None:
    with pytest.raises(documents.BadDocument):
        list(documents.elements(io.StringIO(text)))


def test_a_value_that_never_ends_is_not_read_to_the_end() -> None:
    endless = io.StringIO('["' + "x" * (documents.LONGEST * 3))
    with pytest.raises(documents.BadDocument, match="longer"):
        list(documents.elements(endless))
    assert endless.tell() < documents.LONGEST * 3


@pytest.mark.parametrize("form", ["lines", "array", "page", "one line"])
def test_json_in_pieces_is_imported_as_whole(shop: Shop, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setattr(documents, "_BLOCK", 256)
    monkeypatch.setattr(records, "_WHOLE", 100)
    orders = [dict(zip(HEADER.split(","), [str(n), "2025-01-02", "A", 1, 1.5], strict=True)) for n in range(300)]
    made = {
        "lines": "\n".join(json.dumps(order) for order in orders),
        "array": json.dumps(orders, indent=1),
        "page": json.dumps({"orders": orders}, indent=1),
        "one line": json.dumps({"total": 300, "orders": orders}),
    }
    report = shop.bring("orders.json", made[form])
    assert (report.rows_read, report.staged) == (300, 300)


def test_a_workbook_too_large_for_memory_is_refused_with_a_way_out(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[list[object]] = [HEADER.split(","), *([n, "2025-01-02", "A", 1, 1.5] for n in range(500))]
    monkeypatch.setattr(sheets, "_MOST", 10_000)
    report = shop.refuse("large.xlsx", workbook(("s", rows)))
    assert report.error_code == "WorkbookTooLarge"
    assert "CSV" in report.hint


def test_a_table_that_does_not_begin_in_the_corner(shop: Shop) -> None:
    table: list[list[object]] = [["", "", *HEADER.split(",")], ["", "", 1, "2025-01-02", "A", 1, 1.5]]
    assert shop.bring("b.xlsx", workbook(("s", [[], [], *table]))).staged == 1


def test_a_quote_that_opens_a_huge_cell_swallows_no_row(shop: Shop) -> None:
    rows = ["1,2025-01-02,A,1,1", '2,2025-01-02,"A,1,1', *(f"{n},2025-01-02,A,1,1" for n in range(3, 9_000))]
    rows[4_000] = '4001,2025-01-02,"B,1,1'
    before = csv.field_size_limit(20_000)
    try:
        report = shop.bring("open.csv", csv_text(HEADER, [*rows, 'last,2025-01-02,"C,1,1']))
    finally:
        csv.field_size_limit(before)
    assert (report.rows_read, report.staged, report.quarantined) == (9_000, 8_997, 3)


@pytest.mark.parametrize("seed", [1, 2])
def test_files_damaged_anywhere_are_imported_or_refused_and_break_nothing(shop: Shop, seed: int) -> None:
    dice = random.Random(seed)
    rows = [f"{n},2025-01-02 03:04:05,A,1,1.50" for n in range(60)]
    text = csv_text(f"{HEADER},product", [f'{row},"茶, {n}"' for n, row in enumerate(rows)])
    whole = {
        "csv": text.encode(),
        "gb.csv": text.encode("gb18030"),
        "utf16.csv": text.encode("utf-16"),
        "xlsx": workbook(("s", [list(row.split(",")) for row in (HEADER, *rows)])),
        "json": json.dumps([dict(zip(HEADER.split(","), row.split(","), strict=True)) for row in rows]).encode(),
        "zip": zipped(**{"a.csv": text.encode(), "b.csv": text.encode("gb18030")}),
    }
    paths = []
    for number in range(36):
        name, content = dice.choice(sorted(whole.items()))
        damaged = bytearray(content)
        for _ in range(dice.choice([1, 3, 30])):
            place = dice.randrange(len(damaged))
            damaged[place : place + dice.choice([0, 1, 5])] = dice.choice(
                [b"", b'"', b"\0", b"\xff", b"\n", b"\r", b","]
            )
        paths.append(shop.write(f"{number}.{name}", bytes(damaged[: dice.choice([len(damaged), len(damaged) // 2])])))
    for file in shop.take(*paths).files:
        assert file.rows_read == file.staged + file.duplicate + file.quarantined
        assert bool(file.error) == bool(file.hint)

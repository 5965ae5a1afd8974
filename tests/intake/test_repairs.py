"""A quarantine file is mended by hand and imported again; every row counts once."""

import csv
from pathlib import Path

from tests.intake.conftest import Shop, csv_text

HEADER = "order_no,ordered_at,sku,quantity,unit_price"
ROWS = [
    "1,2025-01-02,A,1,1.50",
    "2,2025-13-02,A,1,1.50",
    "3,2025-01-02,A,x,1.50",
    "4,2025-01-02,A,1",
    "1,2025-01-02,A,一,1.50",
]


def mend(path: Path, changes: dict[str, dict[str, str]]) -> bytes:
    """The file with cells changed by order number."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text)
        rows = [row | changes.get(row["_row"], {}) for row in reader]
        names = list(reader.fieldnames or [])
    out = [",".join(names), *(",".join(row[name] for name in names) for row in rows)]
    return "\n".join(out).encode("utf-8")


def test_mended_rows_are_staged_and_the_others_wait_again(shop: Shop) -> None:
    first = shop.bring("a.csv", csv_text(HEADER, ROWS))
    assert (first.staged, first.quarantined) == (1, 4)
    quarantine = shop.workspace.root / first.quarantine_file
    changes = {"2": {"ordered_at": "2025-12-02"}, "5": {"quantity": "1"}}
    again = shop.bring(quarantine.name, mend(quarantine, changes))
    assert (again.source, again.staged, again.duplicate, again.quarantined) == ("generic", 2, 0, 2)
    assert again.parts[0].reasons == {"bad_quantity": 1, "wrong_width": 1}
    assert shop.value("select count(*) from import_rows where outcome = 'quarantined'") == 2
    # Row 5 is the twin of row 1 in the same export: two pieces were sold, and both are there.
    assert shop.value("select count(*) from staged_sales where order_no = '1'") == 2
    second = shop.workspace.root / again.quarantine_file
    last = shop.bring(second.name, mend(second, {"2": {"quantity": "3"}, "3": {"unit_price": "1.50", "_detail": ""}}))
    assert (last.staged, last.quarantined) == (2, 0)
    assert shop.value("select count(*) from staged_sales") == 5
    assert shop.value("select count(*) from import_rows") == 0


def test_an_untouched_quarantine_file_stages_nothing(shop: Shop) -> None:
    first = shop.bring("a.csv", csv_text(HEADER, ROWS))
    quarantine = shop.workspace.root / first.quarantine_file
    again = shop.bring(quarantine.name, quarantine.read_bytes())
    assert (again.staged, again.duplicate, again.quarantined) == (0, 0, 4)
    assert shop.value("select count(*) from import_rows") == 4


def test_the_first_export_after_a_repair_is_a_repeat(shop: Shop) -> None:
    first = shop.bring("a.csv", csv_text(HEADER, ROWS[:2]))
    quarantine = shop.workspace.root / first.quarantine_file
    shop.bring(quarantine.name, mend(quarantine, {"2": {"ordered_at": "2025-12-02"}}))
    whole = shop.bring("mended.csv", csv_text(HEADER, [ROWS[0], ROWS[1].replace("13-02", "12-02")]))
    assert (whole.staged, whole.duplicate) == (0, 2)


def test_cells_beyond_the_header_are_told(shop: Shop) -> None:
    report = shop.bring("a.csv", csv_text(HEADER, ["1,2025-01-02,A,1,1.50,extra,more"]))
    text = (shop.workspace.root / report.quarantine_file).read_text("utf-8-sig")
    assert "7 cells, 5 expected: extra | more" in text


def test_a_quarantine_file_holds_no_formula_and_its_cells_come_back_whole(shop: Shop) -> None:
    header = "order_no,ordered_at,sku,product,quantity,unit_price"
    rows = [
        "1,2025-13-02,A,=HYPERLINK(1),-1,1.50",
        "2,2025-13-02,A,@SUM(A1),1,-1.50",
        "3,2025-13-02,A,+cmd|1",
        "4,2025-13-02,A,-,1,1.50",
    ]
    first = shop.bring("a.csv", csv_text(header, rows))
    quarantine = shop.workspace.root / first.quarantine_file
    with quarantine.open(encoding="utf-8-sig", newline="") as text:
        found = list(csv.DictReader(text))
    assert [row["product"] for row in found] == ["'=HYPERLINK(1)", "'@SUM(A1)", "'+cmd|1", "-"]
    assert (found[0]["quantity"], found[1]["unit_price"]) == ("-1", "-1.50")
    again = shop.bring(quarantine.name, quarantine.read_bytes())
    assert (again.staged, again.quarantined) == (0, 4)
    second = shop.workspace.root / again.quarantine_file
    shop.bring(second.name, mend(second, {"1": {"ordered_at": "2025-12-02"}}))
    assert shop.value("select product from staged_sales where order_no = '1'") == "=HYPERLINK(1)"

"""Rows that several exports tell count once; identical lines inside one export count as often as they stand there."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuke.intake.models import Batch
from shuke.lake.models import Generation
from tests.intake.conftest import Shop, csv_text

HEADER = "order_no,ordered_at,sku,quantity,unit_price"
NUMBERED = "order_no,line_no,ordered_at,sku,quantity,unit_price"


def line(order: object, sku: str = "A") -> str:
    return f"{order},2025-01-02 03:04:05,{sku},1,1.50"


lines = st.lists(st.tuples(st.integers(1, 3), st.sampled_from("AB")), min_size=1, max_size=8)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lines, min_size=1, max_size=4))
def test_multiset_over_exports(shop: Shop, exports: list[list[tuple[int, str]]]) -> None:
    """What is staged is, for each line, the most that any single export held (oracle: Counter union)."""
    mark = Batch.objects.count()  # the example's own orders, so that examples share a workspace
    told: Counter[tuple[str, str]] = Counter()
    for number, export in enumerate(exports):
        rows = [line(f"{mark}-{order}", sku) for order, sku in export]
        held = Counter((f"{mark}-{order}", sku) for order, sku in export)
        report = shop.bring(f"{mark}-{number}.csv", csv_text(HEADER, rows) + "\n" * number)
        assert report.staged == sum((held - told).values())
        told |= held
    found = shop.rows(
        f"select order_no, sku, count(*) as n from staged_sales where starts_with(order_no, '{mark}-') group by all"
    )
    assert {(row["order_no"], row["sku"]): row["n"] for row in found} == dict(told)


def test_the_same_bytes_change_nothing(shop: Shop) -> None:
    text = csv_text(HEADER, [line(1), "2,never,A,1,1"])
    first = shop.bring("a.csv", text)
    before, generation = shop.files(), Generation.objects.get(is_current=True).pk
    again = shop.bring("other name.csv", text)
    assert again.already_imported
    assert (again.staged, again.rows_read, again.quarantined) == (0, first.rows_read, 1)
    assert shop.files() == before
    assert Generation.objects.get(is_current=True).pk == generation
    twice = shop.take(
        shop.write("b.csv", csv_text(HEADER, [line(5)])), shop.write("c.csv", csv_text(HEADER, [line(5)]))
    )
    assert [file.already_imported for file in twice.files] == [False, True]


def test_an_update_of_a_known_order_is_staged(shop: Shop) -> None:
    header = "order_no,ordered_at,order_paid,status"
    shop.bring("a.csv", csv_text(header, ["1,2025-01-02,9,paid", "2,2025-01-02,9,paid"]))
    report = shop.bring("b.csv", csv_text(header, ["1,2025-01-02,9,completed", "2,2025-01-02,9.00,paid"]))
    assert (report.staged, report.duplicate) == (1, 1)
    account = shop.row("select * from import_rows")
    assert (account["reason"], account["order_no"], account["amount_minor"]) == ("repeated_export", "2", 900)
    assert shop.value("select count(*) from staged_sales where row_hash = (select row_hash from import_rows)") == 1


def test_numbered_lines_repeat_inside_one_export(shop: Shop) -> None:
    rows = [
        "1,1,2025-01-02,A,1,1",
        "1,1,2025-01-02,A,1,1",
        "1,2,2025-01-02,A,1,1",
        "1,,2025-01-02,A,1,1",
        "1,,2025-01-02,A,1,1",
    ]
    report = shop.bring("a.csv", csv_text(NUMBERED, rows))
    assert (report.staged, report.duplicate) == (4, 1)


def test_content_in_another_file_format_is_a_repeat(shop: Shop) -> None:
    from tests.intake.test_mappings import workbook

    shop.bring("a.csv", csv_text(HEADER, [line(1), line(1), line(2)]))
    rows: list[list[object]] = [list(HEADER.split(",")), *([n, "2025/1/2 3:04:05", "A", 1, 1.5] for n in (1, 1, 1, 2))]
    report = shop.bring("a.xlsx", workbook(("s", rows)))
    assert (report.staged, report.duplicate) == (1, 3)


def test_sheets_of_one_workbook_are_separate_exports(shop: Shop) -> None:
    from tests.intake.test_mappings import workbook

    rows: list[list[object]] = [list(HEADER.split(",")), [1, "2025-01-02", "A", 1, 1.5], [1, "2025-01-02", "A", 1, 1.5]]
    report = shop.bring("a.xlsx", workbook(("one", rows), ("two", rows)))
    assert (report.rows_read, report.staged, report.duplicate) == (4, 2, 2)
    assert [(part.part, part.staged) for part in report.parts] == [("one", 2), ("two", 0)]


def test_persons_and_facts_repeat_too(shop: Shop) -> None:
    person = "source,source_row_id,name,phone,seen_at"
    shop.bring("p.csv", csv_text(person, ["crm,1,Ann,13812345678,2025-01-02", "crm,2,Bob,,2025-01-02"]))
    report = shop.bring("q.csv", csv_text(person, ["crm,1,Ann,13812345678,2025-01-02", "crm,2,Bobby,,2025-01-02"]))
    assert (report.staged, report.duplicate) == (1, 1)
    visit = "member_id,kind,at"
    assert shop.bring("i.csv", csv_text(visit, ["M1,visit,2025-01-02", "M1,visit,2025-01-02"])).staged == 2
    assert shop.bring("j.csv", csv_text(visit, ["M1,visit,2025-01-02", "M1,visit,2025-01-03"])).staged == 1
    assert shop.value("select count(distinct record_id) from staged_interactions") == 1


def test_an_order_gives_one_person_record_for_each_set_of_values(shop: Shop) -> None:
    header = "order_no,ordered_at,sku,quantity,unit_price,name,phone"
    rows = [
        "1,2025-01-02,A,1,1,Ann,13812345678",
        "1,2025-01-02,B,1,1,Ann,13812345678",
        "2,2025-01-02,A,1,1,,",
        "3,2025-01-02,A,1,1,Bob,",
    ]
    shop.bring("a.csv", csv_text(header, rows))
    found = shop.rows("select source_row_id, name, phone from staged_persons order by source_row_id")
    assert found == [
        {"source_row_id": "1", "name": "Ann", "phone": "8613812345678"},
        {"source_row_id": "3", "name": "Bob", "phone": None},
    ]


def test_batches_remember_what_was_read(shop: Shop) -> None:
    shop.bring("a.csv", csv_text(HEADER, [line(1), "2,2025-03-04,A,1,x"]))
    batch = Batch.objects.get()
    assert (batch.mapping, batch.source, batch.encoding, batch.kind) == ("generic", "generic", "utf-8", "sales")
    assert (batch.rows_read, batch.staged, batch.quarantined, batch.reasons) == (2, 1, 1, {"bad_amount": 1})
    assert str(batch.first_on) == str(batch.last_on) == "2025-01-02"
    assert batch.fields["ordered_at"] == "ordered_at"
    assert (shop.workspace.raw / batch.sha256).read_bytes().startswith(b"order_no")

"""Files that cannot be imported are refused with what to do; rows that cannot be typed are set aside with a reason."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shuke.intake.values import FileReport
from tests.intake.conftest import Shop, csv_text
from tests.intake.test_mappings import workbook

HEADER = "order_no,ordered_at,sku,quantity,unit_price,line_amount"
GOOD = "1,2025-01-02 03:04:05,A,2,1.50,3.00"


def zipped(**members: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def linked() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        item = zipfile.ZipInfo("link.csv")
        item.external_attr = 0o120777 << 16
        archive.writestr(item, "/etc/passwd")
    return out.getvalue()


def parquet() -> bytes:
    out = BytesIO()
    pq.write_table(
        pa.table({"order_no": list(range(5000)), "ordered_at": ["2025-01-02"] * 5000, "line_amount": [1.0] * 5000}), out
    )
    return out.getvalue()


def encrypted_workbook() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 504
        + "EncryptionInfo".encode("utf-16-le")
        + "EncryptedPackage".encode("utf-16-le")
    )


BOOK = workbook(("a", [HEADER.split(","), GOOD.split(",")]))
REFUSED = {
    "empty.csv": b"",
    "page.xls": b"<html><body><table><tr><td>1</td></tr></table></body></html>",
    "locked.xlsx": encrypted_workbook(),
    "cut.xlsx": BOOK[: len(BOOK) // 2],
    "cut.zip": zipped(**{"a.csv": f"{HEADER}\n{GOOD}\n".encode() * 50})[:60],
    "cut.parquet": parquet()[:-200],
    "rubbish.csv": bytes(range(256)) * 40,
    "rubbish.xlsx": bytes(range(256)) * 40,
    "photo.csv": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "climbs.zip": zipped(**{"../../evil.csv": b"a,b\n"}),
    "absolute.zip": zipped(**{"/evil.csv": b"a,b\n"}),
    "link.zip": linked(),
    "bomb.zip": zipped(**{"a.csv": b"0" * 40_000_000}),
    "nothing.zip": zipped(),
    "broken.json": b'[{"order_no": 1,',
    "words.txt": "只是一些字\n没有表格\n".encode(),
    "strange.csv": b"alpha,beta,gamma\n1,2,3\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_files_say_what_to_do_and_leave_nothing(shop: Shop, name: str) -> None:
    report = shop.refuse(name, REFUSED[name])
    assert Path(report.file).name == name
    assert not (shop.inbox.parent / "evil.csv").exists()
    assert "\n" not in report.hint


def test_a_missing_file_is_refused_and_the_others_are_imported(shop: Shop) -> None:
    good = shop.write("good.csv", csv_text(HEADER, [GOOD]))
    report = shop.take(shop.inbox / "absent.csv", good, shop.write("bad.parquet", b"PAR1xx"))
    assert [bool(file.error) for file in report.files] == [True, False, True]
    assert not report.ok
    assert shop.value("select count(*) from staged_sales") == 1


BAD_ROWS = {
    "1,2025-13-02 03:04:05,A,1,1,1": "bad_date",
    "1,2025-02-30,A,1,1,1": "bad_date",
    "1,2099-01-01,A,1,1,1": "bad_date",
    "1,0999-01-01,A,1,1,1": "bad_date",
    "1,1/2/2025,A,1,1,1": "bad_date",
    "1,yesterday,A,1,1,1": "bad_date",
    "1,2025-01-02,A,1,1,1234567890123456789012345": "bad_amount",
    "1,2025-01-02,A,1,1,12345678901.00": "bad_amount",
    "1,2025-01-02,A,1,1,abc": "bad_amount",
    "1,2025-01-02,A,1,1,=SUM(A1:A2)": "bad_amount",
    '1,2025-01-02,A,1,1,"1,23"': "bad_amount",
    "1,2025-01-02,A,1,1,1.2.3": "bad_amount",
    "1,2025-01-02,A,1,1,NaN-1": "bad_amount",
    "1,2025-01-02,A,two,1,1": "bad_quantity",
    "1,2025-01-02,A,1,1_000,1": "bad_amount",
    ",2025-01-02,A,1,1,1": "missing_order_no",
    "1,,A,1,1,1": "missing_ordered_at",
    "2.40255E+17,2025-01-02,A,1,1,1": "id_destroyed",
    "1,2025-01-02,A,1,1": "wrong_width",
    "1,2025-01-02,A,1,1,1,7": "wrong_width",
    "1,2025-01-02,A,1,1,1,7,8,9,10,11,12,13": "wrong_width",
    "合计,,,9,,99.00": "total_row",
    ",,合计：,9,,99.00": "total_row",
    "Total,,,9,,99.00": "total_row",
    HEADER: "repeated_header",
}


@pytest.mark.parametrize("row", BAD_ROWS)
def test_bad_rows_are_quarantined_with_their_reason(shop: Shop, row: str) -> None:
    report = shop.bring("bad.csv", csv_text(HEADER, [GOOD, row, "2" + GOOD[1:]]))
    assert (report.rows_read, report.staged, report.quarantined) == (3, 2, 1)
    account = shop.row("select * from import_rows")
    assert (account["outcome"], account["reason"], account["row_no"]) == ("quarantined", BAD_ROWS[row], 2)
    assert report.parts[0].reasons == {BAD_ROWS[row]: 1}
    text = (shop.workspace.root / report.quarantine_file).read_text("utf-8-sig")
    assert text.splitlines()[0] == f"{HEADER},_batch,_row,_reason,_detail"
    assert BAD_ROWS[row] in text.splitlines()[1]


def test_all_bad_rows_together_are_accounted_for(shop: Shop) -> None:
    report = shop.bring("bad.csv", csv_text(HEADER, [*BAD_ROWS, GOOD, "", "  ", ",,,,,"]))
    assert (report.rows_read, report.staged, report.quarantined) == (len(BAD_ROWS) + 1, 1, len(BAD_ROWS))


def test_good_amounts_and_quantities_in_any_writing(shop: Shop) -> None:
    rows = [
        '1,2025-01-02,A,２,１.５,"１，２３４.５０"',
        '2,2025-01-02,A," 2 件 ",¥1.50,"1,234.50元"',
        '3,2025-01-02,A,2.0,￥ 1.5,"1,234.505"',
        "4,2025-01-02,A,-2,1.5,(1234.5)",
        "5,2025-01-02,A,,--,",
    ]
    report = shop.bring("odd.csv", csv_text(HEADER, rows))
    assert (report.staged, report.quarantined) == (5, 0)
    found = shop.rows(
        "select line_amount_minor as amount, cast(quantity as integer) as n from staged_sales order by order_no"
    )
    assert [tuple(row.values()) for row in found] == [
        (123450, 2),
        (123450, 2),
        (123451, 2),
        (-123450, -2),
        (None, None),
    ]


def test_unknown_status_is_staged_with_a_warning(shop: Shop) -> None:
    report = shop.bring("s.csv", csv_text(f"{HEADER},status", [f"{GOOD},量子态", f"2{GOOD[1:]},completed"]))
    assert report.staged == 2
    assert report.warnings == ("unknown value of status: 量子态 (1 rows)",)


def test_quoted_line_breaks_stray_quotes_and_mixed_line_ends(shop: Shop) -> None:
    text = f'{HEADER},product\r\n{GOOD},"two\nlines"\n2{GOOD[1:]},"a ""b"" c"\r\n3{GOOD[1:]},say "x" y\n'
    text += f'4{GOOD[1:]},"x"y\n5{GOOD[1:]},end'
    report = shop.bring("odd.csv", text)
    assert (report.rows_read, report.staged) == (5, 5)
    names = [row["product"] for row in shop.rows("select product from staged_sales order by order_no")]
    assert names == ["two\nlines", 'a "b" c', 'say "x" y', "xy", "end"]


def test_an_unfinished_quote_swallows_no_row_silently(shop: Shop) -> None:
    rows = [GOOD, '2,2025-01-02,"A,1,1,1', "3" + GOOD[1:], "4" + GOOD[1:]]
    report = shop.bring("cut.csv", csv_text(HEADER, rows))
    assert report.quarantined >= 1
    assert report.rows_read == report.staged + report.quarantined
    text = (shop.workspace.root / report.quarantine_file).read_text("utf-8-sig")
    staged = {row["order_no"] for row in shop.rows("select order_no from staged_sales")}
    assert all(order in staged or f"{order},2025" in text for order in "1234")


def test_header_below_a_preamble_and_other_delimiters(shop: Shop) -> None:
    report = shop.bring("a.csv", f"禾里生活 销售报表\n导出时间：2025-01-03\n\n{HEADER}\n{GOOD}\n")
    assert (report.rows_read, report.staged) == (1, 1)
    report = shop.bring("b.txt", csv_text(HEADER, ["2" + GOOD[1:]]).replace(",", "\t"))
    assert report.staged == 1
    report = shop.bring("c.csv", csv_text(HEADER, ["3" + GOOD[1:]]).replace(",", ";"))
    assert report.staged == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "big5", "utf-16", "utf-16-le"])
def test_every_encoding_gives_the_same_rows(shop: Shop, encoding: str) -> None:
    text = csv_text(f"{HEADER},product", [f"{GOOD},中文商品的名字", f"2{GOOD[1:]},另一件商品"])
    first = shop.bring("first.csv", text)
    again = shop.bring(f"{encoding}.csv", text + "\n", encoding=encoding)
    assert first.staged == 2
    assert (again.staged, again.duplicate) == (0, 2)


def test_bytes_that_no_encoding_explains_are_set_aside(shop: Shop) -> None:
    text = csv_text(f"{HEADER},product", [f"{GOOD},中文", f"2{GOOD[1:]},坏@", f"3{GOOD[1:]},好"]).encode()
    report = shop.bring("broken.csv", text.replace(b"@", b"\xff\xfe"))
    assert (report.staged, report.parts[0].reasons) == (2, {"bad_encoding": 1})


def test_json_lines_with_a_broken_line(shop: Shop) -> None:
    names = HEADER.split(",")
    good = json.dumps(dict(zip(names, GOOD.split(","), strict=True)))
    number = '{"order_no": 240255082700000053012345, "ordered_at": "2025-01-02", "line_amount": 1.10, "sku": "A", '
    number += '"quantity": 1, "unit_price": 1.1}'
    report = shop.bring("a.jsonl", f"{good}\n{{broken\n{number}\n\n")
    assert (report.rows_read, report.staged, report.quarantined) == (3, 2, 1)
    assert (
        shop.value(
            "select count(*) from staged_sales where order_no = '240255082700000053012345' and line_amount_minor = 110"
        )
        == 1
    )


def test_a_zip_of_files_is_one_entry_a_member(shop: Shop) -> None:
    inner = {
        "a.csv": csv_text(HEADER, [GOOD]).encode(),
        "sub/b.xlsx": workbook(("s", [HEADER.split(","), ("2" + GOOD[1:]).split(",")])),
    }
    files = shop.take(shop.write("all.zip", zipped(**inner))).files
    assert [(file.file, file.staged) for file in files] == [("all.zip/a.csv", 1), ("all.zip/sub/b.xlsx", 1)]


def test_numbers_too_long_for_a_spreadsheet_are_destroyed_ids(shop: Shop) -> None:
    rows: list[list[object]] = [
        list(HEADER.split(",")),
        [2402550827000000530, "2025-01-02", "A", 1, 1, 1],
        [24025508270, "2025-01-02", "A", 1, 1, 1],
    ]
    report = shop.bring("a.xlsx", workbook(("s", rows)))
    assert (report.staged, report.parts[0].reasons) == (1, {"id_destroyed": 1})


def test_an_unknown_file_gets_a_proposal_that_works_after_review(shop: Shop) -> None:
    text = "流水,成交时刻,电话,东西,几个,多少钱\n" + "".join(
        f"A{number:08d},2025-01-{number % 28 + 1:02d} 10:00:00,1381234{number:04d},茶,1,{number}.50\n"
        for number in range(30)
    )
    path = shop.write("奇怪.csv", text)
    refused = shop.take(path).files[0]
    assert "not recognised" in refused.error
    (proposal,) = shop.workspace.mappings.glob("*.proposed")
    words = proposal.read_text("utf-8")
    assert "ordered_at:" in words
    assert "confidence" in words
    assert shop.rows("select * from staged_sales") == []
    mapping = (
        "code: generic_qi\nkind: sales\nsignature: [流水, 成交时刻]\n"
        "columns: {order_no: 流水, ordered_at: 成交时刻, phone: 电话, product: 东西,"
        " quantity: 几个, line_amount: 多少钱}\n"
    )
    (shop.workspace.mappings / "generic_qi.yaml").write_text(mapping, "utf-8")
    report = shop.take(path).files[0]
    assert (report.source, report.staged, report.error) == ("generic_qi", 30, "")


def test_a_broken_mapping_is_an_error_with_its_name(shop: Shop) -> None:
    from shuke.intake.queries import BadMapping

    shop.workspace.mappings.mkdir()
    (shop.workspace.mappings / "mine.yaml").write_text("code: [", "utf-8")
    with pytest.raises(BadMapping, match=r"mine\.yaml"):
        shop.take(shop.write("a.csv", csv_text(HEADER, [GOOD])))


def test_ambiguous_generic_files_are_refused(shop: Shop) -> None:
    names = [f"field{number}" for number in range(12)]
    report: FileReport = shop.refuse(
        "wide.csv", f"order_no,ordered_at,amount,{','.join(names)}\n1,2025-01-02,3,{','.join('x' * 12)}\n".encode()
    )
    assert "mappings" in report.error


def test_a_quote_that_is_never_closed_swallows_no_rows(shop: Shop) -> None:
    header = "order_no,ordered_at,quantity,unit_price,sku"
    rows = ["T1,2025-01-02,1,2,T", 'T2,2025-01-02,1,2,"cut', "T3,2025-01-02,1,2,T"]
    report = shop.bring("cut.csv", csv_text(header, rows))
    assert (report.rows_read, report.staged, report.quarantined) == (3, 2, 1)
    assert [row["order_no"] for row in shop.rows("select order_no from staged_sales order by 1")] == ["T1", "T3"]
    last = shop.bring("end.csv", f'{header}\nU1,2025-01-02,1,2,T\nU2,2025-01-02,1,2,"cu')
    assert (last.staged, last.quarantined, dict(last.parts[0].reasons)) == (1, 1, {"wrong_width": 1})

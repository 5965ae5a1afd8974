"""One file of each channel in the exact shape of its export (`exports/`, invented people), read unaided.

The files are kept as UTF-8; the test writes them in the encoding of the system that they come from.
"""

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from shuke.intake.queries import channels
from tests.intake.conftest import Shop
from tests.intake.test_mappings import workbook

EXPORTS = Path(__file__).parent / "exports"
NO = "2402550827000000530"


@dataclass(frozen=True)
class Expected:
    """What a file becomes: its mapping, the rows staged, and the values of chosen columns, row by row."""

    mapping: str
    encoding: str
    sales: list[dict[str, Any]] = field(default_factory=list)
    persons: list[dict[str, Any]] = field(default_factory=list)


def sale(order_no: str, status: str | None, paid: int | None, **more: Any) -> dict[str, Any]:
    return {"order_no": order_no, "status": status, "order_paid_minor": paid, **more}


def line(line_no: str, amount: int, **more: Any) -> dict[str, Any]:
    return {"order_no": NO, "line_no": line_no, "line_amount_minor": amount, **more}


LINES = [
    line("2402550827000000532", 7580, sku="BG01-Y", product="贝果 4只", line_refunded=False, status="completed"),
    line("2402550827000000533", 1020, line_refund_minor=1020, line_refunded=True),
]
JD = [
    sale("300000004774", "completed", 6160, sku="LJ100", unit_price="22.900000"),
    sale("300000004774", "completed", 6160, sku="XJ1", quantity="1.000"),
]
FILES = {
    "tmall_orders": Expected("tmall", "gb18030", [
        sale(NO, "completed", 8600, order_freight_minor=800, order_platform_discount_minor=1000, shop="禾里旗舰店"),
        sale("2402550827000000531", "cancelled", 8600, order_refund_minor=8600, buyer_key=None),
    ], [{"shop_user_id": "tb9x", "phone": None, "phone_masked": "138****8000", "name_masked": True}]),
    "tmall_orders_2023": Expected("tmall", "utf-8-sig", [
        sale(NO, "completed", 8600, order_goods_minor=8800, product="贝果 4只", buyer_key=None),
        sale("2402550827000000531", "shipped", 8600, order_refund_minor=2000),
    ]),
    "tmall_lines": Expected("tmall_lines", "gbk", LINES),
    "tmall_lines_2023": Expected("tmall_lines", "utf-8-sig", LINES),
    "tmall_lines_sheet": Expected("tmall_lines", "xlsx", LINES),
    "jd": Expected("jd", "gb18030", JD, [{"shop_user_id": "jd_27kg", "phone": None, "phone_virtual": True}]),
    "jd_2024": Expected("jd", "gb18030", [{**row, "status": "shipped"} for row in JD]),
    "jd_daojia": Expected("jd_daojia", "utf-8-sig", [
        sale("2413579246801357", "completed", 4800, store="滨江店", order_platform_discount_minor=500, source="jd"),
        sale("2413579246801358", "cancelled", 2000),
    ]),
    "pdd": Expected("pdd", "utf-8-sig", [
        sale("250102-123456789012345", "completed", 2550, order_platform_discount_minor=450, sku="JG30"),
        sale("250103-123456789012346", "refunded", 2550, ordered_on="2025-01-03"),
    ]),
    "pdd_fullwidth": Expected("pdd", "gb18030", [sale("250102-123456789012345", "completed", 2550)]),
    "douyin": Expected("douyin", "utf-8-sig", [
        {"order_no": "6935000000000000001", "line_no": "6935000000000000002", "line_amount_minor": 3550},
        {"line_no": "6935000000000000003", "status": "refunded", "line_refunded": True, "buyer_key": None},
    ]),
    "douyin_vouchers": Expected("douyin_vouchers", "utf-8-sig", [
        sale("108912345678", "completed", 8800, store="滨江店", source="douyin"),
        sale("108912345679", "cancelled", 8800),
    ]),
    "meituan_vouchers": Expected("meituan_vouchers", "gb18030", [
        sale("991200001111", "completed", 1880, store="滨江店", source="meituan")
    ]),
    "meituan": Expected("meituan", "xlsx", [
        sale("1002098877665544", "completed", 4250, row_grain="order", order_platform_discount_minor=500),
        sale("1002098877665545", "completed", 3000, row_grain="order"),
        sale("1002098877665545", None, None, row_grain="refund", order_refund_minor=1000),
        {"row_grain": "fee"},
        sale("1002098877665544", None, None, row_grain="fee"),
    ]),
    "eleme": Expected("eleme", "utf-8-sig", [
        sale("8012345678901234567", "completed", 4250, ordered_at="2025-01-02 03:30:15", order_freight_minor=400),
        sale("8012345678901234568", "refunded", 2000, order_refund_minor=2000),
    ]),
    "eleme_finance": Expected("eleme", "xlsx", [
        sale("8012345678901234567", None, 4250), sale("8012345678901234567", None, -4250),
    ]),
    "youzan": Expected("youzan", "utf-8-sig", [
        sale("E20250102160848000017", "completed", 126850, associate="励勇"),
        sale("E20250102160848000018", "unpaid", 2000),
    ], [{"phone": "8615048542420", "city": "杭州市", "address": "浙江省杭州市西湖区文三路1号"}]),
    "wechat_shop": Expected("wechat_shop", "xlsx", [
        sale("3720000000000000001", "completed", 4250, sku="LJ100", line_amount_minor=4250, buyer_key="unionid"),
        sale("3720000000000000002", "refunded", 4250, buyer_key="shop_user_id"),
    ]),
    "shopify_orders": Expected("shopify", "utf-8", [
        sale("#1001", "part_refunded", 3500, currency="USD", order_refund_minor=1000, sku="MUG"),
        sale("#1001", None, None, currency="USD", sku="CUP", quantity="2.000"),
    ], [{"email": "ann@example.com", "phone": "14155552671", "name": "Ann Lee", "city": "York"}]),
    "shopify_customers": Expected("shopify_customers", "utf-8", [], [
        {"source": "shopify", "source_row_id": "ann@example.com", "phone": "14155552671", "address": "1 Main Street"}
    ]),
    "shopify_customers_new": Expected("shopify_customers", "utf-8", [], [
        {"source_row_id": "7000000000001", "shop_user_id": "7000000000001", "city": "York"}
    ]),
    "wecom": Expected("wecom", "utf-16", [], [
        {"kind": "contact", "unionid": "o6_bmasdasdsad6_2sgVt7hMZOPfL", "phone": "8613388986219", "associate": "张三"},
        {"gender": None, "associate": "李四"},
    ]),
    "pos": Expected("pos", "gb18030", [
        {"order_no": "HZ0120250102001", "quantity": "2.000", "unit_price": "9.900000", "line_amount_minor": 1980},
        {"quantity": "-1.000", "line_amount_minor": -990, "original_order_no": "HZ0120250102001"},
        {"external_order_no": "MT-1002098877665544", "buyer_key": None},
    ], [{"card": "880000000048", "phone": "8613388986219", "store": "滨江店", "associate": "励勇"}]),
    "member": Expected("member", "xlsx", [], [
        {"card": "880000000048", "opening_points": 973, "registered_on": "2023-11-03", "birthday": "1988-07-25"},
        {"opening_points": 1024}, {"opening_points": None},
    ]),
}  # fmt: skip


def content(name: str, encoding: str) -> tuple[str, bytes]:
    """The file as its system writes it."""
    text = (EXPORTS / f"{name}.csv").read_text("utf-8")
    if encoding == "xlsx":
        rows: list[list[object]] = [list(row) for row in csv.reader(text.splitlines())]
        return f"{name}.xlsx", workbook(("说明", [["导出说明"]]), ("订单明细", rows))
    if encoding == "utf-16":
        return f"{name}.csv", text.replace(",", "\t").encode("utf-16")
    return f"{name}.csv", text.replace("\n", "\r\n").encode(encoding)


def holds(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    for row, wanted in zip(found, expected, strict=False):
        told = {key: value if value is None or isinstance(value, int) else str(value) for key, value in row.items()}
        assert wanted.items() <= told.items(), {
            key: (value, told[key]) for key, value in wanted.items() if told[key] != value
        }


@pytest.mark.parametrize("name", FILES)
def test_an_export_of_each_channel(shop: Shop, name: str) -> None:
    expected = FILES[name]
    file, data = content(name, expected.encoding)
    report = shop.bring(file, data)
    assert (report.source, report.quarantined, report.duplicate) == (expected.mapping, 0, 0)
    assert [part.mapping for part in report.parts] == [expected.mapping]
    assert "unknown_word" not in {note.kind.value for part in report.parts for note in part.notes}
    sales = shop.rows("select * from staged_sales order by row_no")
    assert len(sales) == len(expected.sales)
    holds(sales, expected.sales)
    persons = shop.rows("select * from staged_persons order by row_no")
    assert len(persons) >= len(expected.persons)
    holds(persons, expected.persons)
    if not expected.persons and "buyer_key" in expected.sales[0]:
        assert all(row["buyer_key"] is None for row in sales if row["order_no"] == NO)


def test_every_shipped_mapping_has_its_file(shop: Shop) -> None:
    elsewhere = {  # general files and JSON: tests of their own
        "generic", "generic_online_retail", "person", "interaction", "consent", "coupon", "cost", "woocommerce",
        "woocommerce_customers", "square", "square_customers",
    }  # fmt: skip
    assert {channel.code for channel in channels(shop.workspace)} - elsewhere == {one.mapping for one in FILES.values()}


def test_members_bring_their_points_with_a_control_total(shop: Shop) -> None:
    file, data = content("member", "xlsx")
    report = shop.bring(file, data)
    assert report.totals == {"opening_points_members": 2, "opening_points": 1997}
    assert report.as_document()["control_totals"] == report.totals
    text = (
        (EXPORTS / "member.csv").read_text("utf-8").replace("880000000048", "880000000079").replace(",973,", ",九百,")
    )
    report = shop.bring("member2.csv", "\n".join(text.splitlines()[:2]) + "\n")
    assert (report.staged, report.parts[0].reasons) == (0, {"bad_number": 1})


def test_both_shapes_of_an_order_count_once(shop: Shop) -> None:
    """The sheet of 千牛 tells the same orders as the older export: later versions, not other orders."""
    for name in ("tmall_orders", "tmall_orders_2023"):
        file, data = content(name, FILES[name].encoding)
        shop.bring(file, data)
    assert shop.value("select count(distinct record_id) from staged_sales") == 2

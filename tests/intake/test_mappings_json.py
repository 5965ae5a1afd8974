"""WooCommerce and Square as their REST APIs give them: lists, pages, one object a line; lines inside orders; guests."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from shuke.intake.rules.nested import flat_rows, names_of, unwrapped
from tests.intake.conftest import Shop


def money(amount: int, currency: str = "USD") -> dict[str, Any]:
    return {"amount": amount, "currency": currency}


def woo(number: int, **values: Any) -> dict[str, Any]:
    """An order as /wp-json/wc/v3/orders lists it, two lines."""
    return {
        "id": number, "parent_id": 0, "status": "processing", "currency": "EUR", "version": "8.7.0",
        "prices_include_tax": False, "date_created": "2025-01-02T23:30:00", "date_created_gmt": "2025-01-02T22:30:00",
        "date_paid_gmt": "2025-01-02T22:31:00", "date_completed_gmt": None, "discount_total": "2.00",
        "shipping_total": "5.00", "shipping_tax": "1.00", "total": "40.00", "total_tax": "4.00", "customer_id": 7,
        "number": str(number), "payment_method": "stripe", "payment_method_title": "Credit card",
        "billing": {"first_name": "Ann", "last_name": "Lee", "address_1": "1 Main St", "city": "Lyon", "state": "",
                    "postcode": "69001", "country": "FR", "email": "Ann@X.com", "phone": "+33 6 12 34 56 78"},
        "shipping": {"first_name": "Ann", "last_name": "Lee", "city": "Lyon", "phone": ""},
        "meta_data": [{"id": 1, "key": "_x", "value": {"deep": "1"}}],
        "line_items": [
            {"id": 11, "name": "Tea", "product_id": 93, "variation_id": 0, "quantity": 2, "subtotal": "20.00",
             "total": "18.00", "total_tax": "2.00", "sku": "T1", "price": 9, "meta_data": []},
            {"id": 12, "name": "Cup", "product_id": 94, "variation_id": 0, "quantity": 1, "subtotal": "12.00",
             "total": "12.00", "total_tax": "2.00", "sku": "", "price": 12.00, "meta_data": []},
        ],
        "coupon_lines": [{"code": "spring", "discount": "2.00"}], "refunds": [], **values,
    }  # fmt: skip


SHAPES = {
    "list": lambda orders: json.dumps(orders),
    "indented": lambda orders: json.dumps(orders, indent=2),
    "lines": lambda orders: "\n".join(json.dumps(order) for order in orders),
    "page": lambda orders: json.dumps({"orders": orders, "total": len(orders)}),
    "indented page": lambda orders: json.dumps({"orders": orders}, indent=2),
    "pages": lambda orders: "\n".join(json.dumps({"orders": [order], "cursor": "x"}) for order in orders),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_woocommerce_orders_in_every_shape(shop: Shop, shape: str) -> None:
    guest = woo(102, customer_id=0, status="on-hold")
    back = woo(103, refunds=[{"id": 1, "reason": "", "total": "-3.50"}, {"id": 2, "reason": "", "total": "-1.50"}])
    report = shop.bring("orders.json", SHAPES[shape]([woo(101), guest, back]))
    assert (report.source, report.rows_read, report.staged) == ("woocommerce", 6, 6)
    first, second = shop.rows("select * from staged_sales where order_no = '101' order by row_no")
    assert (first["line_no"], first["sku"], first["quantity"], first["unit_price"]) == (
        "11", "T1", Decimal("2.000"), Decimal("9.000000"),
    )  # fmt: skip
    assert (first["line_amount_minor"], second["line_amount_minor"], second["sku"]) == (2000, 1400, "94")
    assert {(row["order_paid_minor"], row["order_freight_minor"], row["currency"]) for row in (first, second)} == {
        (4000, 600, "EUR")
    }
    # the shop's zone decides the day; the file tells UTC
    assert (first["ordered_at"], first["ordered_on"]) == (datetime(2025, 1, 2, 22, 30), date(2025, 1, 3))
    assert shop.rows("select distinct order_no, status, order_refund_minor as back from staged_sales order by 1") == [
        {"order_no": "101", "status": "paid", "back": None},
        {"order_no": "102", "status": "unpaid", "back": None},
        {"order_no": "103", "status": "paid", "back": 500},
    ]
    buyers = shop.rows("select source_row_id, shop_user_id, name, phone, email from staged_persons order by 1")
    assert [(row["source_row_id"], row["shop_user_id"]) for row in buyers] == [
        ("101", "7"),
        ("102", None),
        ("103", "7"),
    ]
    assert (buyers[0]["name"], buyers[0]["phone"], buyers[0]["email"]) == ("Ann Lee", "33612345678", "ann@x.com")


def test_woocommerce_customers_are_no_orders(shop: Shop) -> None:
    shop.bring("orders.json", json.dumps([woo(7)]))
    customer = {
        "id": 7, "date_created_gmt": "2024-05-06T07:08:09", "email": "ann@x.com", "first_name": "Ann",
        "last_name": "Lee", "role": "customer", "username": "ann",
        "billing": {"phone": "+33612345678", "city": "Lyon", "email": ""},
        "is_paying_customer": True,
    }  # fmt: skip
    report = shop.bring("customers.json", json.dumps([customer]))
    assert (report.source, report.staged) == ("woocommerce_customers", 1)
    both = shop.rows("select source, source_row_id, record_id, shop_user_id from staged_persons order by 2")
    assert [(row["source"], row["source_row_id"], row["shop_user_id"]) for row in both] == [
        ("woocommerce", "7", "7"), ("woocommerce", "customer:7", "7"),
    ]  # fmt: skip
    assert both[0]["record_id"] != both[1]["record_id"]


def square(number: str, **values: Any) -> dict[str, Any]:
    """An order as orders/search gives it."""
    return {
        "id": number, "location_id": "L1", "reference_id": "my-1", "source": {"name": "Square Online"},
        "customer_id": "CUST1", "created_at": "2025-01-02T22:30:00.123Z", "closed_at": "2025-01-02T22:31:00Z",
        "state": "COMPLETED", "version": 4, "total_money": money(2380), "total_tax_money": money(180),
        "total_discount_money": money(100), "total_tip_money": money(0), "total_service_charge_money": money(0),
        "net_amounts": {"total_money": money(2380)},
        "tenders": [{"id": "t1", "type": "CARD", "amount_money": money(2380), "created_at": "2025-01-02T22:31:00Z"}],
        "line_items": [
            {"uid": "u1", "name": "Tea", "quantity": "2", "catalog_object_id": "CAT1", "variation_name": "100 g",
             "base_price_money": money(1000), "gross_sales_money": money(2000), "total_discount_money": money(100),
             "total_money": money(2080)},
            {"uid": "u2", "name": "Cup", "quantity": "1", "catalog_object_id": "CAT2", "base_price_money": money(300),
             "total_discount_money": money(0), "total_money": money(300)},
        ], **values,
    }  # fmt: skip


@pytest.mark.parametrize("shape", ["list", "lines", "page", "indented page"])
def test_square_orders_in_minor_units(shop: Shop, shape: str) -> None:
    refund = {"id": "r1", "status": "COMPLETED", "amount_money": money(500)}
    report = shop.bring("square.json", SHAPES[shape]([square("A"), square("B", refunds=[refund])]))
    assert (report.source, report.staged) == ("square", 4)
    first, second = shop.rows("select * from staged_sales where order_no = 'A' order by row_no")
    assert (first["order_paid_minor"], first["currency"], first["line_amount_minor"]) == (2380, "USD", 2080)
    assert (first["unit_price"], first["quantity"], first["line_discount_minor"]) == (
        Decimal("10.000000"), Decimal("2.000"), 100,
    )  # fmt: skip
    assert (second["line_no"], second["external_order_no"], second["status"]) == ("u2", "my-1", "completed")
    assert shop.value("select max(order_refund_minor) from staged_sales where order_no = 'B'") == 500
    assert shop.value("select min(shop_user_id) from staged_persons") == "CUST1"


def test_square_open_orders_and_returns(shop: Shop) -> None:
    back = square(
        "R", line_items=[], total_money=money(0), net_amounts={"total_money": money(-2080)},
        returns=[{"source_order_id": "A"}], refunds=[{"id": "r", "status": "COMPLETED", "amount_money": money(2080)}],
        closed_at="2025-01-05T01:00:00Z",
    )  # fmt: skip
    unpaid = square("O", state="OPEN", tenders=[], closed_at=None)
    report = shop.bring("square.json", json.dumps([square("A"), square("P", state="OPEN"), unpaid, back]))
    assert report.staged == 7
    told = shop.rows("select distinct order_no, status, order_paid_minor as paid from staged_sales order by 1")
    assert [(row["order_no"], row["status"], row["paid"]) for row in told] == [
        ("A", "completed", 2380), ("O", "unpaid", 2380), ("P", "paid", 2380), ("R", "completed", -2080),
    ]  # fmt: skip
    assert shop.value("select original_order_no from staged_sales where order_no = 'R'") == "A"


def test_square_customers(shop: Shop) -> None:
    customer = {
        "id": "CUST1", "created_at": "2024-05-06T07:08:09Z", "given_name": "Ann", "family_name": "Lee",
        "email_address": "Ann@x.com", "phone_number": "+14155552671", "birthday": "1990-03-04",
        "creation_source": "POS",
        "address": {"locality": "York", "country": "US"}, "group_ids": ["g1", "g2"],
    }  # fmt: skip
    report = shop.bring("customers.json", json.dumps({"customers": [customer], "cursor": "n"}))
    assert (report.source, report.staged) == ("square_customers", 1)
    person = shop.row("select * from staged_persons")
    assert (person["source"], person["source_row_id"], person["name"]) == ("square", "CUST1", "Ann Lee")
    assert (person["phone"], person["birthday"], person["city"]) == ("14155552671", date(1990, 3, 4), "York")


def test_a_currency_without_cents_is_not_multiplied(shop: Shop) -> None:
    shop.bring("woo.json", json.dumps([woo(1, currency="JPY", total="4000"), woo(2, currency="KWD", total="4.125")]))
    shop.bring("square.json", json.dumps([square("J", total_money=money(4000, "JPY"))]))
    assert shop.rows("select distinct source, order_no, order_paid_minor as paid from staged_sales order by 1, 2") == [
        {"source": "square", "order_no": "J", "paid": 4000},
        {"source": "woocommerce", "order_no": "1", "paid": 4000},
        {"source": "woocommerce", "order_no": "2", "paid": 4125},
    ]


def test_pages_and_records_are_told_apart() -> None:
    page = {"data": {"items": [{"no": "1"}, {"no": "2"}], "total": "2"}, "code": "0", "msg": "ok"}
    assert unwrapped(page) == [{"no": "1"}, {"no": "2"}]
    order = {"orderId": "1", "items": [{"sku": "A"}]}
    assert unwrapped([order]) == [order]
    assert unwrapped({"orders": []}) == []
    assert unwrapped({"data": {"orderId": "1"}}) == [{"orderId": "1"}]


def test_rows_of_a_record() -> None:
    record = {"no": "1", "lines": [{"sku": "A", "tags": ["x", "y"]}, {"sku": "B"}], "notes": [{"t": "5"}, {"t": "2.5"}]}
    assert names_of(record) == ["no", "lines.sku", "lines.tags", "notes.t"]
    assert flat_rows(record, rows="lines", lists={"notes.t": "sum"}) == [
        {"no": "1", "notes.t": "7.5", "lines.sku": "A", "lines.tags": "x;y"},
        {"no": "1", "notes.t": "7.5", "lines.sku": "B"},
    ]
    assert flat_rows(record)[0]["lines.sku"] == "A;B"
    assert flat_rows({"no": "1", "lines": []}, rows="lines") == [{"no": "1"}]


def test_wecom_contacts_as_the_api_lists_them(shop: Shop) -> None:
    contacts = [
        {
            "external_contact": {"external_userid": "wmA", "name": "静待花开", "type": 1, "gender": 2,
                                 "unionid": "oH1"},
            "follow_info": {"userid": "zhangsan", "remark": "王姐", "createtime": 1735805045,
                            "remark_mobiles": ["13388986219", "13588986219"], "tag_id": ["t1"]},
        },
        {
            "external_contact": {"external_userid": "wmB", "name": "x", "type": 1, "gender": 0},
            "follow_info": {"userid": "lisi", "createtime": 1735805046, "remark_mobiles": []},
        },
    ]  # fmt: skip
    page = {"errcode": 0, "errmsg": "ok", "external_contact_list": contacts, "next_cursor": "r9"}
    report = shop.bring("wecom.json", json.dumps(page, ensure_ascii=False))
    assert (report.source, report.staged) == ("wecom", 2)
    first, second = shop.rows("select * from staged_persons order by row_no")
    assert (first["source_row_id"], first["name"], first["unionid"]) == ("wmA", "静待花开", "oH1")
    assert (first["phone"], first["associate"], first["gender"]) == ("8613388986219", "zhangsan", "female")
    assert (second["phone"], second["seen_at"]) == (None, datetime(2025, 1, 2, 8, 4, 6))

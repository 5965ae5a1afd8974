"""What a file tells beside the status or on another row of the order: refunds, cancellations, currencies, days."""

from datetime import date

from tests.intake.conftest import Shop, csv_text
from tests.intake.test_mappings import SHOPIFY, cells


def test_a_refund_told_beside_the_status_is_no_cancellation(shop: Shop) -> None:
    pdd = "商品,订单号,订单状态,用户实付金额(元),商家实收金额(元),订单成交时间,售后状态"
    rows = [
        "茶,250102-1,已收货,30,30,2025-01-02 03:04:05,退款成功",
        "茶,250103-2,未发货，退款成功,30,30,,退款成功",
        "茶,250104-3,已发货，待收货,30,30,2025-01-04 03:04:05,售后处理中",
        "茶,250105-4,已取消,30,30,,无售后或售后取消",
    ]
    shop.bring("pdd.csv", csv_text(pdd, rows))
    eleme = "订单编号,门店ID,商户名称,订单状态,退款状态,下单时间,订单序号,用户实付"
    shop.bring("ele.csv", csv_text(eleme, ["8001,9,滨江,已完成,全部退款,2025年01月02日 11:30:15,3,42.5"]))
    douyin = "主订单编号,子订单编号,选购商品,商品数量,订单应付金额,订单提交时间,订单状态,售后状态"
    rows = [f"{n},{n},茶,1,25.5,2025-01-02 03:04:05,已关闭,{word}" for n, word in ((1, "退款成功"), (2, "-"))]
    shop.bring("dy.csv", csv_text(douyin, rows))
    told = shop.rows("select order_no, status, ordered_on from staged_sales order by order_no")
    assert [(row["order_no"], row["status"]) for row in told] == [
        ("1", "refunded"), ("2", "cancelled"), ("250102-1", "refunded"), ("250103-2", "refunded"),
        ("250104-3", "shipped"), ("250105-4", "cancelled"), ("8001", "refunded"),
    ]  # fmt: skip
    # Pinduoduo leaves the time blank at times; its order numbers begin with the day
    assert [row["ordered_on"] for row in told[3:6:2]] == [date(2025, 1, 3), date(2025, 1, 5)]


def test_shopify_follow_up_rows_cancellations_and_customers(shop: Shop) -> None:
    header = f"{SHOPIFY},Cancelled at"
    at = "2025-01-02 10:00:00 -0500"

    def row(name: str, status: str, *, cancelled: str = "", currency: str = "USD") -> str:
        given = {"Created at": at, "Financial Status": status, "Lineitem quantity": "1", "Lineitem name": "Cup"}
        return cells(
            header, Name=name, Currency=currency, **given, **{"Lineitem price": "1", "Cancelled at": cancelled}
        )

    rows = [
        row("#1", "paid"), row("#1", "", currency=""), row("#2", "paid", cancelled=at),
        row("#3", "refunded", cancelled=at), row("#4", "paid", currency=""),
    ]  # fmt: skip
    shop.bring("orders.csv", csv_text(header, rows))
    told = shop.rows("select order_no, status, currency from staged_sales order by row_no")
    assert [(sale["order_no"], sale["status"], sale["currency"]) for sale in told] == [
        ("#1", "paid", "USD"), ("#1", None, "USD"), ("#2", "cancelled", "USD"),
        ("#3", "refunded", "USD"), ("#4", "paid", "CNY"),
    ]  # fmt: skip
    customers = "First Name,Last Name,Email,Accepts Email Marketing,City,Phone,Total Spent,Total Orders"
    report = shop.bring("customers.csv", csv_text(customers, ["Ann,Lee,Ann@X.com,yes,York,'+14155552671,30,1"]))
    assert (report.source, report.staged) == ("shopify_customers", 1)
    person = shop.row("select * from staged_persons where kind = 'person'")
    assert (person["source"], person["source_row_id"], person["name"]) == ("shopify", "Ann@X.com", "Ann Lee")
    assert (person["email"], person["phone"], person["city"]) == ("ann@x.com", "14155552671", "York")

"""Rules about products, prices, numbers, days and files: each finds what was planted, and is silent beside it."""

from datetime import date, timedelta
from decimal import Decimal

from tests.checkup.conftest import AS_OF, Shop

DAY = date(2026, 11, 2)


def sell(shop: Shop, *, sku: str, prices: dict[str, int], **values: object) -> None:
    """Receipts of one line each: unit price in yuan -> how many."""
    for price, times in prices.items():
        for number in range(times):
            amount = int(Decimal(price) * 100)
            given = {"sku": sku, "customer_id": 1, "unit_price": Decimal(price), "line_amount_minor": amount, **values}
            shop.receipt(f"{sku}-{price}-{number}", **given)


def test_prices_with_a_slipped_comma(shop: Shop) -> None:
    """Twenty-eight at ten yuan: 100 and 1 are slips, a half and the double are prices."""
    sell(shop, sku="A", prices={"10": 60, "100": 1, "1": 1, "5": 3, "20": 3})
    sell(shop, sku="seldom", prices={"10": 5, "100": 1})
    sell(shop, sku="two kinds", prices={"1": 20, "10": 20})
    with shop.rules("price_far_from_usual"):
        assert shop.sums("price_far_from_usual") == (2, 2, 9000 + 900)


def test_quantities_that_cannot_be_right(shop: Shop) -> None:
    shop.receipt("none", customer_id=1, quantity=Decimal(0), line_amount_minor=700)
    shop.receipt("gift", customer_id=1, quantity=Decimal(0), line_amount_minor=0)
    shop.receipt("barcode", customer_id=1, quantity=Decimal(6901234567), line_amount_minor=900)
    shop.receipt("many", customer_id=1, quantity=Decimal(9000), line_amount_minor=5000)
    with shop.rules("quantity_implausible"):
        assert shop.sums("quantity_implausible") == (2, 2, 1600)


def test_sold_below_its_cost(shop: Shop) -> None:
    shop.product("A", unit_cost_minor=800)
    shop.product("B", unit_cost_minor=800)
    sell(shop, sku="A", prices={"10": 5, "5": 2})
    sell(shop, sku="B", prices={"8": 5})
    with shop.rules("sold_below_cost"):
        assert shop.sums("sold_below_cost") == (1, 0, 2 * 300)


def test_products_without_cost_or_category(shop: Shop) -> None:
    shop.product("A")
    shop.product("B", unit_cost_minor=None, category=None)
    shop.product("old", unit_cost_minor=None)
    shop.product("unsold", unit_cost_minor=None, category=None)
    sell(shop, sku="A", prices={"10": 2})
    sell(shop, sku="B", prices={"10": 3})
    sell(shop, sku="old", prices={"10": 1}, day=AS_OF - timedelta(days=100))
    with shop.rules("product_without_cost", "product_without_category"):
        assert shop.sums("product_without_cost") == (1, 0, 3000)
        assert shop.sums("product_without_category") == (1, 0, 3000)


def test_a_shop_that_keeps_no_costs_is_not_told_about_each_product(shop: Shop) -> None:
    for number in range(30):
        shop.product(f"P{number}", unit_cost_minor=None, category=None)
    sell(shop, sku="P1", prices={"10": 3})
    with shop.rules("product_without_cost", "product_without_category"):
        assert shop.sums("product_without_cost") == shop.sums("product_without_category") == (0, 0, 0)


def test_one_code_for_two_things(shop: Shop) -> None:
    """Side by side for a month is two things; one name after another, brackets and blanks are one."""
    for back in range(30):
        day = DAY - timedelta(days=back)
        shop.receipt(f"a{back}", day=day, customer_id=1, sku="A", product="燕麦奶 1L")
        shop.receipt(f"s{back}", day=day, customer_id=1, sku="S", product="面包(大)" if back % 2 else "面包 （大）")
        shop.receipt(f"r{back}", day=day, customer_id=1, sku="R", product="新名" if back < 15 else "旧名")
        if back % 3 == 0:
            shop.receipt(f"b{back}", day=day, customer_id=1, sku="A", product="酸奶杯", line_amount_minor=500)
    with shop.rules("product_code_many_names"):
        assert shop.sums("product_code_many_names") == (1, 0, 5000)
        assert shop.details("product_code_many_names") == [(None, "A 燕麦奶 1L / 酸奶杯")]


def test_another_currency(shop: Shop) -> None:
    for number in range(3):
        shop.receipt(f"{number}", customer_id=1)
    shop.receipt("hk", customer_id=1, currency="HKD", line_amount_minor=4200)
    with shop.rules("currency_mixed"):
        assert shop.sums("currency_mixed") == (1, 1, 4200)


def test_orders_of_which_one_half_was_exported(shop: Shop) -> None:
    for number in range(4):
        shop.sale(f"T{number}", source="tmall", row_grain="order", order_paid_minor=1000)
        shop.sale(f"T{number}", source="tmall", batch_id=2, sku="A", line_amount_minor=1000)
    shop.sale("no lines", source="tmall", row_grain="order", order_paid_minor=3000)
    shop.sale("no total", source="tmall", batch_id=2, sku="A", line_amount_minor=500)
    shop.sale("Y1", source="youzan", row_grain="order", order_paid_minor=700)
    shop.receipt("P1", customer_id=1)
    with shop.rules("orders_half_exported"):
        assert shop.sums("orders_half_exported") == (2, 2, 3500)
        assert shop.details("orders_half_exported") == [("no lines", "lines_missing"), ("no total", "total_missing")]


def test_a_number_that_stands_for_two_orders(shop: Shop) -> None:
    """Two stores in one file, two days in one file, years apart over two files; a line added the next day is none."""
    shop.receipt("0001", customer_id=1)
    shop.receipt("0001", customer_id=1, store="萧山店")
    shop.receipt("0002", customer_id=1)
    shop.receipt("0002", customer_id=1, day=DAY - timedelta(days=4))
    shop.receipt("0003", customer_id=1)
    shop.receipt("0003", customer_id=1, day=DAY - timedelta(days=300), batch_id=2)
    shop.receipt("fine", customer_id=1)
    shop.receipt("fine", customer_id=1, day=DAY + timedelta(days=1))
    shop.receipt("mended", customer_id=1)
    shop.receipt("mended", customer_id=1, day=DAY + timedelta(days=1), batch_id=2)
    back = {"quantity": Decimal(-1), "line_amount_minor": -1000}
    shop.receipt("returned", customer_id=1)
    shop.receipt("returned", customer_id=1, day=DAY + timedelta(days=9), **back)
    with shop.rules("order_number_reused"):
        assert shop.sums("order_number_reused")[1] == 3
        numbers = [("0001", "two_stores"), ("0002", "two_days"), ("0003", "two_days")]
        assert shop.details("order_number_reused") == numbers


def test_returns_before_the_sale_and_long_after_it(shop: Shop) -> None:
    back = {"customer_id": 1, "quantity": Decimal(-1), "line_amount_minor": -1000}
    for number, days in (("1", -2), ("2", 30), ("3", 200)):
        shop.receipt(number, customer_id=1, day=DAY - timedelta(days=220))
        later = DAY - timedelta(days=220 - days)
        shop.receipt(f"R{number}", day=later, original_order_no=number, **back)
    with shop.rules("return_before_sale", "return_after_long"):
        assert shop.sums("return_before_sale") == (1, 1, 1000)
        assert shop.sums("return_after_long") == (1, 1, 1000)


def test_orders_on_impossible_days(shop: Shop) -> None:
    shop.imported(file="a.csv", day=AS_OF - timedelta(days=1))
    shop.receipt("fine", customer_id=1)
    shop.receipt("next century", customer_id=1, day=date(2062, 11, 2))
    shop.receipt("epoch", customer_id=1, day=date(1970, 1, 1))
    shop.receipt("none", customer_id=1, ordered_on=None)
    with shop.rules("order_date_impossible"):
        assert shop.sums("order_date_impossible") == (3, 3, 3000)
        told = [("epoch", "long_ago"), ("next century", "future"), ("none", "no_day")]
        assert shop.details("order_date_impossible") == told


def test_a_past_day_told_again_has_no_orders_of_the_future(shop: Shop) -> None:
    shop.imported(file="a.csv", day=AS_OF)
    shop.receipt("1", customer_id=1, day=DAY - timedelta(days=60))
    shop.receipt("2", customer_id=1, day=DAY)
    with shop.rules("order_date_impossible", as_of=DAY - timedelta(days=30)):
        assert shop.sums("order_date_impossible") == (0, 0, 0)


def test_a_month_of_which_most_is_missing(shop: Shop) -> None:
    """Seventy orders a month and ten in August are a gap; the quiet store and the month under way are none."""
    months = {6: 70, 7: 70, 8: 10, 9: 70, 10: 70, 11: 5}
    for month, orders in months.items():
        for number in range(orders):
            day = date(2026, month, 1 + number % 28)
            shop.receipt(f"{month}-{number}", day=day, customer_id=1)
            if number % 5 == 0:
                shop.receipt(f"q{month}-{number}", day=day, customer_id=1, store="小店")
    with shop.rules("month_dropped") as lake:
        assert shop.sums("month_dropped") == (1, 10, 60_000)
        assert lake.value("select store from finding_month_dropped") == "滨江店"


def test_a_file_cut_off_at_the_export_limit(shop: Shop) -> None:
    for number, day in enumerate((DAY, DAY, DAY - timedelta(days=5), DAY - timedelta(days=9))):
        shop.receipt(f"{number}", customer_id=1, day=day)
    edges = {"first_on": DAY - timedelta(days=9), "last_on": DAY}
    shop.imported(file="full.csv", day=AS_OF, rows_read=5000, staged=5000, **edges)
    shop.imported(file="fine.csv", day=AS_OF, rows_read=5001, staged=5001, **edges)
    shop.imported(file="会员.csv", day=AS_OF, rows_read=5000, staged=5000, kind="persons")
    with shop.rules("export_cut_off"):
        assert shop.sums("export_cut_off") == (1, 3, 3000)


def test_text_in_the_wrong_encoding(shop: Shop) -> None:
    shop.customer(7, name="锟斤拷")
    shop.customer(8, name="朱锟")
    shop.receipt("1", customer_id=7, product="燕麦奶")
    shop.receipt("2", customer_id=8, product="????", line_amount_minor=700)
    shop.receipt("3", customer_id=8, product="什么??", line_amount_minor=700)
    shop.tables["stores"].append({"store": "���˵�", "last_seen_on": DAY})
    with shop.rules("garbled_text"):
        assert shop.sums("garbled_text") == (3, 1, 1700)
        assert {detail for _, detail in shop.details("garbled_text")} == {"7", "????", "���˵�"}


def test_a_state_never_seen_and_columns_that_changed(shop: Shop) -> None:
    shop.imported(file="a.csv", day=AS_OF, first_on=DAY, last_on=DAY)
    shop.receipt("1", customer_id=1)
    note = {
        "batch_id": 1,
        "source": "pos",
        "mapping": "pos",
        "column_name": "状态",
        "word": "已核销",
        "field": "status",
    }
    counted = {"rows": 3, "orders": 2, "amount_minor": 900}
    notes = [
        {**note, "kind": "unknown_word", **counted},
        {**note, "kind": "unknown_word", **counted, "field": "gender", "word": "保密"},
        {**note, "kind": "column_gone", **counted, "field": "associate", "column_name": "导购", "word": ""},
        {**note, "kind": "column_renamed", **counted, "field": "store", "column_name": "门店", "word": "网点"},
        {**note, "kind": "new_column", **counted, "field": "", "column_name": "备注", "word": ""},
        {**note, "kind": "encrypted", **counted, "field": "phone", "word": ""},
    ]
    shop.tables["import_schema_notes"] = notes
    with shop.rules("status_unknown", "columns_changed"):
        assert shop.sums("status_unknown") == (3, 2, 900)
        assert shop.sums("columns_changed") == (2, 1, 1000)
        assert shop.details("columns_changed") == [(None, "column_gone 导购"), (None, "column_renamed 门店")]


def test_products_and_files_of_a_clean_shop(shop: Shop) -> None:
    """Half a year of two products with costs, categories, discounts and returns: nothing to tell."""
    shop.customer(1)
    for sku in "AB":
        shop.product(sku)
    for back in range(180):
        day = AS_OF - timedelta(days=1 + back)
        for number in range(13):
            price = Decimal(10) if number % 4 else Decimal(8)
            given = {"sku": "AB"[number % 2], "product": f"商品{'AB'[number % 2]}", "unit_price": price}
            shop.receipt(
                f"{back}-{number}", day=day, customer_id=1 + number, line_amount_minor=int(price * 100), **given
            )
    for number in range(1, 14):
        shop.agreed(number)
    shop.imported(file="a.csv", day=AS_OF, first_on=DAY, last_on=DAY)
    gone = {"quantity": Decimal(-1), "line_amount_minor": -1000, "original_order_no": "9-1", "customer_id": 2}
    shop.receipt("R", day=AS_OF - timedelta(days=2), sku="B", product="商品B", **gone)
    with shop.checked() as lake:
        assert lake.rows("select code, rows from findings") == []

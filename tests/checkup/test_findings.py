"""Each rule finds what was planted, with its rows, orders and money, and nothing where all is well."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from shuke.kernel.ids import record_id, stable_hash
from shuke.lake.queries import specs
from tests.checkup.conftest import Shop

DAY = date(2026, 11, 2)


def test_a_clean_shop_has_no_finding(shop: Shop) -> None:
    shop.receipt("1", customer_id=1)
    shop.agreed(1)
    with shop.checked() as lake:
        assert lake.rows("select code from findings") == []
        assert lake.value("select count(*) from finding_rows") == 0


def test_repeats_across_exports(shop: Shop) -> None:
    for number in ("1", "2"):
        row = shop.receipt(number, customer_id=1)
        shop.dropped(row, batch_id=2, outcome="duplicate", reason="repeated_export", amount_minor=1000)
    shop.agreed(1)
    with shop.rules("repeated_export_duplicate"):
        assert shop.sums("repeated_export_duplicate") == (2, 2, 2000)


def test_sales_without_a_customer_count_repeated_rows_and_money_once(shop: Shop) -> None:
    row = shop.receipt("1")
    shop.receipt("1", sku="B")
    shop.receipt("2", customer_id=1)
    shop.agreed(1)
    shop.dropped(row, batch_id=2, outcome="duplicate", reason="repeated_export", amount_minor=1000)
    with shop.checked() as lake:
        assert shop.found("sales_without_customer") == (3, 1, 2000)
        summary = lake.rows("select sales_minor, attached_minor from checkup_summary")
    assert summary == [{"sales_minor": 3000, "attached_minor": 1000}]


def test_quarantined_rows_leave_out_totals(shop: Shop) -> None:
    row = shop.receipt("1", customer_id=1)
    shop.agreed(1)
    shop.dropped({**row, "order_no": "9"}, batch_id=1, outcome="quarantined", reason="bad_date", amount_minor=700)
    shop.dropped({**row, "order_no": None}, batch_id=1, outcome="quarantined", reason="total_row", amount_minor=99_000)
    with shop.rules("quarantined_rows"):
        assert shop.sums("quarantined_rows") == (1, 1, 700)


def test_an_order_in_two_systems_and_equal_lines(shop: Shop) -> None:
    shop.sale("M1", source="meituan", row_grain="order", order_paid_minor=5000)
    shop.receipt("P1", external_order_no="M1", line_amount_minor=5000, customer_id=1)
    for _ in range(3):
        shop.receipt("2", line_no=None, line_amount_minor=400, customer_id=1)
    shop.agreed(1)
    with shop.rules("order_in_two_systems", "identical_lines_suspect"):
        assert shop.sums("order_in_two_systems") == (1, 1, 5000)
        assert shop.sums("identical_lines_suspect") == (2, 1, 800)


def test_returns_with_and_without_a_trace(shop: Shop) -> None:
    shop.receipt("1", customer_id=1, sku="A", quantity=Decimal(2), line_amount_minor=2000)
    shop.receipt("R1", customer_id=1, sku="A", quantity=Decimal(-1), line_amount_minor=-1000)
    shop.receipt("R2", customer_id=1, sku="B", quantity=Decimal(-1), line_amount_minor=-700)
    shop.receipt("R3", sku="A", quantity=Decimal(-1), line_amount_minor=-600)
    linked = {"sku": "A", "quantity": Decimal(-1), "line_amount_minor": -1000, "original_order_no": "1"}
    shop.receipt("R4", customer_id=1, **linked)
    shop.agreed(1)
    with shop.checked() as lake:
        assert shop.found("returns_not_linked") == (1, 1, 1000)
        assert shop.found("returns_without_original") == (2, 2, 1300)
        rows = lake.rows("select detail from finding_rows where code = 'returns_without_original' order by n")
    assert [row["detail"] for row in rows] == ["never_bought", "nobody_known"]


def test_lines_that_are_no_goods_and_prices_of_nothing(shop: Shop) -> None:
    shop.receipt("1", customer_id=1)
    shop.receipt("1", customer_id=1, sku="POST", product="POSTAGE", line_amount_minor=1800)
    shop.receipt("1", customer_id=1, sku="G", product="赠饮", unit_price=Decimal(0), line_amount_minor=0)
    shop.agreed(1)
    with shop.rules("lines_not_goods", "zero_or_negative_price"):
        assert shop.sums("lines_not_goods") == (1, 1, 1800)
        assert shop.sums("zero_or_negative_price") == (1, 1, 0)


def test_totals_that_lines_do_not_explain(shop: Shop) -> None:
    shop.sale("ok", source="jd", sku="A", line_amount_minor=5000, order_paid_minor=5600, order_freight_minor=600)
    shop.sale("off", source="jd", sku="A", line_amount_minor=5000, order_paid_minor=4200)
    shop.sale("bad", source="jd", sku="A", line_amount_minor=5000, order_paid_minor=9900)
    shop.sale("half", source="jd", sku="A", line_amount_minor=5000, order_paid_minor=2000)
    with shop.rules("total_differs_from_lines"):
        assert shop.sums("total_differs_from_lines") == (2, 2, 4900 + 3000)


def test_more_refunded_than_paid(shop: Shop) -> None:
    shop.sale("1", source="youzan", row_grain="order", order_paid_minor=3000, order_refund_minor=3500)
    shop.receipt("2", sku="A", quantity=Decimal(1), line_amount_minor=1000)
    shop.receipt("R", sku="A", quantity=Decimal(-2), line_amount_minor=-2000, original_order_no="2")
    shop.receipt("exchange", sku="A", quantity=Decimal(1), line_amount_minor=1000)
    shop.receipt("exchange", sku="B", quantity=Decimal(-1), line_amount_minor=-1800)
    with shop.rules("refund_exceeds_paid"):
        assert shop.sums("refund_exceeds_paid") == (2, 2, 500 + 1000)


def test_hidden_and_invented_phones(shop: Shop) -> None:
    shop.sale("T1", source="tmall", row_grain="order", order_paid_minor=900)
    shop.person("T1", source="tmall", phone_masked="138****8000", phone_virtual=False)
    shop.sale("M1", source="meituan", row_grain="order", order_paid_minor=800)
    shop.receipt("P1", line_amount_minor=700)
    shop.person("P1", phone_virtual=False)
    shop.receipt("P2", line_amount_minor=600)
    shop.phone("P2", block_reason="list")
    shop.receipt("P3", line_amount_minor=500)
    shop.phone("P3", block_reason="till")
    with shop.rules("masked_or_virtual_phone", "dummy_phone", "shared_phone"):
        assert shop.sums("masked_or_virtual_phone") == (2, 2, 1700)
        assert shop.sums("dummy_phone") == (2, 2, 1300)
        assert shop.sums("shared_phone") == (1, 1, 500)


def test_one_person_with_two_cards(shop: Shop) -> None:
    for number, card in (("1", "A11"), ("2", "A12"), ("3", "A12")):
        shop.receipt(number, customer_id=5)
        shop.card(5, card=card)
    shop.agreed(5)
    with shop.rules("two_cards_one_person"):
        assert shop.sums("two_cards_one_person") == (2, 3, 3000)


def test_people_without_any_consent_statement(shop: Shop) -> None:
    shop.receipt("1", customer_id=1)
    shop.receipt("2", customer_id=2)
    shop.agreed(2)
    with shop.rules("consent_unknown"):
        assert shop.sums("consent_unknown") == (1, 1, 1000)


def test_the_day_on_which_a_store_stopped_registering(shop: Shop) -> None:
    """Seven in ten receipts name a member in both stores, until one store's stop on a certain day."""
    stop = DAY - timedelta(days=30)
    for back in range(120):
        day = DAY - timedelta(days=back)
        for number in range(4):
            known = (back * 4 + number) % 10 < 7
            shop.receipt(f"a{back}-{number}", day=day, store="滨江店", customer_id=1 if known else None)
            still = known and day < stop
            shop.receipt(f"b{back}-{number}", day=day, store="萧山店", customer_id=1 if still else None)
    shop.agreed(1)
    with shop.checked() as lake:
        rows, orders, money = shop.found("store_stopped_registering")
        assert (rows, orders, money) == (124, 124, 124_000)
        broken = lake.rows("select store, from_on, since_share from registration_breaks")
        assert broken == [{"store": "萧山店", "from_on": stop, "since_share": 0.0}]


def test_days_without_sales_are_found_and_habits_are_not(shop: Shop) -> None:
    """Closed every Sunday is a habit; three missing weekdays are a gap worth the usual sales of those days."""
    gap = {DAY - timedelta(days=back) for back in (20, 21, 22)}
    for back in range(70):
        day = DAY - timedelta(days=back)
        if day.weekday() == 6 or day in gap:
            continue
        for number in range(13):
            shop.receipt(f"{back}-{number}", day=day, customer_id=1)
    shop.agreed(1)
    weekdays = [day for day in gap if day.weekday() != 6]
    with shop.checked(as_of=DAY + timedelta(days=1)) as lake:
        assert shop.found("days_missing") == (len(weekdays), 0, 13_000 * len(weekdays))
        days = lake.rows("select ordered_on from finding_rows where code = 'days_missing' order by ordered_on")
    assert [row["ordered_on"] for row in days] == sorted(weekdays)


def test_a_till_whose_clock_is_eight_hours_slow(shop: Shop) -> None:
    """Ten to twenty-one is open; one store's till writes eight hours less for ten days."""
    wrong = {DAY - timedelta(days=back) for back in range(40, 50)}
    for back in range(100):
        day = DAY - timedelta(days=back)
        for store in ("滨江店", "观前店", "天一店"):
            for number in range(6):
                at = datetime(day.year, day.month, day.day, 2 + 2 * number)
                slow = store == "观前店" and day in wrong
                moved = at - timedelta(hours=8) if slow else at
                shop.receipt(f"{store}{back}-{number}", day=day, store=store, ordered_at=moved, customer_id=1)
    shop.agreed(1)
    with shop.checked() as lake:
        assert shop.found("clock_skew") == (60, 60, 60_000)
        days = lake.rows("select distinct ordered_on from skewed_days order by 1")
        assert [row["ordered_on"] for row in days] == sorted(wrong)
        hours = lake.value("select value from finding_parameters where code = 'clock_skew' and name = 'slow_hours'")
    assert hours == "8"


def test_nothing_of_the_day_itself_or_later_counts(shop: Shop) -> None:
    shop.receipt("1", day=DAY)
    shop.receipt("2", day=DAY + timedelta(days=1))
    with shop.checked(as_of=DAY + timedelta(days=1)) as lake:
        assert shop.found("sales_without_customer") == (1, 1, 1000)
        assert lake.value("select sum(orders) from checkup_months") == 1


def test_rows_behind_are_the_dearest_and_at_most_a_thousand(shop: Shop) -> None:
    for number in range(1010):
        shop.receipt(f"{number:04}", line_amount_minor=100 + number)
    with shop.checked() as lake:
        rows = lake.rows(
            "select n, order_no, money_minor from finding_rows where code = 'sales_without_customer' order by n"
        )
    assert len(rows) == 1000
    assert (rows[0]["order_no"], rows[0]["money_minor"]) == ("1009", 1109)
    assert [row["n"] for row in rows] == list(range(1, 1001))


def test_wholesale_is_a_finding_with_its_money(shop: Shop) -> None:
    for number in range(200):
        shop.receipt(f"{number}", customer_id=1, line_amount_minor=1000 + 100 * (number % 30))
    shop.receipt("big", customer_id=1, quantity=Decimal(900), line_amount_minor=900_000)
    shop.agreed(1)
    with shop.rules("wholesale_outliers"):
        assert shop.sums("wholesale_outliers") == (1, 1, 900_000)


def test_every_rule_has_its_words(definitions: Callable[[str], dict[str, Any]]) -> None:
    rules = {name for name, spec in specs().items() if name.startswith("finding_") and spec.is_model}
    codes = {name.removeprefix("finding_") for name in rules - {"finding_parameters"}}
    for language in ("zh-hans", "en"):
        assert set(definitions(language)) == codes
    assert [code for code in codes if "duplicate" in code] == ["repeated_export_duplicate"]


def test_hashes_of_records_agree_in_both_languages() -> None:
    assert record_id("pos", "1") == stable_hash("pos|1")


def test_repeated_rows_of_an_order_with_a_total_weigh_that_total_once(shop: Shop) -> None:
    """Two JD rows carry the order's total each, a Tmall order a header beside its line; all were exported twice."""
    total = {"order_paid_minor": 9000, "line_amount_minor": 4500}
    rows = [shop.sale("J1", source="jd", sku=sku, **total) for sku in "AB"]
    rows.append(shop.sale("T1", source="tmall", row_grain="order", order_paid_minor=3000))
    rows.append(shop.sale("T1", source="tmall", batch_id=2, sku="A", line_amount_minor=3000))
    for row in rows:
        shop.dropped(row, batch_id=3, outcome="duplicate", reason="repeated_export", amount_minor=3000)
    with shop.rules("repeated_export_duplicate"):
        assert shop.sums("repeated_export_duplicate") == (4, 2, 12_000)

"""Two check-ups: the same days are compared, and an import between them gets the credit."""

from datetime import date, timedelta

from shuke.checkup import queries
from shuke.checkup.rules import base_of
from shuke.checkup.values import Comparison, Past, Report
from shuke.kernel.actor import SYSTEM
from tests.checkup.conftest import AS_OF, Shop

MONDAY = date(2026, 3, 2)
NEXT = MONDAY + timedelta(days=7)


def check(shop: Shop, *, as_of: date, language: str = "zh-hans") -> Report:
    with shop.checked(as_of=as_of) as lake:
        return queries.report(SYSTEM, lake=lake, language=language)


def compared(report: Report) -> Comparison:
    assert report.comparison is not None
    return report.comparison


def put(shop: Shop, order_no: str, *, day: date, customer_id: int | None, money: int) -> None:
    shop.receipt(order_no, day=day, customer_id=customer_id, line_amount_minor=money)


def recognise(shop: Shop, order_no: str, *, customer_id: int) -> None:
    """The order's person becomes known, as a corrected file would make it."""
    (row,) = (row for row in shop.tables["identity"] if row["source_row_id"] == order_no)
    row["customer_id"] = customer_id


def weeks(shop: Shop) -> None:
    """A first week of 300,000 of which 90,000 have a person, imported on its Monday."""
    shop.customer(1)
    put(shop, "known", day=MONDAY - timedelta(days=3), customer_id=1, money=9_000_000)
    put(shop, "lost", day=MONDAY - timedelta(days=2), customer_id=None, money=21_040_000)
    shop.imported(
        file="pos_02.csv", day=MONDAY, first_on=MONDAY - timedelta(days=7), last_on=MONDAY - timedelta(days=1)
    )


def test_a_fix_gets_the_credit_for_the_days_that_were_there(shop: Shop) -> None:
    weeks(shop)
    first = check(shop, as_of=MONDAY)
    recognise(shop, "lost", customer_id=1)
    put(shop, "new", day=MONDAY + timedelta(days=1), customer_id=None, money=500_000)
    shop.imported(file="pos_02_改.csv", day=date(2026, 3, 6), first_on=MONDAY - timedelta(days=7))
    shop.imported(file="pos_03.csv", day=date(2026, 3, 8), first_on=MONDAY, last_on=NEXT)
    second = check(shop, as_of=NEXT)
    found = compared(second)
    assert first.comparison is None
    assert (found.previous_on, found.brought_back_minor) == (MONDAY, 21_040_000)
    assert [step.file for step in found.imports] == ["pos_02_改.csv"], "the new week's file mended nothing"
    assert "2026年3月6日补进来的 1 份数据，找回了 ¥21.0 万认得出是谁买的销售。" in found.sentences
    english = compared(check(shop, as_of=NEXT, language="en")).sentences
    assert "The fix of 6 Mar 2026 (1 import) brought back ¥210,400 of sales with a person behind them." in english
    one = next(one for one in second.findings if one.code == "sales_without_customer")
    assert (one.previous_minor, one.still_minor, one.money_minor, one.mended_minor) == (
        21_040_000,
        0,
        500_000,
        21_040_000,
    )
    (change,) = (change for change in found.changes if change.code == "sales_without_customer")
    assert (change.kind, change.mended_on) == ("better", date(2026, 3, 6))
    document = second.as_document()["comparison"]
    assert (document["previous_on"], document["brought_back_minor"]) == ("2026-03-02", 21_040_000)


def test_a_fix_of_the_same_day_is_told_at_once(shop: Shop) -> None:
    weeks(shop)
    check(shop, as_of=MONDAY)
    recognise(shop, "lost", customer_id=1)
    shop.imported(file="pos_02_改.csv", day=MONDAY, first_on=MONDAY - timedelta(days=7))
    for _ in range(2):
        found = compared(check(shop, as_of=MONDAY))
        assert (found.previous_on, found.brought_back_minor) == (MONDAY, 21_040_000)
        assert [change.kind for change in found.changes] == ["gone"]
    again = compared(check(shop, as_of=NEXT))
    assert (again.brought_back_minor, again.changes) == (0, ())


def test_what_is_new_and_what_got_worse_is_named(shop: Shop) -> None:
    weeks(shop)
    check(shop, as_of=MONDAY)
    put(shop, "lost again", day=MONDAY + timedelta(days=1), customer_id=None, money=1_000_000)
    shop.receipt("hk", day=MONDAY + timedelta(days=1), customer_id=1, currency="HKD", line_amount_minor=90_000)
    shop.imported(file="pos_03.csv", day=NEXT, first_on=MONDAY)
    found = compared(check(shop, as_of=NEXT))
    assert found.brought_back_minor == 0
    assert found.imports == ()
    assert {change.code: change.kind for change in found.changes} == {
        "sales_without_customer": "worse",
        "currency_mixed": "new",
    }
    assert any("新冒出来：混进了别的币种" in one for one in found.named)
    assert all(change.mended_on is None for change in found.changes)


def test_a_past_day_is_compared_with_days_before_it_only(shop: Shop) -> None:
    weeks(shop)
    check(shop, as_of=NEXT)
    assert check(shop, as_of=MONDAY).comparison is None
    assert compared(check(shop, as_of=AS_OF)).previous_on == NEXT


def test_which_check_up_is_compared_with() -> None:
    def past(day: date, batch: int) -> Past:
        return Past(as_of=day, last_batch=batch, sales_minor=0, attached_minor=0, customers=0)

    known = [past(MONDAY, 3), past(MONDAY, 5), past(NEXT, 6), past(NEXT, 8)]
    assert base_of(known, as_of=NEXT, last_batch=8) == past(MONDAY, 5)
    assert base_of(known, as_of=MONDAY, last_batch=5) == past(MONDAY, 3)
    assert base_of(known, as_of=MONDAY, last_batch=3) is None
    assert base_of([], as_of=NEXT, last_batch=0) is None


def test_sixty_check_ups_are_remembered(shop: Shop) -> None:
    weeks(shop)
    for back in range(61):
        row = {"as_of": date(2020, 1, 1) + timedelta(days=back), "last_batch": back, "customers": 0}
        shop.tables.setdefault("checkup_history", []).append({**row, "sales_minor": 1, "attached_minor": 0})
    with shop.checked(as_of=MONDAY) as lake:
        kept = [row["as_of"] for row in lake.rows("select as_of from checkup_history order by as_of")]
        assert (len(kept), kept[0], kept[-1]) == (60, date(2020, 1, 3), MONDAY)
        rules = lake.value("select count(*) from checkup_history_findings where rows = 0")
        assert rules > 20, "what was looked for and not found is remembered too"

"""What people get: sentences without gaps, JSON as the contract has it, one page, a workbook."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from shuke.checkup import actions, queries
from shuke.checkup.adapters import safe
from shuke.checkup.rules import definitions, say_day, say_money, say_share
from shuke.checkup.values import Report
from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.errors import NotAllowed, WrongUse
from shuke.lake.queries import NotBuilt, Reader, open_reader
from tests.checkup.conftest import AS_OF, Shop

MANAGER = Actor(name="店长", role=Role.MANAGER, stores=frozenset({"滨江店"}))
OPERATOR = Actor(name="运营", role=Role.OPERATOR)
DAY = date(2026, 11, 2)


def plant(shop: Shop) -> None:
    """A week with a repeat, orders without a person, a return, and a known customer without consent."""
    row = shop.receipt("1", customer_id=1, line_amount_minor=1_250_000)
    shop.receipt("=2", line_amount_minor=700_000, store="萧山店", sku="@C", quantity=2)
    shop.receipt("3", line_amount_minor=-40_000, quantity=-1)
    shop.dropped(row, batch_id=2, outcome="duplicate", reason="repeated_export", amount_minor=1_250_000)


def numbers_in(report: Report) -> list[str]:
    return [text for one in report.findings for text in (one.title, one.cause, *one.repair)]


def test_the_report_in_both_languages(shop: Shop, tmp_path: Path) -> None:
    plant(shop)
    with shop.checked() as lake:
        reports = {name: queries.report(OPERATOR, lake=lake, language=name) for name in ("zh-hans", "en")}
        sheet, page = tmp_path / "c.xlsx", tmp_path / "c.html"
        actions.write_file(OPERATOR, lake=lake, path=sheet)
        actions.write_file(OPERATOR, lake=lake, path=page)
        with pytest.raises(WrongUse):
            actions.write_file(OPERATOR, lake=lake, path=tmp_path / "c.pdf")
        rows = queries.rows_behind(OPERATOR, lake=lake, code="sales_without_customer")
    zh, en = reports["zh-hans"], reports["en"]
    check_sentences(zh, en)
    check_document(zh)
    check_page(page.read_text("utf-8"), zh)
    check_workbook(sheet, zh)
    assert [(row.order_no, row.money_minor) for row in rows] == [("=2", 700_000), ("3", -40_000)]


def check_sentences(zh: Report, en: Report) -> None:
    assert zh.headline == "每 100 元销售里，65 元说得出是谁买的。"
    assert "¥1.9 万" in zh.sentence
    assert "¥19,100" in en.sentence
    assert [one.code for one in zh.findings] == [one.code for one in en.findings]
    for text in (*numbers_in(zh), *numbers_in(en)):
        assert "{" not in text
        assert "—" not in text, f"a value is missing in: {text}"
    assert not re.search(r"[\u4e00-\u9fff]", "".join(numbers_in(en)).replace("滨江店", "").replace("萧山店", ""))


def check_document(report: Report) -> None:
    document = json.loads(json.dumps(report.as_document()))
    assert list(document)[:3] == ["as_of", "attachable_sales_share", "findings"]
    assert document["attachable_sales_share"] == pytest.approx(1_250_000 / 1_910_000, abs=1e-6)
    keys = ["code", "title", "rows", "orders", "money_minor", "currency", "repair"]
    assert all(list(one)[:7] == keys for one in document["findings"])
    money = [one["money_minor"] for one in document["findings"]]
    assert money == sorted(money, reverse=True)
    by_code = {one["code"]: one for one in document["findings"]}
    assert by_code["repeated_export_duplicate"]["money_minor"] == 1_250_000
    assert by_code["sales_without_customer"]["money_minor"] == 660_000


def check_page(page: str, report: Report) -> None:
    assert report.headline in page
    assert page.count("<article>") + page.count("<li>") == len(report.findings)
    assert page.count("<tr>") == 1 + len(report.channels)
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def check_workbook(path: Path, report: Report) -> None:
    book = CalamineWorkbook.from_path(path)
    assert len(book.sheet_names) == 2 + len(report.findings)
    first = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in first[1:]] == [one.title for one in report.findings]
    assert [round(float(row[1]) * 100) for row in first[1:]] == [one.money_minor for one in report.findings]
    place = [one.code for one in report.findings].index("sales_without_customer")
    behind = book.get_sheet_by_index(1 + place).to_python()
    assert [(row[0], row[1], row[-1]) for row in behind[1:]] == [
        ("门店收银", "'=2", "已付款"),
        ("门店收银", "3", "退货单"),
    ]


def test_two_check_ups_are_compared_and_the_same_day_again_is_not(shop: Shop) -> None:
    shop.receipt("1", customer_id=1)
    shop.receipt("2", day=DAY)
    with shop.checked(as_of=DAY + timedelta(days=1)) as lake:
        first = queries.report(SYSTEM, lake=lake)
    shop.receipt("3", customer_id=1, day=DAY + timedelta(days=3), line_amount_minor=2000)
    for _ in range(2):
        rebuild(shop, as_of=AS_OF)
    with open_reader(SYSTEM, shop.workspace) as lake:
        second = queries.report(SYSTEM, lake=lake)
    assert (first.previous_on, first.attachable_sales_share) == (None, 0.5)
    assert (second.previous_on, second.previous_share, second.attachable_sales_share) == (
        DAY + timedelta(days=1),
        0.5,
        0.75,
    )
    assert second.comparison is not None
    assert "高 25.0 个百分点" in second.comparison.sentences[0]
    old = {one.code: one.money_minor for one in first.findings}
    assert {one.code: one.previous_minor for one in second.findings} == {
        c.code: old.get(c.code, 0) for c in second.findings
    }


def rebuild(shop: Shop, *, as_of: date) -> None:
    """The rows of the shop and a check-up on top of what is already published."""
    with shop.checked(as_of=as_of):
        return


def test_who_may_read_it(shop: Shop) -> None:
    plant(shop)
    with shop.checked():
        with open_reader(MANAGER, shop.workspace) as lake:
            with pytest.raises(NotAllowed):
                queries.report(MANAGER, lake=lake)
            assert {month.store for month in queries.months(MANAGER, lake=lake)} == {"滨江店"}
        with open_reader(OPERATOR, shop.workspace) as lake:
            assert {month.store for month in queries.months(OPERATOR, lake=lake)} == {"滨江店", "萧山店"}
            with pytest.raises(queries.OtherDay):
                queries.report(OPERATOR, lake=lake, as_of=date(2020, 1, 1))
            with pytest.raises(queries.UnknownFinding):
                queries.finding(OPERATOR, lake=lake, code="none")


def test_before_the_first_check_up_it_says_what_to_do(workspace: object) -> None:
    from shuke.kernel.workspace import Workspace

    assert isinstance(workspace, Workspace)
    with open_reader(SYSTEM, workspace) as lake, pytest.raises(NotBuilt) as caught:
        queries.report(SYSTEM, lake=lake)
    assert "shuke checkup" in caught.value.hint


@pytest.mark.parametrize(
    ("minor", "language", "said"),
    [
        (12_345, "zh-hans", "¥123.45"),
        (123_456_700, "zh-hans", "¥123.5 万"),
        (-1_000_000, "zh-hans", "-¥1.0 万"),
        (12_345_678_900, "zh-hans", "¥1.23 亿"),
        (123_456_700, "en", "¥1,234,567"),
    ],
)
def test_money_in_words(minor: int, language: str, said: str) -> None:
    assert say_money(minor, currency="CNY", language=language) == said


def test_days_shares_and_safe_cells() -> None:
    assert say_day(date(2026, 7, 5), language="zh-hans") == "2026年7月5日"
    assert say_day(date(2026, 7, 5), language="en") == "5 Jul 2026"
    assert say_share(0.7849) == "78.5%"
    assert [safe(text) for text in ("=1+1", "+86", "-1", "@a", "\tx", "滨江店")] == [
        "'=1+1", "'+86", "'-1", "'@a", "'\tx", "滨江店",
    ]  # fmt: skip


def test_reader_is_what_pages_pass(shop: Shop) -> None:
    shop.receipt("1", customer_id=1)
    with shop.checked() as lake:
        assert isinstance(lake, Reader)
        assert queries.report(SYSTEM, lake=lake).channels[0].orders == 1


def test_the_page_of_rules_says_what_the_definitions_say() -> None:
    """docs/checkup-rules.md has one line a rule, with its titles and how its money is counted."""
    page = (Path(__file__).parents[2] / "docs" / "checkup-rules.md").read_text("utf-8")
    zh, en = definitions("zh-hans"), definitions("en")
    lines = [line for line in page.splitlines() if line.startswith("| `")]
    assert len(lines) == len(zh) >= 40
    for code in zh:
        line = f"| `{code}` | {zh[code].title} | {en[code].title} | {zh[code].money} · {en[code].money} |"
        assert sum(row.startswith(line) for row in lines) == 1, f"docs/checkup-rules.md says something else of {code}"

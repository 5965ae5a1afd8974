"""The printed page: exactly one A4 sheet, nothing cut, in both languages, with few and with many problems."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import Page, sync_playwright

from shuke.checkup.rules import definitions, headline, one_page
from shuke.checkup.rules.fitting import Heights, lines_of, told_fully
from shuke.checkup.values import Channel, Comparison, Finding, Report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DAY = date(2026, 11, 23)
_ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu"]
# Elements whose text is held to so many lines; none may have lost a line.
_CUT = """() => [...document.querySelectorAll('.why, .step, .said, .advice span, .compared li, h1')]
  .filter(one => one.scrollHeight > one.clientHeight + 2).map(one => one.textContent)"""
_OVER = """() => ['.sheet', '.findings'].map(name => document.querySelector(name))
  .filter(one => one && one.scrollHeight > one.clientHeight + 1).length"""


def findings(language: str, *, times: int = 1, count: int = 99) -> tuple[Finding, ...]:
    """One of each rule with the longest numbers; `times` repeats its words."""
    found = []
    for rank, (code, words) in enumerate(definitions(language).items()):
        told = re.sub(r"\{\w+\}", "1,234,567", words.cause)
        found.append(
            Finding(
                code=code, title=words.title, cause=told * times, money_rule=words.money,
                repair=tuple(step * times for step in words.repair), effect=words.effect, fixer=words.fixer,
                minutes=words.minutes, of=words.of, rows=10, orders=9, money_minor=98_765_432_100 // (rank + 1),
                previous_minor=87_654_321_000, still_minor=None, share=0.1, currency="CNY", parameters={},
                first_on=DAY, last_on=DAY, stores=(),
            )
        )  # fmt: skip
    return tuple(found[:count])


def report(language: str, *, problems: tuple[Finding, ...], is_full: bool) -> Report:
    channel = Channel("pos", "门店收银", DAY, DAY, 9, 1_234_567, 98_765_432_100, 87_654_321_000, 1.0, 1.0, 1.0)
    long = "上次体检看过的日子里，又有 ¥1,234.5 万销售认出了是谁买的，还有别的。" * 2
    comparison = Comparison(DAY, 0.7, 0.8, 1, (), (), (long, long), (long, long, long)) if is_full else None
    return Report(
        as_of=DAY, shop="禾里生活", language=language, currency="CNY", attachable_sales_share=0.784,
        sales_minor=98_765_432_100, attached_minor=77_654_321_000, customers=1_000_000, first_on=DAY, last_on=DAY,
        headline=headline(0.784, language=language), sentence="每一笔销售都算在里面。" * (6 if is_full else 3),
        previous_on=DAY, previous_share=0.7, findings=problems, channels=(channel,) * (9 if is_full else 1),
        comparison=comparison, trend=tuple((date(2026, month, 1), 0.5 + month / 40) for month in range(1, 12)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def sheet() -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        page = browser.new_page(viewport={"width": 900, "height": 1200})
        page.emulate_media(media="print")
        yield page
        browser.close()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("count", "times", "is_full"),
    [(0, 1, False), (3, 1, False), (3, 1, True), (15, 1, True), (30, 1, True), (45, 1, True)],
)
def test_it_is_one_page_and_nothing_is_cut(
    sheet: Page, language: str, *, count: int, times: int, is_full: bool
) -> None:
    told = report(language, problems=findings(language, times=times, count=count), is_full=is_full)
    sheet.set_content(one_page(told))
    assert pages(sheet) == 1
    assert sheet.evaluate(_OVER) == 0
    assert sheet.evaluate(_CUT) == []
    shown = sheet.locator("article").count() + sheet.locator(".short li").count()
    assert shown == min(count, 24)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_words_far_too_long_stay_on_the_page(sheet: Page, language: str) -> None:
    """Someone wrote a novel into the texts: lines are cut with dots, the page stays one."""
    told = report(language, problems=findings(language, times=5, count=30), is_full=True)
    sheet.set_content(one_page(told))
    assert pages(sheet) == 1
    assert sheet.evaluate(_OVER) == 0


def pages(sheet: Page) -> int:
    printed = sheet.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 594.9" in printed or b"/MediaBox [0 0 595" in printed, "A4"
    return len(re.findall(rb"/Type\s*/Page[^s]", printed))


def test_a_phone_shows_it_without_scrolling_sideways(sheet: Page) -> None:
    sheet.set_content(one_page(report("zh-hans", problems=findings("zh-hans"), is_full=True)))
    sheet.emulate_media(media="screen")
    sheet.set_viewport_size({"width": 390, "height": 800})
    assert sheet.evaluate("document.documentElement.scrollWidth") == 390
    sheet.set_viewport_size({"width": 900, "height": 1200})
    sheet.emulate_media(media="print")


def test_words_cannot_become_markup() -> None:
    one = replace(findings("en", count=1)[0], title="<script>x</script>", cause="a & b")
    page = one_page(replace(report("en", problems=(one,), is_full=False), shop="<b>shop</b>"))
    assert "<script" not in page and "a &amp; b" in page and "&lt;b&gt;shop" in page


def test_the_room_goes_to_the_dearest() -> None:
    heights = [Heights(told=10, full=20)] * 5
    assert told_fully(heights, room=1000, line=5) == (5, 5)
    assert told_fully(heights, room=100, line=5) == (5, 5)
    assert told_fully(heights, room=99, line=5) == (5, 4)
    assert told_fully(heights, room=45, line=5) == (4, 0)
    assert told_fully(heights, room=0, line=5) == (0, 0)


def test_lines_of_text() -> None:
    assert lines_of("", width=10, most=3) == 1
    assert lines_of("字" * 9, width=10, most=3) == 1
    assert lines_of("字" * 11, width=10, most=3) == 2
    assert lines_of("字" * 99, width=10, most=3) == 3

"""How numbers, money, days and shares are written, in Chinese and in English.

Every function takes the value and a language code (`zh-hans` or `en`) and gives text; none reads a clock or a setting.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from shuke.kernel.money import exponent, symbol

_WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MINUS = "−"


def is_chinese(language: str) -> bool:
    """Whether texts are Chinese."""
    return language.startswith("zh")


def count(value: int | float | Decimal | None) -> str:
    """Whole number with separators: 1,234; an em dash for None."""
    if value is None:
        return "—"
    return _signed(f"{abs(round(value)):,}", negative=value < 0)


def number(value: int | float | Decimal, language: str) -> str:
    """A magnitude in words' reach: 12.3 万, 1.2 亿; 123k, 1.2m; below ten thousand plain."""
    size = Decimal(str(abs(value)))
    if is_chinese(language):
        text = _scaled(size, steps=((Decimal(10**8), " 亿"), (Decimal(10**4), " 万")))
    else:
        text = _scaled(size, steps=((Decimal(10**6), "m"), (Decimal(10**4), "k")))
    return _signed(text, negative=value < 0)


def _scaled(size: Decimal, *, steps: tuple[tuple[Decimal, str], ...]) -> str:
    for unit, word in steps:
        # 万 begins at ten thousand, k is said from ten thousand on: the eye reads 9,800 well.
        if size >= unit:
            divisor = Decimal(1000) if word == "k" else unit
            return f"{(size / divisor).quantize(Decimal('0.1'), ROUND_HALF_UP):,}".removesuffix(".0") + word
    return f"{size.quantize(Decimal(1), ROUND_HALF_UP):,}"


def points(value: int, language: str) -> str:
    """Points with their word: 380 分, 2.1 万分; 380 points, 21k points."""
    text = number(value, language)
    if is_chinese(language):
        return f"{text}分" if text[-1] in "万亿" else f"{text} 分"
    return f"{text} point" if abs(value) == 1 else f"{text} points"


def money(minor: int | None, currency: str) -> str:
    """The exact amount: ¥1,234.50; an em dash for None."""
    if minor is None:
        return "—"
    places = exponent(currency)
    amount = Decimal(abs(minor)).scaleb(-places)
    return _signed(f"{symbol(currency)}{amount:,.{places}f}", negative=minor < 0)


def money_short(minor: int | None, currency: str, *, language: str) -> str:
    """The amount for a sentence: ¥12.3 万, £123k; whole units below ten thousand."""
    if minor is None:
        return "—"
    amount = Decimal(abs(minor)).scaleb(-exponent(currency))
    return _signed(f"{symbol(currency)}{number(amount, language)}", negative=minor < 0)


def share(value: float | Decimal | None, *, places: int = 1) -> str:
    """A share as per cent: 0.783 -> 78.3%; an em dash for None."""
    return "—" if value is None else _signed(f"{abs(float(value)) * 100:.{places}f}%", negative=float(value) < 0)


def decimal(value: float, *, places: int) -> str:
    """A number with a fixed count of decimals: 2.31."""
    return _signed(f"{abs(value):,.{places}f}", negative=value < 0)


def in_hundred(value: float | Decimal, language: str) -> str:
    """A share as people: 每 100 位里 7 位; 7 in 100."""
    people = round(float(value) * 100)
    return f"每 100 位里 {people} 位" if is_chinese(language) else f"{people} in 100"


def pairs_in_hundred(value: float, language: str) -> str:
    """A share of pairs: 100 对里大约 78 对; about 78 in 100. Nothing is said to be certain: 1 to 99."""
    pairs = min(max(round(value * 100), 1), 99)
    return f"100 对里大约 {pairs} 对" if is_chinese(language) else f"about {pairs} in 100"


def day(value: date | None, language: str, *, near: date | None = None, weekday: bool = False) -> str:
    """A day: 11月22日 周日, Sun 22 Nov. In another year than that of `near` the year stands instead of the weekday."""
    if value is None:
        return "—"
    other_year = near is not None and near.year != value.year
    if is_chinese(language):
        text = f"{value.year}年{value.month}月{value.day}日" if other_year else f"{value.month}月{value.day}日"
        return f"{text} {_WEEKDAYS_ZH[value.weekday()]}" if weekday and not other_year else text
    text = f"{value.day} {_MONTHS_EN[value.month - 1]}" + (f" {value.year}" if other_year else "")
    return f"{_WEEKDAYS_EN[value.weekday()]} {text}" if weekday and not other_year else text


def weekday_name(iso_day: int, language: str) -> str:
    """The name of a weekday, 1 being Monday: 周一; Mon."""
    return (_WEEKDAYS_ZH if is_chinese(language) else _WEEKDAYS_EN)[iso_day - 1]


def weekday(value: date, language: str) -> str:
    """周日; Sun."""
    return (_WEEKDAYS_ZH if is_chinese(language) else _WEEKDAYS_EN)[value.weekday()]


def moment(value: datetime, language: str, *, near: date | None = None) -> str:
    """A local instant: 11月22日 19:42; 22 Nov 19:42."""
    return f"{day(value.date(), language, near=near)} {value:%H:%M}"


def month(value: date, language: str) -> str:
    """A month: 2026年11月; Nov 2026."""
    return f"{value.year}年{value.month}月" if is_chinese(language) else f"{_MONTHS_EN[value.month - 1]} {value.year}"


def listed(words: list[str], language: str) -> str:
    """Words in a row: 滨江店、临平店; Binjiang, Linping."""
    return ("、" if is_chinese(language) else ", ").join(words)


def _signed(text: str, *, negative: bool) -> str:
    return f"{_MINUS}{text}" if negative else text

"""How money, days, shares and counts are written in each language."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from shuke.checkup.rules.words import tongue
from shuke.kernel.money import exponent, symbol

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WAN, _YI = 10_000, 100_000_000


def say_money(minor: int, *, currency: str, language: str) -> str:
    """¥12.3 万 in Chinese, ¥123,456 in English; below a thousand with its minor units."""
    amount = Decimal(abs(minor)).scaleb(-exponent(currency))
    sign = "-" if minor < 0 else ""
    mark = f"{sign}{symbol(currency)}"
    if tongue(language) == "zh" and amount >= _YI:
        return f"{mark}{_rounded(amount / _YI, places=2)} 亿"
    if tongue(language) == "zh" and amount >= _WAN:
        return f"{mark}{_rounded(amount / _WAN, places=1)} 万"
    return f"{mark}{_rounded(amount, places=0 if amount >= 1000 else exponent(currency))}"


def say_day(day: date | None, *, language: str) -> str:
    """2026年7月25日 or 25 Jul 2026; a dash where no day is known."""
    if day is None:
        return "—"
    if tongue(language) == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def say_share(share: float) -> str:
    """0.7812 as 78.1%."""
    return f"{share * 100:.1f}%"


def say_count(number: int) -> str:
    """12345 as 12,345."""
    return f"{number:,}"


def _rounded(amount: Decimal, *, places: int) -> str:
    return f"{amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):,}"

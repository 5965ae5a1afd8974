"""Values of metrics as text, and how one stands against another: an arrow, an amount, and whether that is good."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuke.console.frame import formats

_POINTS = 100.0


@dataclass(frozen=True)
class Change:
    """A difference in words. `tone` is 'better', 'worse' or '' (neither, or no difference that shows)."""

    arrow: str
    amount: str
    verdict: str
    tone: str

    @property
    def words(self) -> str:
        """▲ 高 1.7 点 · 变好."""
        return " · ".join(part for part in (f"{self.arrow} {self.amount}".strip(), self.verdict) if part)


def value_text(value: float | None, *, unit: str, currency: str, language: str) -> str:
    """A value with its unit: 34.6%, ¥12.3 万, 2,846, 23.4 天, 2.31; an em dash for None. Money comes in minor units."""
    if value is None:
        return "—"
    if unit == "share":
        return formats.share(value)
    if unit == "money":
        whole = round(value)
        # Prices of one thing are read to the cent, sums are not.
        exact = abs(whole) < 100_000
        return formats.money(whole, currency) if exact else formats.money_short(whole, currency, language=language)
    if unit == "count":
        return formats.count(value)
    if unit == "days":
        return _("%(n)s days") % {"n": formats.decimal(value, places=1)}
    return formats.decimal(value, places=2)


def change(
    now: float | None, then: float | None, *, unit: str, better: str, currency: str, language: str
) -> Change | None:
    """How `now` stands against `then`; None where either is not known."""
    if now is None or then is None:
        return None
    amount = _amount(abs(now - then), unit=unit, currency=currency, language=language)
    if not amount:
        return Change(arrow="", amount=_("about the same"), verdict="", tone="")
    rose = now > then
    tone = "" if better not in ("up", "down") else "better" if rose == (better == "up") else "worse"
    verdict = {"better": _("better"), "worse": _("worse"), "": ""}[tone]
    return Change(arrow="▲" if rose else "▼", amount=_told(amount, unit=unit, rose=rose), verdict=verdict, tone=tone)


def _amount(size: float, *, unit: str, currency: str, language: str) -> str:
    """The size of a difference; empty where it would read as nothing."""
    if unit == "share":
        text = f"{size * _POINTS:.1f}"
        return "" if float(text) == 0 else text
    text = value_text(size, unit=unit, currency=currency, language=language)
    digits = "".join(sign for sign in text if sign.isdigit())
    return text if digits.strip("0") else ""


def _told(amount: str, *, unit: str, rose: bool) -> str:
    if unit == "share":
        if rose:
            return _("%(points)s points higher") % {"points": amount}
        return _("%(points)s points lower") % {"points": amount}
    if unit in ("count", "money"):
        return (_("%(amount)s more") if rose else _("%(amount)s fewer")) % {"amount": amount}
    return (_("%(amount)s higher") if rose else _("%(amount)s lower")) % {"amount": amount}

"""Money is an integer count of minor units with a currency code; nothing else."""

from decimal import ROUND_HALF_UP, Decimal

# ISO 4217 exponents that differ from 2 (https://www.iso.org/iso-4217-currency-codes.html).
_EXPONENTS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "BHD": 3, "KWD": 3, "OMR": 3, "JOD": 3, "TND": 3}
ODD_CURRENCIES = tuple(_EXPONENTS)
_SYMBOLS = {"CNY": "¥", "JPY": "¥", "USD": "$", "GBP": "£", "EUR": "€", "HKD": "HK$", "TWD": "NT$"}


def exponent(currency: str) -> int:
    """How many decimals the currency has (CNY 2, JPY 0)."""
    return _EXPONENTS.get(currency, 2)


def to_minor(amount: Decimal, currency: str) -> int:
    """Rounds half up to minor units: `to_minor(Decimal('1.005'), 'CNY') == 101`."""
    scaled = amount.scaleb(exponent(currency))
    return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def symbol(currency: str) -> str:
    """The sign printed before an amount; the code and a space where the currency has none here."""
    return _SYMBOLS.get(currency, f"{currency} ")

"""The phonenumbers library: numbers that the fast rule for Chinese mobiles does not read."""

from collections.abc import Iterable

import phonenumbers


def complete_numbers(texts: Iterable[str], *, country: str) -> dict[str, str]:
    """Digits with country code for each text that is a valid number, as dialled in `country` (ISO 3166)."""
    found: dict[str, str] = {}
    for text in texts:
        digits = _parse(text, country)
        if digits:
            found[text] = digits
    return found


def _parse(text: str, country: str) -> str:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number) or number.extension:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")

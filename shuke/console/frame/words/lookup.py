"""From a code to its word."""

from collections.abc import Mapping

from django.utils.functional import Promise

Words = Mapping[str, str | Promise]


def word(words: Words, code: str | None) -> str:
    """The word of a code; the code itself where it is not known here, nothing for None."""
    return str(words.get(code, code)) if code else ""

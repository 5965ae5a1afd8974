"""How an expected error looks over HTTP: a status, and JSON with what happened, a code and a hint."""

import re
from typing import Any

from shuke.kernel.errors import NotAllowed, ShukeError, WrongUse

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
# Codes whose status does not follow from the error's kind.
_BAD_INPUT = frozenset({"bad_input", "bad_request", "bad_amount", "bad_address", "bad_kinds"})
_UNKNOWN = frozenset(
    {
        "unknown_metric",
        "order_unknown",
        "hold_unknown",
        "adjustment_unknown",
        "coupon_unknown",
        "benefit_unknown",
        "booking_unknown",
    }
)


def code_of(error: ShukeError) -> str:
    """The error's code for programs: its own, else its name in snake case."""
    return str(getattr(error, "code", "")) or _CAPITAL.sub("_", type(error).__name__).lower()


def status_of(error: ShukeError) -> int:
    """400 bad input, 403 not allowed, 404 unknown, 409 refused, 429 too many, 503 busy (send the same key again)."""
    code = code_of(error)
    if code in _UNKNOWN or str(getattr(error, "code", "")).startswith("unknown_"):
        return 404
    if code == "too_long":
        return 413
    if code == "too_many_requests":
        return 429
    if code == "busy":
        return 503
    if isinstance(error, NotAllowed):
        return 403
    return 400 if code in _BAD_INPUT or isinstance(error, WrongUse) else 409


def document_of(error: ShukeError) -> dict[str, Any]:
    """`{error, code, hint}`."""
    return {"error": str(error), "code": code_of(error), "hint": error.hint}


def headers_of(error: ShukeError) -> dict[str, str]:
    """Retry-After where it helps to come again."""
    wait = getattr(error, "wait", 1 if code_of(error) == "busy" else 0)
    return {"Retry-After": str(wait)} if wait else {}


NOBODY = {
    "error": "Who are you?",
    "code": "unauthenticated",
    "hint": "Send a key: Authorization: Bearer KEY ('shuke client add' makes one).",
}

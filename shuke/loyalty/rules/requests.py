"""What every request must be before the books are opened, and the hash by which a repeat is known."""

import hashlib
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any

from shuke.loyalty.rules.refusals import BadRequest, ClockBackwards, InFuture, UnknownProgramme
from shuke.loyalty.values.commands import Command, Hold, OrderRef
from shuke.loyalty.values.ledger import Programme

# The longest texts that the tables take.
_LENGTHS = {
    "client": 60,
    "key": 120,
    "member": 60,
    "to": 60,
    "kept": 60,
    "other": 60,
    "code": 80,
    "currency": 3,
    "store": 60,
    "channel": 40,
    "reason": 200,
    "approved_by": 60,
    "behaviour": 40,
    "reference": 80,
}
_MAY_BE_EMPTY = frozenset({"store", "channel", "reason", "approved_by", "reference"})
_REPEATABLE = frozenset({"client", "key", "at"})
_ORDER_SOURCE, _ORDER_NO = 40, 80
_NONE = object()


def check(command: Command, *, programme: Programme) -> None:
    """Refuses what no honest request has: wrong types, empty or endless texts, instants without a zone."""
    if command.programme != programme.code:
        raise UnknownProgramme(f"There is no programme {command.programme}.", hint=f"This shop's is {programme.code}.")
    if not isinstance(command.at, datetime) or command.at.tzinfo is None:
        raise BadRequest("The time of the request has no zone.", hint="Send an instant such as 2026-11-22T12:00:00Z.")
    kind: Any = type(command)
    for name, length, get in _texts(kind):
        _check_text(name, get(command), length=length)
    order = getattr(command, "order", _NONE)
    if order is not _NONE and not (order is None and isinstance(command, Hold)):
        if not isinstance(order, OrderRef):
            raise BadRequest("The order is not a channel and a number.", hint="Name both.")
        _check_text("order's channel", order.source, length=_ORDER_SOURCE)
        _check_text("order number", order.no, length=_ORDER_NO)
    if not _is_id(getattr(command, "customer_id", None)):
        raise BadRequest("The customer is no number of a customer.", hint="Send a whole number, or leave it out.")
    for name in ("bought_on", "expires_on", "birthday"):
        day = getattr(command, name, None)
        is_left_out = day is None and name != "bought_on"
        if hasattr(command, name) and not is_left_out and (not isinstance(day, date) or isinstance(day, datetime)):
            raise BadRequest(f"{name} is not a day.", hint="Send a day such as 2026-11-22.")


def check_clock(command: Command, *, programme: Programme, now: datetime, today: date) -> None:
    """Refuses requests that are dated too far from the ledger's clock. Raises `InFuture`, `ClockBackwards`.

    A sale may arrive late; a request that takes points is about now, or the till's clock is wrong.
    """
    latest, earliest, earliest_take, first, last = _span(
        (programme.ahead_minutes, programme.behind_minutes, programme.late_days), now=now, today=today
    )
    if command.at > latest:
        raise InFuture("The request is dated in the future.", hint="Set the till's clock.")
    if command.at < (earliest_take if command.takes else earliest):
        raise ClockBackwards("The request is dated too long ago.", hint="Set the till's clock, or enter it by hand.")
    bought_on = getattr(command, "bought_on", None)
    if bought_on is None:
        return
    if bought_on > last:
        raise InFuture(f"The purchase is dated {bought_on}.", hint="Send the day of business.")
    if bought_on < first:
        raise ClockBackwards(f"The purchase is dated {bought_on}.", hint="Set the till's clock, or enter it by hand.")


def request_hash(command: Command) -> str:
    """What makes two requests the same: everything but client, key and time; fields left out are as their default."""
    kind: Any = type(command)
    names, defaults, get = _hashed(kind)
    values = get(command)
    said = [(name, value) for name, value, default in zip(names, values, defaults, strict=True) if value != default]
    return hashlib.sha256(repr((type(command).__name__, said)).encode("utf-8", "surrogatepass")).hexdigest()


def in_utc(at: datetime) -> datetime:
    """The instant in UTC."""
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def _is_id(value: object) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 63)


def _check_text(name: str, value: object, *, length: int) -> None:
    if not isinstance(value, str):
        raise BadRequest(f"The {name} is not a text.", hint="Send a text.")
    if len(value) > length or not value.isprintable() or (not value and name not in _MAY_BE_EMPTY):
        raise BadRequest(
            f"The {name} is empty, longer than {length} signs or holds signs that cannot be printed.",
            hint="Check the request.",
        )


@lru_cache(maxsize=64)
def _span(
    minutes: tuple[int, int, int], *, now: datetime, today: date
) -> tuple[datetime, datetime, datetime, date, date]:
    """The latest instant, the earliest of all and of those that take, the first and the last day of business."""
    ahead, behind, late = minutes
    days = timedelta(days=late)
    return (
        now + timedelta(minutes=ahead), now - days, now - timedelta(minutes=behind), today - days,
        today + timedelta(days=1),
    )  # fmt: skip


@lru_cache(maxsize=64)
def _texts(kind: Any) -> tuple[tuple[str, int, Any], ...]:
    return tuple((one.name, _LENGTHS[one.name], attrgetter(one.name)) for one in fields(kind) if one.name in _LENGTHS)


@lru_cache(maxsize=64)
def _hashed(kind: Any) -> tuple[tuple[str, ...], tuple[object, ...], Any]:
    found = [one for one in fields(kind) if one.name not in _REPEATABLE]
    nothing = object()
    defaults = tuple(nothing if one.default is MISSING else one.default for one in found)
    return tuple(one.name for one in found), defaults, attrgetter(*(one.name for one in found))

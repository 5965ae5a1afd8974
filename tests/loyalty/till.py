"""A till for tests: short words for what members do, exact balances, and a clock that is set by hand."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shuke.kernel.errors import ShukeError
from shuke.loyalty.values import commands as c
from shuke.loyalty.values.ledger import Answer
from tests.loyalty.driving import ask, code_of, shown

_marks = itertools.count(1)


class Till:
    """One shop counter. Members, orders, holds and keys carry its own mark, so that many live in one database."""

    def __init__(self, start: str, *, zone: str = "Asia/Shanghai") -> None:
        self.zone = zone
        self.mark = f"t{next(_marks)}-"
        self.keys = itertools.count(1)
        self.clock(start)

    def clock(self, local: str) -> None:
        """Sets the clock to a local time such as '2027-01-31 10:00'."""
        self.now = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def common(self, key: str = "") -> dict[str, Any]:
        return {"client": "till", "key": self.mark + (key or f"k{next(self.keys)}"), "at": self.now}

    def order(self, no: str) -> c.OrderRef:
        return c.OrderRef("pos", self.mark + no)

    def tell(self, command: Any) -> Answer:
        return ask(command, self.now)

    def enrol(self, *members: str) -> None:
        for member in members:
            self.tell(c.Enrol(**self.common(), member=self.mark + member))

    def earn(self, member: str, order: str, minor: int, *, on: date | None = None, key: str = "") -> Answer:
        day = on or self.now.astimezone(ZoneInfo(self.zone)).date()
        money = {"eligible_minor": minor, "currency": "CNY", "bought_on": day}
        return self.tell(c.Earn(**self.common(key), member=self.mark + member, order=self.order(order), **money))

    def burn(self, member: str, order: str, points: int, *, total: int = 10_000, key: str = "") -> Answer:
        money = {"points": points, "total_minor": total, "currency": "CNY"}
        return self.tell(c.Burn(**self.common(key), member=self.mark + member, order=self.order(order), **money))

    def hold(self, member: str, code: str, points: int, *, seconds: int = 900) -> Answer:
        asked = {"code": self.mark + code, "points": points, "seconds": seconds}
        return self.tell(c.Hold(**self.common(), member=self.mark + member, **asked))

    def capture(self, code: str, order: str, points: int | None = None, *, total: int = 10_000) -> Answer:
        money = {"points": points, "total_minor": total, "currency": "CNY"}
        return self.tell(c.Capture(**self.common(), code=self.mark + code, order=self.order(order), **money))

    def release(self, code: str) -> Answer:
        return self.tell(c.Release(**self.common(), code=self.mark + code))

    def refund(self, order: str, minor: int, *, key: str = "") -> Answer:
        asked = {"refunded_minor": minor, "currency": "CNY"}
        return self.tell(c.RefundOrder(**self.common(key), order=self.order(order), **asked))

    def adjust(self, member: str, points: int, *, until: str = "") -> Answer:
        asked = {"reason": "counted", "approved_by": "lin"}
        ends = date.fromisoformat(until) if until else None
        return self.tell(c.Adjust(**self.common(), member=self.mark + member, points=points, expires_on=ends, **asked))

    def open(self, member: str, points: int, until: str = "") -> Answer:
        ends = date.fromisoformat(until) if until else None
        return self.tell(c.Opening(**self.common(), member=self.mark + member, points=points, expires_on=ends))

    def transfer(self, member: str, to: str, points: int) -> Answer:
        asked = {"to": self.mark + to, "points": points, "reason": "gift"}
        return self.tell(c.Transfer(**self.common(), member=self.mark + member, **asked))

    def grow(self, member: str, behaviour: str, reference: str) -> Answer:
        asked = {"behaviour": behaviour, "reference": reference}
        return self.tell(c.Grow(**self.common(), member=self.mark + member, **asked))

    def merge(self, kept: str, other: str) -> Answer:
        return self.tell(c.Merge(**self.common(), kept=self.mark + kept, other=self.mark + other, reason="one person"))

    def split(self, member: str) -> Answer:
        return self.tell(c.Split(**self.common(), member=self.mark + member, reason="two persons"))

    def expect(self, member: str, available: int = 0, **others: int) -> None:
        """The member's balance is exactly this, all other places being 0."""
        nothing = dict.fromkeys(("available", "pending", "held", "owed", "expired"), 0)
        assert shown(self.mark + member, self.now) == {**nothing, "available": available, **others}

    def is_in(self, member: str, tier: str) -> None:
        """The member's tier, as the answer to a purchase of nothing says it."""
        assert self.earn(member, f"n{next(self.keys)}", 0).tier == tier

    @contextmanager
    def refused(self, code: str) -> Iterator[None]:
        """What is asked inside is refused for this reason."""
        with pytest.raises(ShukeError) as told:
            yield
        assert code_of(told.value) == code

"""Random lives of members on the real ledger, beside the oracle: every answer, refusal and balance is compared."""

import itertools
import os
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shuke.kernel.errors import ShukeError
from shuke.loyalty.values import commands as c
from tests.engines import Engine
from tests.loyalty.driving import as_dict, ask, code_of, shown
from tests.loyalty.oracle import Oracle, Refused
from tests.loyalty.programmes import VARIANTS, under

_numbers = itertools.count(1)
_START = datetime(2027, 12, 30, 4, 0, tzinfo=UTC)
_MEMBERS = st.sampled_from([0, 0, 0, 1, 1, 2])
_FEW = st.integers(0, 5)
_AGAIN = st.integers(0, 6)
_SHARES = st.sampled_from(["one", "half", "half", "all", "all", "more", "none", "minus"])
_MINOR = st.integers(300, 4_000) | st.sampled_from([-1, 0, 99, 100, 9_999])
_WAITS = st.sampled_from([1, 3_600, 86_400, 3 * 86_400, 10 * 86_400, 31 * 86_400])


class Lives(RuleBasedStateMachine):
    """Three members: few, so that they meet again and again."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.mark = f"x{next(_numbers)}"
        self.asked: list[Any] = []
        self.seen: list[datetime] = []
        self.now = _START
        self.keys = itertools.count(1)
        self.orders: list[Any] = []

    @initialize(variant=st.sampled_from(sorted(VARIANTS)), hours=st.integers(0, 24 * 90))
    def begin(self, variant: str, hours: int) -> None:
        """A programme, a day of the year, and three members; the fourth is nobody."""
        self.stack.enter_context(under(self.engine.workspace, variant))
        self.oracle = Oracle(VARIANTS[variant])
        self.now += timedelta(hours=hours)
        for number in range(3):
            self.tell(c.Enrol(**self.common(), member=self.member(number)))
            self.earn(number, 0, 2_500 + 700 * number, 0)

    def teardown(self) -> None:
        """At the end every balance of every instant seen is asked again."""
        for at in self.seen[:: max(1, len(self.seen) // 3)]:
            for member in self.oracle.members():
                if self.oracle.regrouped[member] <= at:
                    assert shown(member, at) == self.oracle.balance(member, at), (member, at)
        self.stack.close()

    def common(self) -> dict[str, Any]:
        return {"client": "till", "key": f"{self.mark}-{next(self.keys)}", "at": self.now}

    def member(self, number: int) -> str:
        return f"{self.mark}-m{number}"

    def order(self, again: int) -> c.OrderRef:
        """A new order, or one in four an old one."""
        known = self.one_of(self.orders, again)
        if known is None:
            known = c.OrderRef("pos", f"{self.mark}-o{next(self.keys)}")
            self.orders.append(known)
        return known

    def hold_code(self, which: int) -> str:
        """An open hold where there is one, else any hold, else a code that nobody knows."""
        still = [code for code, hold in self.oracle.holds.items() if hold.is_open and hold.until > self.now]
        return self.one_of(still, 4 + which) or self.one_of(list(self.oracle.holds), 4 + which) or "no-such-hold"

    def one_of(self, known: list[Any], again: int) -> Any:
        """None for `again` below 4 or where nothing is known; else one of what is known, the newest first."""
        return known[-1 - (again - 4) % len(known)] if again >= 4 and known else None

    def tell(self, command: Any) -> None:
        """Asks both; both answer alike or both refuse, the ledger for a reason that the oracle knows."""
        self.asked.append(command)
        try:
            expected, reasons = self.oracle.apply(command, self.now), set()
        except Refused as refused:
            expected, reasons = {}, refused.codes
        try:
            answer = ask(command, self.now)
        except ShukeError as refusal:
            assert code_of(refusal) in reasons, (command, refusal, reasons, expected)
        else:
            assert not reasons, (command, answer, reasons)
            assert as_dict(answer.balance) == expected, command

    def points(self, member: str, share: str) -> int:
        """A number around what the member has: `one`, `half`, `all`, one too many (`more`), or what nobody means."""
        has = len(self.oracle.usable(member, self.now)) if member in self.oracle.regrouped else 5
        return {"one": 1, "half": has // 2 or 1, "all": has or 1, "more": has + 1, "none": 0, "minus": -1}[share]

    @rule(member=_MEMBERS, again=_AGAIN, minor=_MINOR, late=st.sampled_from([0, 0, 0, 1, 25, 45]))
    def earn(self, member: int, again: int, minor: int, late: int) -> None:
        day = self.oracle.terms.day(self.now) - timedelta(days=late)
        money = {"eligible_minor": minor, "currency": "CNY", "bought_on": day}
        self.tell(c.Earn(**self.common(), member=self.member(member), order=self.order(again), **money))

    @rule(member=_MEMBERS, again=_AGAIN, share=_SHARES, minor=st.integers(1, 4_000))
    def burn(self, member: int, again: int, share: str, minor: int) -> None:
        money = {"points": self.points(self.member(member), share), "total_minor": minor, "currency": "CNY"}
        self.tell(c.Burn(**self.common(), member=self.member(member), order=self.order(again), **money))

    @rule(member=_MEMBERS, again=_AGAIN, share=_SHARES, seconds=st.sampled_from([60, 86_400, 5 * 86_400]))
    def hold(self, member: int, again: int, share: str, seconds: int) -> None:
        points = self.points(self.member(member), share) or 1
        code = self.one_of(list(self.oracle.holds), again) or f"{self.mark}-h{next(self.keys)}"
        self.tell(c.Hold(**self.common(), member=self.member(member), code=code, points=points, seconds=seconds))

    @precondition(lambda self: self.oracle.holds)
    @rule(which=_FEW, again=_AGAIN, left=st.none() | st.integers(-1, 12), minor=st.integers(1, 4_000))
    def capture(self, which: int, again: int, left: int | None, minor: int) -> None:
        code = self.hold_code(which)
        held = len(self.oracle.holds[code].points) if code in self.oracle.holds else 1
        points = None if left is None else held - left
        money = {"points": points, "total_minor": minor, "currency": "CNY"}
        self.tell(c.Capture(**self.common(), code=code, order=self.order(again), **money))

    @precondition(lambda self: self.oracle.holds)
    @rule(which=_FEW)
    def release(self, which: int) -> None:
        self.tell(c.Release(**self.common(), code=self.hold_code(which)))

    @precondition(lambda self: self.orders)
    @rule(which=_FEW, minor=_MINOR | st.integers(1, 900), rest=st.booleans())
    def refund(self, which: int, minor: int, rest: bool) -> None:
        order = self.order(4 + which)
        known = self.oracle.earned.get(order) or self.oracle.burned.get(order)
        if rest and known:
            minor = known.amount - known.refunded
        self.tell(c.RefundOrder(**self.common(), order=order, refunded_minor=minor, currency="CNY"))

    @rule(member=_MEMBERS, share=_SHARES, gives=st.booleans(), days=st.none() | st.integers(0, 40))
    def adjust(self, member: int, share: str, gives: bool, days: int | None) -> None:
        points = min(60, self.points(self.member(member), share)) * (1 if gives else -1)
        ends = None if days is None or points < 0 else self.oracle.terms.day(self.now) + timedelta(days=days)
        asked = {"points": points, "reason": "counted", "approved_by": "lin", "expires_on": ends}
        self.tell(c.Adjust(**self.common(), member=self.member(member), **asked))

    @rule(member=_MEMBERS, to=st.integers(0, 3), share=_SHARES)
    def transfer(self, member: int, to: int, share: str) -> None:
        asked = {"to": self.member(to), "points": self.points(self.member(member), share), "reason": "gift"}
        self.tell(c.Transfer(**self.common(), member=self.member(member), **asked))

    @precondition(lambda self: len(self.asked) % 5 == 0)
    @rule(kept=_MEMBERS, other=_MEMBERS)
    def merge(self, kept: int, other: int) -> None:
        self.tell(c.Merge(**self.common(), kept=self.member(kept), other=self.member(other), reason="one person"))

    @precondition(lambda self: self.oracle.parents or len(self.asked) % 5 == 0)
    @rule(which=_FEW)
    def split(self, which: int) -> None:
        member = self.one_of(list(self.oracle.parents), 4 + which) or self.member(which % 3)
        self.tell(c.Split(**self.common(), member=member, reason="two persons"))

    @precondition(lambda self: self.asked)
    @rule(which=st.integers(0, 50), other=st.booleans())
    def repeat(self, which: int, other: bool) -> None:
        """A key once more: with the same request, or with another one."""
        asked = self.asked[-1 - which % len(self.asked)]
        if other:
            asked = c.Enrol(client=asked.client, key=asked.key, at=self.now, member=self.member(3) + asked.key)
        elif (asked.client, asked.key) not in self.oracle.remembered:
            asked = replace(asked, at=self.now)  # what was refused is asked anew, by a till whose clock is right
        self.tell(asked)

    @rule(seconds=_WAITS)
    def wait(self, seconds: int) -> None:
        self.seen.append(self.now)
        self.now += timedelta(seconds=seconds)

    @rule(which=st.integers(0, 3), before=st.booleans())
    def wait_for_an_edge(self, which: int, before: bool) -> None:
        """To the very instant at which something begins or ends by itself, or to the microsecond before."""
        edges = self.oracle.edges(self.now)
        if edges:
            edge = edges[which % len(edges)] - timedelta(microseconds=before)
            if self.now < edge < self.now + timedelta(days=500):
                self.seen.append(self.now)
                self.now = edge

    @invariant()
    def balances_agree(self) -> None:
        """Now and then one member, each in turn; at the end all of them at many instants."""
        if len(self.asked) % 5 == 4:
            member = self.member(len(self.asked) // 5 % 3)
            assert shown(member, self.now) == self.oracle.balance(member, self.now), member


def _check_lives(engine: Engine, *, examples: int) -> None:
    lives = type("LivesHere", (Lives,), {"engine": engine})
    sizes = settings(
        max_examples=examples,
        stateful_step_count=30,
        deadline=None,
        database=None,
        phases=(Phase.generate, *([] if os.environ.get("NO_SHRINK") else [Phase.shrink])),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(lives, settings=sizes)


def test_the_ledger_does_as_the_oracle_says(engine: Engine) -> None:
    _check_lives(engine, examples=120 if engine.kind == "sqlite" else 30)


@pytest.mark.proof
def test_the_ledger_does_as_the_oracle_says_at_length(engine: Engine) -> None:
    _check_lives(engine, examples=1_900 if engine.kind == "sqlite" else 600)

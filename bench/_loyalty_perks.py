"""What `loyalty_perks` measures in the shop that it made."""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

from bench.figure import Figure, seconds, tell
from shuke.kernel.actor import SYSTEM
from shuke.loyalty import queries
from shuke.loyalty.actions import write
from shuke.loyalty.actions.issuing import issue_codes, issue_to_accounts
from shuke.loyalty.models import Account, Coupon
from shuke.loyalty.rules.tiers import standing
from shuke.loyalty.values import commands as c
from shuke.loyalty.values.ledger import Answer
from shuke.loyalty.values.tiers import Ladder, Tier

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
_TOGETHER = 64
_CART = {"lines": [{"sku": "A", "amount_minor": 20000}, {"sku": "B", "amount_minor": 10000}]}


@dataclass(frozen=True)
class AccountView:
    """One account."""

    account_id: int


def measure(kind: str, *, share: float) -> None:
    """Prints the figures of one engine."""
    if kind == "sqlite":
        _tier()
    holds, codes = round(6_000 * share), round(1_000_000 * share)
    _hold(kind, members=[f"m{number}" for number in range(holds)])
    started = time.perf_counter()
    issue_codes(SYSTEM, campaign="hot", count=codes, now=NOW, taken=len)
    limit = 60 * share
    tell(Figure(f"{codes:,} coupon codes, {kind}", time.perf_counter() - started, limit=limit))
    took = seconds(lambda: queries.campaign_counts(SYSTEM, now=NOW), rounds=3)
    tell(Figure(f"counts of {codes:,} coupons by campaign and state, {kind}", took, limit=1.0))
    _member(kind)


def _hold(kind: str, *, members: list[str]) -> None:
    """One hot budget: each hold reserves for a coupon of another member."""
    enrolled = [c.Enrol(client="bench", at=NOW, key=f"e{member}", member=member) for member in members]
    write(SYSTEM, commands=enrolled, now=NOW)
    accounts = dict(Account.objects.values_list("id", "member_no"))
    issue_to_accounts(SYSTEM, campaign="hot", accounts=list(accounts), now=NOW)
    rows = Coupon.objects.values_list("account_id", "code")
    mine = {accounts[account]: code for account, code in rows if account is not None}
    commands = [_command(member, coupon=mine[member]) for member in members]
    started = time.perf_counter()
    for start in range(0, len(commands), _TOGETHER):
        answers = write(SYSTEM, commands=commands[start : start + _TOGETHER], now=NOW)
        assert all(isinstance(answer, Answer) for answer in answers), answers
    took = (time.perf_counter() - started) * 1000 / len(commands)
    tell(Figure(f"1,000 holds with a coupon on one hot budget, {kind}", took, limit=1000 / 1500))
    assert queries.budgets(SYSTEM)["hot"].reserved_minor == 1000 * len(commands)


def _command(member: str, *, coupon: str) -> c.Hold:
    return c.Hold(
        client="bench", at=NOW, key=f"h{member}", member=member, code=member, points=0, coupons=(coupon,), cart=_CART
    )


def _member(kind: str) -> None:
    """What one member's page asks."""

    found = AccountView(Account.objects.earliest("pk").pk)
    took = seconds(
        lambda: (
            queries.tier_progress(SYSTEM, account=found, now=NOW),
            queries.benefits(SYSTEM, account=found, now=NOW),
            queries.coupons(SYSTEM, account=found, now=NOW),
        ),
        rounds=20,
    )
    tell(Figure(f"tier, benefits and coupons of one member, {kind}", took * 1000, unit="ms", limit=30))


def _tier() -> None:
    """The replay of ten years of growth, one purchase each second week."""
    steps = (("basic", 0, 0), ("silver", 1000, 800), ("gold", 5000, 4000), ("platinum", 20000, 16000))
    ladder = Ladder(tuple(Tier(code, code, code, reach, keep) for code, reach, keep in steps))
    growth = {date(2016, 6, 1) + timedelta(days=14 * place): 150 + place * 3 for place in range(260)}
    for name, days in (("ten years", growth), ("one year", dict(list(growth.items())[-26:]))):
        took = seconds(partial(standing, days, today=NOW.date(), ladder=ladder), rounds=50)
        tell(Figure(f"tier from {name} of growth", took * 1e6, unit="us", limit=2000))

"""The rule book without a database: amounts, days, burn order; rules change nothing until they are posted."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuke.kernel.errors import ShukeError
from shuke.loyalty.rules import amounts, lots, validity
from shuke.loyalty.rules.books import Books, empty_books, post
from shuke.loyalty.rules.deciding import decide
from shuke.loyalty.rules.refusals import BadAmount, BadRequest
from shuke.loyalty.rules.requests import check, request_hash
from shuke.loyalty.values import commands as c
from shuke.loyalty.values.ledger import Account, Lot, Programme, Validity

NOW = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 1)


def books() -> Books:
    """Members a and b (accounts 1 and 2), empty."""
    made = Books(Programme(), NOW, TODAY, txn=1, lot_ids=count(1), hold_ids=count(1), account_ids=count(3))
    for number, member in ((1, "a"), (2, "b")):
        made.accounts[number] = Account(number, "main", member, None, number, None, NOW)
        made.members[member], made.groups[number] = number, [number]
        made.books[number], made.lots_of[number], made.rest[number] = empty_books(), [], (0, 0)
    return made


def asked(what: str, *, size: int, which: int) -> c.Command:
    """A request of a kind; orders and holds are few, so that they meet again."""
    said = {"client": "till", "key": "k", "at": NOW}
    order, member, code = c.OrderRef("pos", str(which)), "ab"[which % 2], f"h{which}"
    made: dict[str, c.Command] = {
        "earn": c.Earn(**said, member=member, order=order, eligible_minor=size * 37, currency="CNY", bought_on=TODAY),
        "burn": c.Burn(**said, member=member, order=order, points=size, total_minor=size * 50, currency="CNY"),
        "hold": c.Hold(**said, member=member, code=code, points=size),
        "capture": c.Capture(**said, code=code, order=order, total_minor=size, currency="CNY"),
        "release": c.Release(**said, code=code),
        "refund": c.RefundOrder(**said, order=order, refunded_minor=size * 20, currency="CNY"),
        "adjust": c.Adjust(**said, member=member, points=size - 200, reason="r", approved_by="x"),
        "transfer": c.Transfer(**said, member=member, to="ba"[which % 2], points=size),
        "merge": c.Merge(**said, kept="a", other="b"),
        "split": c.Split(**said, member="b"),
        "opening": c.Opening(**said, member=member, points=size, expires_on=TODAY + timedelta(days=which)),
    }
    return made[what]


_KINDS = ["earn", "burn", "hold", "capture", "release", "refund", "adjust", "transfer", "merge", "split", "opening"]


@given(st.lists(st.tuples(st.sampled_from(_KINDS), st.integers(1, 400), st.integers(0, 4)), max_size=40))
def test_in_every_life_books_sum_to_zero_and_agree_with_lots(steps: list[tuple[str, int, int]]) -> None:
    ledger = books()
    for txn, (what, size, which) in enumerate(steps, 1):
        ledger.txn = txn
        before = deepcopy((ledger.books, ledger.lots, ledger.groups, ledger.holds, ledger.earnings, ledger.burnings))
        try:
            change = decide(ledger, asked(what, size=size, which=which))
        except ShukeError:
            change = None
        after = (ledger.books, ledger.lots, ledger.groups, ledger.holds, ledger.earnings, ledger.burnings)
        assert after == before
        if change is not None:
            post(ledger, change)
        for number, places in ledger.books.items():
            own = [ledger.lots[lot] for lot in ledger.lots_of[number]]
            assert sum(places.values()) == 0
            assert places["free"] == sum(lot.free for lot in own)
            assert places["held"] == sum(lot.held for lot in own)
            assert min(places["free"], places["held"], -places["owed"]) >= 0
        assert all(lot.free >= 0 and lot.held >= 0 for lot in ledger.lots.values())
        assert all(lot.free + lot.held + lot.expired <= lot.points for lot in ledger.lots.values())
    assert sum(places["transferred"] for places in ledger.books.values()) == 0
    for root in ledger.groups:
        shown = lots.balance(ledger, root)
        assert min(shown.available, shown.pending, shown.held, shown.owed, shown.expired) >= 0


@pytest.mark.parametrize(
    ("minor", "thousandths", "points"),
    [(0, 1000, 0), (99, 1000, 0), (100, 1000, 1), (199, 1000, 1), (19_999, 1000, 199), (10_050, 1500, 150)],
)
def test_points_are_rounded_down_once_an_order(minor: int, thousandths: int, points: int) -> None:
    assert amounts.earned(minor, programme=Programme(), multiplier_thousandths=thousandths) == points


@pytest.mark.parametrize("amount", [-1, 10**20, 1.5, True, "5", None])
def test_amounts_that_no_till_can_mean_are_refused(amount: object) -> None:
    with pytest.raises(BadAmount):
        amounts.whole("amount", amount)


@pytest.mark.parametrize(
    ("bought", "programme", "last"),
    [
        (date(2026, 1, 31), Programme(validity=Validity.MONTHS, validity_length=1), date(2026, 2, 28)),
        (date(2027, 12, 31), Programme(validity=Validity.MONTHS, validity_length=2), date(2028, 2, 29)),
        (date(2028, 2, 29), Programme(validity=Validity.MONTHS, validity_length=12), date(2029, 2, 28)),
        (date(2026, 11, 30), Programme(validity=Validity.MONTHS, validity_length=12), date(2027, 11, 30)),
        (date(2026, 2, 28), Programme(validity=Validity.DAYS, validity_length=1), date(2026, 3, 1)),
        (date(2026, 6, 1), Programme(validity=Validity.YEAR_END, validity_length=1), date(2027, 12, 31)),
        (date(2026, 6, 1), Programme(validity=Validity.YEAR_END, validity_length=0), date(2026, 12, 31)),
        (date(2026, 6, 1), Programme(validity=Validity.DATE, valid_until=date(2026, 9, 9)), date(2026, 9, 9)),
        (date(2026, 6, 1), Programme(validity=Validity.NEVER), None),
    ],
)
def test_the_last_day(bought: date, programme: Programme, last: date | None) -> None:
    assert validity.last_day(bought, programme=programme) == last


def test_midnight_in_zones_whose_clocks_change() -> None:
    # Santiago's clocks jump from 24:00 to 1:00 on 6 September 2026: the 5th ends with the jump, at 4:00 UTC.
    ends = validity.expires_at
    assert ends(date(2026, 9, 5), zone="America/Santiago") == datetime(2026, 9, 6, 4, 0, tzinfo=UTC)
    assert ends(date(2026, 3, 28), zone="Europe/Berlin") == datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    assert ends(date(2026, 3, 29), zone="Europe/Berlin") == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
    assert ends(date(2026, 3, 1), zone="Asia/Shanghai") == datetime(2026, 3, 1, 16, 0, tzinfo=UTC)


def test_burn_order() -> None:
    def lot(number: int, ends: int | None, begins: int = 0) -> Lot:
        at = None if ends is None else NOW + timedelta(days=ends)
        return Lot(number, 1, 1, "earn", 5, 5, NOW + timedelta(days=begins), at, NOW)

    found = lots.burn_order(
        [lot(1, None), lot(2, 9), lot(3, 5, -1), lot(4, 5, -2), lot(5, 5, -2), lot(6, 3, 1), lot(7, 0)], now=NOW
    )
    assert [one.id for one in found] == [4, 5, 3, 2, 1]


def test_the_hash_of_a_request_leaves_out_time_key_and_defaults() -> None:
    one = asked("earn", size=5, which=1)
    assert request_hash(one) == request_hash(replace(one, key="other", at=NOW + timedelta(days=1), client="x"))
    assert isinstance(one, c.Earn)
    assert request_hash(one) == request_hash(replace(one, store=""))
    assert request_hash(one) != request_hash(replace(one, store="S1"))
    assert request_hash(one) != request_hash(replace(one, eligible_minor=186))
    assert request_hash(one) != request_hash(asked("burn", size=5, which=1))


def test_texts_that_no_table_takes_are_refused() -> None:
    one = asked("transfer", size=5, which=1)
    check(one, programme=Programme())
    assert isinstance(one, c.Transfer)
    for wrong in ("", "a" * 61, "a\nb", "a\x00", "\ud800"):
        with pytest.raises(BadRequest):
            check(replace(one, to=wrong), programme=Programme())

"""Points across the rooms: imported orders, linked accounts, claims, enrolment, closed days, the week's table."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shuke.kernel.actor import SYSTEM
from shuke.kernel.ids import stable_hash
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.loyalty import queries
from shuke.loyalty.actions import write
from shuke.loyalty.actions.claiming import TRIES_A_DAY, NotClaimable, TooManyTries
from shuke.loyalty.actions.closing import DayClosed, DayNotOver
from shuke.loyalty.models import Account, Claim, DayClose, Order, Txn
from shuke.loyalty.queries.finance import day_closes, liability
from shuke.loyalty.values.commands import Adjust, Earn, Enrol, OrderRef
from shuke.procedures import claim_order as claiming
from shuke.procedures.claim_order import claim_order
from shuke.procedures.close_day import close_days
from shuke.procedures.enrol_member import enrol_member
from shuke.procedures.link_accounts import Linked, link_accounts
from shuke.procedures.post_orders import Posted, post_orders
from shuke.procedures.read_points import read_points
from tests.conftest import FillLake

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)


def _order(number: str, customer: int | None, *, minor: int = 10_000, day: date = DAY, **more: Any) -> dict[str, Any]:
    at = datetime(day.year, day.month, day.day, 4)
    told = {
        "order_key": stable_hash(number), "source": "pos", "order_no": number, "ordered_at": at, "ordered_on": day,
        "store": "一店", "customer_id": customer, "gross_minor": minor, "net_minor": minor, "refund_minor": 0,
        "freight_minor": 0, "currency": "CNY", "counted": True, "is_return": False, "is_wholesale": False,
        "original_key": None,
    }  # fmt: skip
    return told | more


def _enrol(*members: tuple[str, int | None], at: datetime = NOW - timedelta(days=30)) -> None:
    commands = [Enrol(client="t", key=f"enrol{m}", at=at, member=m, customer_id=c) for m, c in members]
    assert not [one for one in write(SYSTEM, commands=commands, now=at) if isinstance(one, Exception)]


def _post(workspace: Workspace) -> Posted:
    return post_orders(SYSTEM, workspace=workspace, now=NOW, progress=lambda _: None)


def _link(workspace: Workspace) -> Linked:
    return link_accounts(SYSTEM, workspace=workspace, now=NOW, progress=lambda _: None)


def _available(member: str) -> int:
    return queries.account(SYSTEM, now=NOW, member=member).balance.available


def test_imported_orders_earn_once_and_refunds_follow(workspace: Workspace, fill_lake: FillLake) -> None:
    _enrol(("A", 7), ("B", 8))
    back = _order("r1", 7, minor=0, net_minor=-3_000, is_return=True, original_key=stable_hash("1"))
    fill_lake(
        orders=[_order("1", 70), _order("2", 8, refund_minor=2_500), _order("3", 8, day=date(2026, 9, 1)), back,
                _order("4", 99), _order("5", 7, counted=False)],
        customer_aliases=[{"alias_id": 7, "customer_id": 70}],
    )  # fmt: skip
    assert _post(workspace) == Posted(earned=2, refunded=2, points=70 + 75)
    assert (_available("A"), _available("B")) == (70, 75)
    before = Txn.objects.count()
    assert _post(workspace) == Posted(0, 0, 0) and Txn.objects.count() == before
    fill_lake(orders=[_order("1", 70), _order("2", 8, refund_minor=10_000)])
    _post(workspace)
    assert _available("B") == 0 and Order.objects.get(order_no="2").refunded_minor == 10_000


def test_accounts_follow_their_customers_there_and_back(workspace: Workspace, fill_lake: FillLake) -> None:
    _enrol(("A", 1), ("B", 2), ("C", 3))
    give = [
        Adjust(client="t", key=f"give{m}", at=NOW, member=m, points=10, reason="gift", approved_by="boss")
        for m in "ABC"
    ]
    write(SYSTEM, commands=give, now=NOW)
    alone = [{"alias_id": 100, "customer_id": 101}]
    for _ in range(2):
        fill_lake(customer_aliases=[{"alias_id": 2, "customer_id": 1}])
        assert _link(workspace).merged == 1
        assert _link(workspace) == Linked(0, 0, 0, 0), "a second run changes nothing"
        assert (_available("A"), _available("B"), _available("C")) == (20, 20, 10)
        fill_lake(customer_aliases=alone)
        assert (_link(workspace).parted, _link(workspace).parted) == (1, 0)
        assert (_available("A"), _available("B")) == (10, 10)


def test_a_chain_of_customers_shows_one_balance(workspace: Workspace, fill_lake: FillLake) -> None:
    _enrol(("A", 1), ("B", 2), ("C", 3))
    fill_lake(customer_aliases=[{"alias_id": 1, "customer_id": 3}, {"alias_id": 2, "customer_id": 3}])
    assert _link(workspace).merged == 2
    roots = {one.member_no: one.group_id for one in Account.objects.all()}
    assert set(roots.values()) == {Account.objects.get(member_no="C").pk}, "the id that lives on keeps its account"


def test_an_account_without_a_customer_gets_the_one_whose_card_it_is(workspace: Workspace, fill_lake: FillLake) -> None:
    _enrol(("880001", None), ("880002", None))
    fill_lake(
        customer_lookup=[
            {"type": "card", "value_hash": stable_hash("880001"), "customer_id": 5},
            {"type": "card", "value_hash": stable_hash("880002"), "customer_id": 6},
            {"type": "member_id", "value_hash": stable_hash("880002"), "customer_id": 7},
        ]
    )
    assert _link(workspace).found == 1
    assert dict(Account.objects.values_list("member_no", "customer_id")) == {"880001": 5, "880002": None}


def test_who_enrols_stands_under_the_customer_that_is_known(workspace: Workspace, fill_lake: FillLake) -> None:
    fill_lake(
        customer_lookup=[{"type": "phone", "value_hash": stable_hash("8613812345678"), "customer_id": 5}],
        identity=[{"record_id": 1, "source_row_id": "x", "customer_id": 5}],
        customer_profiles=[{"customer_id": 5}],
        customer_aliases=[{"alias_id": 4, "customer_id": 5}],
    )
    told = {"workspace": workspace, "client": "t", "now": NOW}
    known = enrol_member(SYSTEM, member="N00001", identifiers=("138 1234 5678",), key="1", **told)
    new = enrol_member(SYSTEM, member="N00002", identifiers=("13900000000",), key="2", **told)
    assert (known.customer_id, new.customer_id) == (5, None)


def test_a_claim_needs_the_one_order_that_nobody_has(
    workspace: Workspace, fill_lake: FillLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claiming, "_LEAST_SECONDS", 0.0)
    _enrol(("A", 1), ("B", 2))
    fill_lake(
        orders=[_order("m1", None, minor=8_800), _order("m2", 2), _order("m3", None), _order("m3", None, source="jd"),
                _order("m4", None, refund_minor=1, net_minor=9_999)]
    )  # fmt: skip

    def claim(member: str, number: str, minor: int, *, hours: int = 0) -> int:
        now = NOW + timedelta(hours=hours)
        return claim_order(
            SYSTEM, workspace=workspace, member=member, order_no=number, amount_minor=minor, now=now
        ).points  # fmt: skip

    for number, minor in (("m1", 8_801), ("m2", 10_000), ("m3", 10_000), ("m4", 10_000)):
        with pytest.raises(NotClaimable):
            claim("A", number, minor)
    assert claim("A", "m1", 8_800) == 88
    with pytest.raises(TooManyTries):
        claim("A", "m1", 8_800)
    with pytest.raises(NotClaimable):
        claim("B", "m1", 8_800)
    results = list(Claim.objects.order_by("id").values_list("result", flat=True))
    assert results == ["no_match", "taken", "ambiguous", "refunded", "granted", "taken"] and TRIES_A_DAY == 5
    with pytest.raises(NotClaimable):
        claim("A", "m9", 1, hours=25)


def _sell(number: str, minor: int, *, day: date, at: datetime) -> None:
    command = Earn(client="t", key=number, at=at, member="A", order=OrderRef("pos", number), eligible_minor=minor,
                   currency="CNY", bought_on=day)  # fmt: skip
    (answer,) = write(SYSTEM, commands=[command], now=at)
    assert not isinstance(answer, Exception)


def test_a_closed_day_names_each_difference_and_is_never_rewritten(workspace: Workspace, fill_lake: FillLake) -> None:
    _enrol(("A", 1))
    for number, minor in (("1", 10_000), ("2", 5_000), ("ghost", 700)):
        _sell(number, minor, day=DAY, at=NOW - timedelta(days=2))
    fill_lake(
        orders=[
            _order("1", 1),
            _order("2", 1, minor=6_000),
            _order("3", 1),
            _order("4", None, day=DAY + timedelta(days=2)),
        ]
    )
    (closed,) = close_days(SYSTEM, workspace=workspace, now=NOW, until=DAY)
    assert {(one.kind, one.order_no) for one in closed.differences} == {
        ("amount_differs", "2"), ("earned_nothing", "3"), ("no_order", "ghost"),
    }  # fmt: skip
    assert (closed.moved["issued"], closed.totals["points"], closed.totals["liability_minor"]) == (157, 157, 157)
    stored = DayClose.objects.get(business_on=DAY).totals
    _sell("late", 2_000, day=DAY, at=NOW)
    (after,) = close_days(SYSTEM, workspace=workspace, now=NOW)
    assert after.business_on == DAY + timedelta(days=1) and after.moved["issued"] == 0
    assert after.late[DAY.isoformat()]["issued"] == 20 and after.totals["points"] == 177
    assert DayClose.objects.get(business_on=DAY).totals == stored
    assert liability(SYSTEM, workspace=workspace, at=NOW).standing.outstanding == 177
    assert [one.business_on for one in day_closes(SYSTEM)] == [DAY + timedelta(days=1), DAY]
    assert close_days(SYSTEM, workspace=workspace, now=NOW) == ()
    with pytest.raises(DayNotOver):
        close_days(SYSTEM, workspace=workspace, now=NOW, until=DAY + timedelta(days=3))
    assert issubclass(DayClosed, Exception)


def test_the_week_reads_points_by_customer(workspace: Workspace, fill_lake: FillLake) -> None:
    _enrol(("A", 1), ("B", 2), ("C", None), at=NOW - timedelta(days=380))
    for number, minor in (("old", 30_000), ("new", 120_000)):
        at = NOW - timedelta(days=350 if number == "old" else 20)
        _sell(number, minor, day=at.date(), at=at)
    fill_lake(customer_aliases=[{"alias_id": 2, "customer_id": 1}])
    _link(workspace)
    with open_run(workspace, kind="test") as run:
        assert read_points(SYSTEM, run=run, as_of=date(2026, 11, 23)) == 1
        (row,) = run.reader().rows("select * from member_points")
    assert row == {
        "customer_id": 1, "account_id": Account.objects.get(member_no="A").pk, "tier": "silver", "growth_12m": 1500,
        "available": 1500, "pending": 0, "expiring_30d": 300, "next_expiry_on": date(2026, 12, 7), "coupons_open": 0,
        "as_of": date(2026, 11, 23),
    }  # fmt: skip

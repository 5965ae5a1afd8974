"""Jobs that only write down, and the comparison that finds whatever was changed behind the ledger's back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper

from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.errors import NotAllowed
from shuke.loyalty import queries
from shuke.loyalty.actions import write
from shuke.loyalty.actions.expiry import expire_points
from shuke.loyalty.actions.freezing import reconcile, unfreeze
from shuke.loyalty.models import Account, Balance, Entry, Hold, Lot, Txn
from shuke.loyalty.rules.refusals import Frozen
from shuke.loyalty.values.audit import Reconciliation
from shuke.loyalty.values.commands import Burn, Command, Earn, Enrol, Merge, OrderRef, Split
from shuke.loyalty.values.commands import Hold as HoldPoints
from tests.engines import Engine

START = datetime(2025, 1, 10, 4, 0, tzinfo=UTC)


def _earn(member: str, number: int, *, at: datetime) -> Earn:
    return Earn(
        client="t", key=f"earn{number}", at=at, member=member, order=OrderRef("pos", str(number)),
        eligible_minor=10_000, currency="CNY", bought_on=at.date(),
    )  # fmt: skip


def _tell(*commands: Command) -> None:
    for command in commands:
        (answer,) = write(SYSTEM, commands=[command], now=command.at)
        assert not isinstance(answer, Exception), answer


def _year(engine: Engine) -> None:
    """Two members: purchases each quarter, a burn, a hold that nobody pays, a merge of the two."""
    del engine
    for place, member in enumerate("AB"):
        _tell(Enrol(client="t", key=f"enrol{member}", at=START, member=member))
        for quarter in range(4):
            _tell(_earn(member, 10 * place + quarter, at=START + timedelta(days=90 * quarter + place)))
    late = START + timedelta(days=300)
    burn = Burn(client="t", key="burn", at=late, member="A", order=OrderRef("pos", "b"), points=130, total_minor=9_000,
                currency="CNY")  # fmt: skip
    hold = HoldPoints(client="t", key="hold", at=late + timedelta(hours=2), member="B", code="cart", points=60)
    _tell(burn, Merge(client="t", key="merge", at=late + timedelta(hours=1), kept="A", other="B"), hold)


def _expire(engine: Engine, *, at: datetime) -> tuple[int, int, int]:
    report = expire_points(SYSTEM, workspace=engine.workspace, now=at, progress=lambda _: None)
    return report.lots, report.points, report.holds


def _reconcile(*, freeze: bool = False) -> Reconciliation:
    return reconcile(SYSTEM, freeze=freeze, progress=lambda _: None)


def test_each_lot_ends_at_its_own_instant(engine: Engine) -> None:
    _year(engine)
    assert _expire(engine, at=START + timedelta(days=400)) == (1, 100, 1)
    (entry,) = Entry.objects.filter(target="expired")
    assert entry.at == datetime(2026, 1, 11, 16, tzinfo=UTC), (
        "bought on the 11th of January: through the 11th a year on"
    )
    (txn,) = Txn.objects.filter(kind="expire")
    assert (txn.business_on, txn.client) == (date(2026, 1, 12), "shuke")
    assert Hold.objects.get().state == "timed_out"
    assert _reconcile().drifts == ()


def test_a_second_run_finds_nothing(engine: Engine) -> None:
    _year(engine)
    _expire(engine, at=START + timedelta(days=800))
    before = Txn.objects.count()
    assert _expire(engine, at=START + timedelta(days=800)) == (0, 0, 0) and Txn.objects.count() == before


def test_no_balance_at_any_instant_depends_on_the_job(engine: Engine) -> None:
    _year(engine)
    account = Account.objects.get(member_no="A").pk
    instants = [START + timedelta(days=days, hours=days % 24) for days in range(0, 800, 23)]

    def told() -> list[object]:
        return [queries.balance(SYSTEM, account=account, at=at) for at in instants]

    never = told()
    for day in (370, 460, 800):
        _expire(engine, at=START + timedelta(days=day))
        assert told() == never
    assert Balance.objects.filter(free__gt=0).count() == 0


def test_a_hold_that_outlives_a_split_goes_back_to_both_sides(engine: Engine) -> None:
    _year(engine)
    late = START + timedelta(days=300, hours=3)
    held = HoldPoints(client="t", key="both", at=late, member="A", code="both", points=600)
    _tell(held, Split(client="t", key="split", at=late + timedelta(minutes=1), member="B"))
    assert _expire(engine, at=late + timedelta(hours=1))[2] == 1
    assert list(Balance.objects.values_list("held", flat=True)) == [0, 0]
    assert _reconcile().drifts == ()


def test_a_frozen_account_waits(engine: Engine) -> None:
    _year(engine)
    Account.objects.filter(member_no="B").update(frozen_reason="looked at")
    assert _expire(engine, at=START + timedelta(days=800))[0] == 3
    Account.objects.update(frozen_reason="")
    assert _expire(engine, at=START + timedelta(days=800))[0] == 4


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ("update loyalty_balance set free = free + 5, issued = issued + 5 where account_id = {a}", {"free", "issued"}),
        ("update loyalty_lot set points = points + 1, free = free + 1 where id = {lot}", {"lot.free"}),
        ("update loyalty_lot set expired = expired + free, free = 0 where id = {lot}", {"lot.free", "lot.expired"}),
        ("update loyalty_balance set head = 'x' where account_id = {a}", {"head"}),
        ("update loyalty_order set points = points + 1 where order_no = '1'", {"order.points"}),
        ("{off} update loyalty_txn set order_no = 'other' where id = {txn}", {"chain"}),
        ("{off} update loyalty_entry set points = points + 1 where txn_id = {txn}",
         {"chain", "free", "issued", "lot.free", "order.points"}),
        ("{off} delete from loyalty_txn where id = {txn}", {"chain"}),
    ],
)  # fmt: skip
def test_every_change_behind_the_ledger_is_named_and_frozen(engine: Engine, change: str, fields: set[str]) -> None:
    _year(engine)
    account = Account.objects.get(member_no="A").pk
    lot = Lot.objects.filter(account_id=account, free__gt=0).order_by("-id")[0]
    words = {"a": account, "lot": lot.pk, "txn": lot.txn_id, "off": ""}
    with connection.cursor() as cursor:
        if "{off}" in change:
            _without_triggers(cursor)
        cursor.execute(change.format(**words))
    found = _reconcile(freeze=True)
    assert {drift.field for drift in found.drifts} >= fields and found.frozen == 1
    assert {drift.account_id for drift in found.drifts} == {account}
    (answer,) = write(
        SYSTEM, commands=[_earn("B", 99, at=START + timedelta(days=301))], now=START + timedelta(days=301)
    )
    assert isinstance(answer, Frozen)
    unfreeze(SYSTEM, account_id=account, reason="looked at")
    assert Account.objects.get(pk=account).frozen_reason == ""


def test_who_may_not_see_finance_may_not_reconcile(engine: Engine) -> None:
    with pytest.raises(NotAllowed):
        reconcile(Actor("a", Role.ASSOCIATE, stores=frozenset({"s"})), freeze=False, progress=lambda _: None)


def _without_triggers(cursor: CursorWrapper) -> None:
    """What somebody with all rights over the database can do."""
    run = cursor.execute
    if connection.vendor == "postgresql":
        run("alter table loyalty_txn disable trigger all")
        run("alter table loyalty_entry disable trigger all")
        return
    for table in ("loyalty_txn", "loyalty_entry"):
        for event in ("update", "delete"):
            run(f"drop trigger {table}_no_{event}")

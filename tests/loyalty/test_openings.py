"""Opening balances: the same rows as the ledger's own front door writes, checked whole, resumed, never doubled."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db.models import Model

from shuke.kernel.actor import SYSTEM
from shuke.loyalty import queries
from shuke.loyalty.actions import openings, write
from shuke.loyalty.actions.freezing import reconcile
from shuke.loyalty.actions.openings import TotalsDiffer
from shuke.loyalty.adapters.opening_files import BadOpeningFile
from shuke.loyalty.adapters.opening_rows import Chunk
from shuke.loyalty.models import Account, Balance, Entry, Growth, Lot, Tier, Txn
from shuke.loyalty.values.commands import Enrol, Opening
from shuke.loyalty.values.openings import OpeningReport, OpeningRequest, OpeningTotals
from shuke.outbox.models import Fact
from shuke.procedures.load_openings import load_openings
from tests.engines import Engine

NOW = datetime(2026, 11, 22, 4, 0, 0, 123, tzinfo=UTC)
TEXT = """会员号,积分,到期日,成长值,等级
M001,1200,2027-06-30,5200,金卡会员
M002,"1,000",2027/12/31,0,
M002,50,,300,
M003,0,,1200,silver
M004,7.0,2027-01-31,,
"""


def _load(engine: Engine, *, points: int, members: int, text: str = TEXT) -> OpeningReport:
    path = engine.workspace.root / "openings.csv"
    path.write_text(text, "utf-8")
    request = OpeningRequest(path, OpeningTotals(points, members))
    return load_openings(SYSTEM, workspace=engine.workspace, request=request, now=NOW, progress=lambda _: None)


def test_members_stand_with_points_growth_and_tier(engine: Engine) -> None:
    report = _load(engine, points=2257, members=4)
    assert (report.rows, report.loaded, report.known, report.quarantined) == (5, 4, 0, {})
    view = queries.account(SYSTEM, now=NOW, member="M002")
    assert view.balance.available == 1050
    assert [
        (one.expires_at, one.points) for one in queries.expiring(SYSTEM, account=view.account_id, now=NOW, days=800)
    ] == [(datetime(2027, 12, 31, 16, tzinfo=UTC), 1000)]
    assert sorted(Growth.objects.values_list("points", flat=True)) == [300, 1200, 5200]
    assert sorted(Tier.objects.values_list("tier", "reason")) == [("gold", "granted"), ("silver", "granted")]
    assert Fact.objects.filter(kind="loyalty.opening_many").count() == 1
    assert reconcile(SYSTEM, freeze=False, progress=lambda _: None).drifts == ()


def test_the_rows_are_those_of_the_front_door(engine: Engine) -> None:
    """One member through the file, one through the ledger: lots, entries and balances look alike, chains hold."""
    _load(engine, points=300, members=1, text="member_no,points,expires_on\nA,300,2027-03-31\n")
    at = NOW.replace(microsecond=0)
    write(SYSTEM, commands=[Enrol(client="t", key="1", at=at, member="B")], now=at)
    command = Opening(client="t", key="2", at=at, member="B", points=300, expires_on=date(2027, 3, 31))
    write(SYSTEM, commands=[command], now=at)
    ids = {one.member_no: one.pk for one in Account.objects.all()}

    def alike(model: type[Model], *names: str, **only: object) -> bool:
        found = [list(model.objects.filter(account_id=pk, **only).values_list(*names)) for pk in ids.values()]
        return len(found) == 2 and found[0] == found[1] and len(found[0]) == 1

    assert alike(Lot, "kind", "points", "free", "held", "expired", "available_at", "expires_at", "created_at")
    assert alike(Entry, "source", "target", "points", "at")
    assert alike(Balance, "free", "held", "owed", "issued", "clawed", "burned", "returned", "expired", "transferred")
    assert alike(Txn, "at", "recorded_at", "business_on", "store", "channel", "order_no", kind="opening")
    assert reconcile(SYSTEM, freeze=False, progress=lambda _: None).drifts == ()


def test_nothing_is_written_where_totals_differ(engine: Engine) -> None:
    with pytest.raises(TotalsDiffer, match=r"2,257 points of 4 members"):
        _load(engine, points=2256, members=4)
    assert not Account.objects.exists() and not Txn.objects.exists()


def test_bad_rows_are_put_aside_with_their_reasons(engine: Engine) -> None:
    text = (
        "member_no,points,expires_on,tier\nA,10,,\n,5,,\nB,-3,,\nC,1.5,,\nD,9,2020-01-01,\nE,9,31 June,\n"
        "F,9,,emperor\nG,5,2027-01-01,\nG,6,2027-01-01,\n" + "H" * 61 + ",5,,\n"
    )
    report = _load(engine, points=10, members=1, text=text)
    assert report.quarantined == {
        "bad_expires_on": 1, "bad_member": 1, "bad_points": 2, "no_member": 1, "over_already": 1, "twice": 2,
        "unknown_tier": 1,
    }  # fmt: skip
    assert report.quarantine is not None and "emperor" in report.quarantine.read_text("utf-8")
    assert list(Account.objects.values_list("member_no", flat=True)) == ["A"]


def test_a_second_run_changes_nothing_and_a_stopped_one_goes_on(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openings, "_CHUNK_FILE", 2)
    monkeypatch.setattr(openings, "_CHUNK_SERVER", 2)
    whole = openings._Job.run

    def stops(job: openings._Job, chunk: Chunk) -> object:
        if chunk.first > 2:
            raise RuntimeError("killed")
        return whole(job, chunk)

    with monkeypatch.context() as patched:
        patched.setattr(openings._Job, "run", stops)
        with pytest.raises(RuntimeError):
            _load(engine, points=2257, members=4)
    assert Account.objects.count() == 2
    assert (_load(engine, points=2257, members=4).loaded, Account.objects.count()) == (2, 4)
    again = _load(engine, points=2257, members=4)
    assert (again.loaded, again.known, Txn.objects.count()) == (0, 4, 5)
    assert reconcile(SYSTEM, freeze=False, progress=lambda _: None).drifts == ()


def test_members_with_an_account_get_one_more_lot(engine: Engine) -> None:
    write(SYSTEM, commands=[Enrol(client="t", key="1", at=NOW, member="M001")], now=NOW)
    report = _load(engine, points=2257, members=4)
    assert (report.loaded, Account.objects.count()) == (4, 4)
    assert queries.account(SYSTEM, now=NOW, member="M001").balance.available == 1200
    assert _load(engine, points=2257, members=4).loaded == 0


def test_what_is_no_such_file_is_refused(engine: Engine) -> None:
    with pytest.raises(BadOpeningFile, match="no column points"):
        _load(engine, points=1, members=1, text="member_no,stars\nA,1\n")
    missing = OpeningRequest(Path("nowhere.csv"), OpeningTotals(1, 1))
    with pytest.raises(BadOpeningFile, match=r"no file nowhere\.csv"):
        load_openings(SYSTEM, workspace=engine.workspace, request=missing, now=NOW, progress=lambda _: None)


def test_a_file_of_an_old_spreadsheet_is_read(engine: Engine) -> None:
    path = engine.workspace.root / "old.csv"
    path.write_bytes("会员卡号,积分余额\n8001,88\n".encode("gb18030"))
    request = OpeningRequest(path, OpeningTotals(88, 1), expires_on=date(2027, 12, 31))
    report = load_openings(SYSTEM, workspace=engine.workspace, request=request, now=NOW, progress=lambda _: None)
    assert (report.loaded, Lot.objects.get().expires_at) == (1, datetime(2027, 12, 31, 16, tzinfo=UTC))

"""The whole week through its own front doors, on the raw exports of a small demo retailer."""

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

import shuke.demo.actions as demo
from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.procedures.import_files import import_files
from shuke.procedures.read_results import read_results
from shuke.procedures.review_proposal import approve, open_proposals
from shuke.procedures.week import week
from shuke.procedures.write_tasks import write_tasks
from shuke.proposals.models import Proposal

AS_OF = date(2026, 11, 23)
CONTRACT = (
    "id", "store", "play", "segment", "people", "holdout", "channel", "offer", "cost_minor", "gain_minor",
    "gain_low_minor", "gain_high_minor", "basis",
)  # fmt: skip


def quiet(_: str) -> None:
    return None


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("retailer")
    demo.write_exports(folder / "exports", truth=folder / "truth", customers=300, seed=5, as_of=AS_OF)
    wanted = ("pos_收银明细_2026", "会员档案", "wecom", "consents", "interactions", "costs")
    return sorted(path for path in (folder / "exports").iterdir() if path.name.startswith(wanted))


def test_from_raw_exports_to_results_and_the_next_week(
    workspace: Workspace, exports: list[Path], tmp_path: Path
) -> None:
    import_files(SYSTEM, workspace=workspace, paths=exports, progress=quiet)
    report = week(SYSTEM, workspace=workspace, as_of=AS_OF, progress=quiet)
    document = json.loads(json.dumps(report.as_document()))
    assert document["as_of"] == "2026-11-23" and document["proposals"]
    assert document["customers"] > 200
    for shown in document["proposals"]:
        assert set(CONTRACT) <= set(shown) and list(shown)[: len(CONTRACT)] == list(CONTRACT)
        assert shown["gain_low_minor"] <= shown["gain_minor"] <= shown["gain_high_minor"]
        assert 0 <= shown["holdout"] <= shown["people"] and shown["basis"] == "prior"
    assert document["unknown_consent"]["people"] >= document["unknown_consent"]["lost"] > 0

    assert open_proposals(SYSTEM) == [shown["id"] for shown in document["proposals"]]
    for number in open_proposals(SYSTEM):
        approve(SYSTEM, workspace=workspace, proposal=number)
    out = tmp_path / "tasks.csv"
    sheets = write_tasks(SYSTEM, workspace=workspace, out=out, form=None)
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
    assert sheets.tasks == len(rows) == sum(p["people"] - p["holdout"] for p in document["proposals"])
    with open_reader(SYSTEM, workspace) as lake:
        drawn = lake.rows("select customer_id from proposal_people where arm = 'holdout'")
        known = {
            (r["source"], r["source_row_id"]): str(r["customer_id"])
            for r in lake.rows("select source, source_row_id, customer_id from identity where customer_id is not null")
        }
    held = {str(row["customer_id"]) for row in drawn}
    assert not held & {row["customer_id"] for row in rows}
    assert all(known[row["source"], row["source_row_id"]] == row["customer_id"] for row in rows)
    monday, sunday = AS_OF.isoformat(), (AS_OF + timedelta(days=6)).isoformat()
    assert all(monday <= row["send_on"] <= sunday for row in rows)

    for row in rows:
        row["outcome"] = "拒绝联系" if row is rows[0] else "未回复"
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    results = read_results(SYSTEM, workspace=workspace, path=out)
    assert (results.taken, results.problems) == (len(rows), ())

    later = AS_OF + timedelta(days=7)
    week(SYSTEM, workspace=workspace, as_of=later, progress=quiet)
    with open_reader(SYSTEM, workspace) as lake:
        again = {
            str(r["customer_id"]): r["reason"]
            for r in lake.rows("select customer_id, reason from proposal_people where as_of = $day", day=later)
        }
        assert lake.value("select count(*) from contacts") == len(rows)
    assert again.get(rows[0]["customer_id"], "refused_contact") == "refused_contact"
    assert {again[customer] for customer in held if customer in again} <= {"holdout_watch"}
    assert Proposal.objects.filter(as_of=AS_OF, state="exported").count() == len(document["proposals"])


def test_the_same_day_again_changes_nothing_and_a_failing_week_leaves_the_one_before(
    workspace: Workspace, exports: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    import_files(SYSTEM, workspace=workspace, paths=exports, progress=quiet)
    first = week(SYSTEM, workspace=workspace, as_of=AS_OF, progress=quiet).as_document()
    assert week(SYSTEM, workspace=workspace, as_of=AS_OF, progress=quiet).as_document() == first
    before = [(p.pk, p.version, p.people) for p in Proposal.objects.order_by("id")]
    with open_reader(SYSTEM, workspace) as lake:
        people = lake.value("select count(*) from proposal_people")

    def stop(message: str) -> None:
        if "held out" in message:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        week(SYSTEM, workspace=workspace, as_of=AS_OF + timedelta(days=1), progress=stop)
    assert [(p.pk, p.version, p.people) for p in Proposal.objects.order_by("id")] == before
    with open_reader(SYSTEM, workspace) as lake:
        assert lake.value("select count(*) from proposal_people") == people
    week(SYSTEM, workspace=workspace, as_of=AS_OF + timedelta(days=1), progress=quiet)
    assert Proposal.objects.filter(as_of=AS_OF + timedelta(days=1)).exists()

"""Sheets go out, are filled, sorted, cut and handed in twice, and come back whole. People held out are in none."""

import csv
import io
import random
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from shuke.journal.models import Entry
from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.errors import NotAllowed
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.procedures.read_results import read_results
from shuke.procedures.review_proposal import approve, withdraw
from shuke.procedures.write_tasks import write_tasks
from shuke.proposals.models import Proposal
from shuke.proposals.rules import NotNow
from shuke.touches import adapters, queries
from shuke.touches.actions import ClosedTask, UnknownTask, record_one
from shuke.touches.actions.make import _free_codes
from shuke.touches.models import Task
from shuke.touches.rules import NoHeader, is_valid
from shuke.touches.values import SHEET_COLUMNS
from tests.proposals.shop import people_of, run_week, shop_tables

WORDS = [outcome.zh for outcome in adapters.outcomes().values()]


@pytest.fixture
def shop(workspace: Workspace, fill_lake: Any) -> Workspace:
    fill_lake(**shop_tables(customers=350))
    for proposal in run_week(workspace):
        if proposal.state == "proposed":
            approve(SYSTEM, workspace=workspace, proposal=proposal.pk)
    return workspace


def sheet(workspace: Workspace) -> list[dict[str, str]]:
    path = workspace.root / "all.csv"
    write_tasks(SYSTEM, workspace=workspace, out=path, form=None)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_sheets_hold_all_treated_and_nobody_held_out(shop: Workspace) -> None:
    rows = sheet(shop)
    people = people_of(shop)
    treated = {str(r["customer_id"]) for r in people if r["arm"] == "treated"}
    assert treated and {row["customer_id"] for row in rows} == treated
    assert len(rows) == len(treated) == len({row["task_code"] for row in rows})
    assert {row["arm"] for row in rows} == {"treated"}
    assert all(row["source"] == "member" and row["source_row_id"] for row in rows)
    assert all(row["script"] and row["why"] and "{" not in row["script"] + row["why"] for row in rows)
    text = "".join(",".join(row.values()) for row in rows)
    assert "小燕" not in text and "13800001111" not in text
    out = shop.root / "tasks"
    written = write_tasks(SYSTEM, workspace=shop, out=out, form=None)
    assert sum(f.tasks for f in written.files if f.path.suffix == ".csv") == len(rows)
    for file in written.files:
        if file.path.suffix == ".xlsx":
            table = CalamineWorkbook.from_path(str(file.path)).get_sheet_by_index(0).to_python()
            assert tuple(table[0]) == SHEET_COLUMNS
            assert {(r[2], r[3]) for r in table[1:]} == {(file.store, file.associate)}


def test_a_filled_sheet_that_was_never_read_is_not_overwritten(shop: Workspace) -> None:
    out = shop.root / "tasks"
    first = write_tasks(SYSTEM, workspace=shop, out=out, form=None)
    assert write_tasks(SYSTEM, workspace=shop, out=out, form=None).kept == ()
    path = next(file.path for file in first.files if file.path.suffix == ".csv")
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    rows[0]["outcome"] = "已成交"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (kept,) = write_tasks(SYSTEM, workspace=shop, out=out, form=None).kept
    assert kept.parent == out and path.exists() and read_results(SYSTEM, workspace=shop, path=kept).taken == 1
    assert write_tasks(SYSTEM, workspace=shop, out=out, form=None).kept == ()


def test_done_tasks_are_not_handed_out_again(shop: Workspace) -> None:
    rows = sheet(shop)
    task = Task.objects.get(code=rows[0]["task_code"])
    record_one(SYSTEM, task_id=task.pk, outcome="no_reply")
    assert {row["task_code"] for row in sheet(shop)} == {row["task_code"] for row in rows[1:]}


def test_unchanged_tasks_give_equal_bytes(shop: Workspace, tmp_path: Path) -> None:
    for form in ("csv", "xlsx", "parquet"):
        one, two = tmp_path / f"1.{form}", tmp_path / f"2.{form}"
        for path in (one, two):
            write_tasks(SYSTEM, workspace=shop, out=path, form=None)
        assert one.read_bytes() == two.read_bytes()


def test_a_sheet_that_was_sorted_cut_and_handed_in_twice(shop: Workspace, tmp_path: Path) -> None:
    luck = random.Random(5)
    rows = sheet(shop)
    kept = luck.sample(rows, len(rows) * 2 // 3)
    answers = {row["task_code"]: luck.choice(WORDS[:4]) for row in kept}
    columns = list(SHEET_COLUMNS)
    luck.shuffle(columns)
    path = tmp_path / "filled.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["本周任务", "", ""])
        writer.writerow(columns)
        for row in kept + kept[:3]:
            writer.writerow([answers[row["task_code"]] if c == "outcome" else row[c] for c in columns])
    report = read_results(SYSTEM, workspace=shop, path=path)
    assert (report.rows, report.taken, report.unchanged, report.problems) == (len(kept) + 3, len(kept), 3, ())
    assert {t.code: adapters.outcomes()[t.outcome].zh for t in Task.objects.filter(state="done")} == answers
    again = read_results(SYSTEM, workspace=shop, path=path)
    assert (again.taken, again.unchanged) == (0, len(kept) + 3)


def test_the_later_outcome_wins_and_is_journaled(shop: Workspace, tmp_path: Path) -> None:
    code = sheet(shop)[0]["task_code"]
    for word in ("未回复", "已成交"):
        path = tmp_path / "r.csv"
        path.write_text(f"task_code,outcome,note\n{code},{word},好\n", "utf-8")
        report = read_results(SYSTEM, workspace=shop, path=path)
    assert report.changed == 1
    entry = Entry.objects.filter(verb="outcome changed").get()
    assert (entry.object_id, entry.details) == (code, {"before": "no_reply", "after": "bought"})


def test_bad_rows_are_listed_and_the_rest_is_taken(shop: Workspace, tmp_path: Path) -> None:
    rows = sheet(shop)
    good, other = rows[0]["task_code"], rows[1]["task_code"]
    swapped = good[1] + good[0] + good[2:] if good[0] != good[1] else good[:-1] + "2"
    path = tmp_path / "r.csv"
    path.write_text(
        f"结果,任务码\n已成交,{good.lower()[:4]}-{good[4:]}\n已成交,{swapped}\n大概吧,{other}\n已成交,\n,{other}\n",
        "utf-8",
    )
    report = read_results(SYSTEM, workspace=shop, path=path)
    assert (report.taken, report.empty) == (1, 1)
    assert [problem.row for problem in report.problems] == [3, 4, 5]
    assert Task.objects.get(code=good).outcome == "bought"


def test_two_answers_for_one_task_in_one_sheet(shop: Workspace, tmp_path: Path) -> None:
    code = sheet(shop)[0]["task_code"]
    path = tmp_path / "r.csv"
    path.write_text(f"task_code,outcome\n{code},未回复\n{code},已成交\n", "utf-8")
    report = read_results(SYSTEM, workspace=shop, path=path)
    assert [problem.row for problem in report.problems] == [2]
    assert Task.objects.get(code=code).outcome == "bought"


def test_a_workbook_with_the_header_further_down(shop: Workspace, tmp_path: Path) -> None:
    code = sheet(shop)[0]["task_code"]
    path = tmp_path / "r.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet()
    for number, row in enumerate([["店长交的表"], [], ["note", "outcome", "task_code"], ["", "有意向", code]]):
        page.write_row(number, 0, row)
    book.add_worksheet("怎么填").write(0, 0, "说明")
    book.close()
    assert read_results(SYSTEM, workspace=shop, path=path).taken == 1


@pytest.mark.parametrize("content", [b"", b"   ", b"PK\x03\x04 broken", b"a,b\n1,2\n", b"\x00\x01\x02\xff" * 50])
def test_a_file_that_is_no_sheet_is_refused_with_a_hint(workspace: Workspace, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(content)
    with pytest.raises((adapters.UnreadableSheet, NoHeader)) as raised:
        read_results(SYSTEM, workspace=workspace, path=path)
    assert raised.value.hint


def test_a_refusal_closes_everything_and_holds_for_ever(shop: Workspace) -> None:
    task = Task.objects.first()
    assert task is not None
    record_one(SYSTEM, task_id=task.pk, outcome="refused")
    blocks = queries.block_rows(SYSTEM, complaint_rest_days=30, timezone="Asia/Shanghai")
    assert [(b["customer_id"], b["reason"], b["until_on"]) for b in blocks] == [
        (task.customer_id, "refused_contact", None)
    ]
    run_week(shop, as_of=task.as_of.replace(year=task.as_of.year + 1))
    later = [r for r in people_of(shop) if r["customer_id"] == task.customer_id and r["as_of"] != task.as_of]
    assert {r["reason"] for r in later} <= {"refused_contact"}
    record_one(SYSTEM, task_id=task.pk, outcome="")
    assert queries.block_rows(SYSTEM, complaint_rest_days=30, timezone="Asia/Shanghai") == []


def test_an_exported_proposal_cannot_be_withdrawn(shop: Workspace) -> None:
    sheet(shop)
    proposal = Proposal.objects.exclude(state="draft").filter(people__gt=0).first()
    assert proposal is not None and proposal.state == "exported"
    with pytest.raises(NotNow):
        withdraw(SYSTEM, proposal=proposal.pk)


def test_stores_and_associates_see_their_own(shop: Workspace) -> None:
    manager = Actor(name="店长", role=Role.MANAGER, stores=frozenset({"城西店"}))
    zhou = Actor(name="周敏", role=Role.ASSOCIATE, stores=frozenset({"滨江店"}), associate="周敏")
    with open_reader(manager, shop) as lake:
        mine = queries.tasks(manager, lake=lake, language="zh-hans", limit=1000)
    with open_reader(zhou, shop) as lake:
        hers = queries.tasks(zhou, lake=lake, language="zh-hans", limit=1000)
    assert mine and {task.store for task in mine} == {"城西店"}
    assert hers and {task.associate for task in hers} == {"周敏"}
    assert sum(row.tasks for row in queries.by_store(SYSTEM)) == Task.objects.count()
    with pytest.raises(UnknownTask):
        record_one(zhou, task_id=mine[0].id, outcome="bought")
    with pytest.raises(NotAllowed):
        write_tasks(zhou, workspace=shop, out=shop.tasks, form=None)


def test_a_taken_code_gives_way(shop: Workspace) -> None:
    task = Task.objects.first()
    assert task is not None
    codes = _free_codes(task.proposal_id, customers=[task.customer_id, task.customer_id + 1])
    assert is_valid(codes[task.customer_id]) and codes[task.customer_id] != task.code
    assert len(set(codes.values())) == 2


def test_a_namesake_in_another_store_sees_and_records_nothing(shop: Workspace) -> None:
    namesake = Actor(name="周敏", role=Role.ASSOCIATE, stores=frozenset({"城西店"}), associate="周敏")
    hers = Task.objects.filter(associate="周敏", store="滨江店").first()
    assert hers is not None
    with open_reader(namesake, shop) as lake:
        assert queries.tasks(namesake, lake=lake, language="zh-hans") == []
        assert queries.task(namesake, lake=lake, task_id=hers.pk, language="zh-hans") is None
    with pytest.raises(UnknownTask):
        record_one(namesake, task_id=hers.pk, outcome="bought")


@pytest.mark.parametrize("state", ["cancelled", "expired"])
@pytest.mark.parametrize("outcome", ["", "bought"])
def test_a_closed_task_takes_no_outcome_and_never_opens_again(shop: Workspace, state: str, outcome: str) -> None:
    task = Task.objects.first()
    assert task is not None
    Task.objects.filter(pk=task.pk).update(state=state)
    with pytest.raises(ClosedTask):
        record_one(SYSTEM, task_id=task.pk, outcome=outcome)
    task.refresh_from_db()
    assert (task.state, task.outcome) == (state, "")

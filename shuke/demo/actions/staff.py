"""What staff do with task sheets: read them, and hand them in with what came of each task."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from shuke.demo.adapters import load_response
from shuke.demo.adapters.sheets import read_sheet, write_sheet
from shuke.demo.values import Arm, Outcome, TaskRow
from shuke.kernel.ids import stable_hash


def tasks_in(folder: Path) -> tuple[TaskRow, ...]:
    """Every task of the CSV sheets in a folder, by code; all of them people to be contacted."""
    rows = [row for path in sorted(folder.glob("*.csv")) for row in read_sheet(path)]
    found = [
        TaskRow(
            task_code=row["task_code"],
            source=row["source"],
            source_row_id=row["source_row_id"],
            play=row["play"],
            send_on=date.fromisoformat(row["send_on"]),
            offer_strength_share=float(row["offer_strength_share"]),
            arm=Arm(row["arm"]),
            channel=row["channel"],
            store=row["store"],
            associate=row["associate"],
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda task: task.task_code))


def fill_sheets(folder: Path, *, into: Path, outcomes: Sequence[Outcome]) -> tuple[Path, ...]:
    """Copies the CSV sheets of a folder with outcome and note filled in as staff would; tasks left undone stay empty.

    A sheet on which nothing was done is not handed in.
    """
    response = load_response()
    answers = {outcome.task_code: outcome.answer.value for outcome in outcomes}
    written = []
    for path in sorted(folder.glob("*.csv")):
        rows = read_sheet(path)
        done = 0
        for row in rows:
            answer = answers.get(row["task_code"])
            if answer is not None:
                done += 1
                row["outcome"] = _pick(response.words[answer], key=row["task_code"])
                row["note"] = _pick(response.notes.get(answer, ("",)), key=f"{row['task_code']}|note")
        if done:
            write_sheet(into / path.name, rows=rows)
            written.append(into / path.name)
    return tuple(written)


def _pick(words: Sequence[str], *, key: str) -> str:
    return words[stable_hash(key) % len(words)]

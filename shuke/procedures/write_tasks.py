"""Task sheets: one a store and associate as XLSX and CSV, or all in one file."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count, groupby
from pathlib import Path
from typing import Any

from django.db import transaction

import shuke.proposals.actions as proposals
import shuke.touches.actions as touches
import shuke.touches.queries as touched
from shuke.journal.actions import note
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.errors import WrongUse
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.plays.rules import masked_title, title_of
from shuke.procedures.read_results import rows_in
from shuke.touches import adapters, rules
from shuke.touches.models import Task
from shuke.touches.values import TaskFile, TaskSheets

_FORMS = ("csv", "xlsx", "parquet")
_GUIDE_ZH = (
    "怎么填",
    "1. 只填 outcome（结果）和 note（备注）两列，别的列不用动。",
    "2. 结果从下拉里选：{words}。",
    "3. 可以排序、筛选、删掉不要的行；交回来时认 task_code（任务码），所以任务码请保留。",
    "4. 同一张表交两次没关系，后一次改过的结果为准。",
    "5. 选“拒绝联系”或“投诉”，系统马上停掉这位顾客其他没做的任务，以后也不再安排。",
    "6. 话术可以按自己的口气改，不要写没有的优惠。",
)
_GUIDE_EN = (
    "How to fill this in",
    "1. Fill only the columns outcome and note.",
    "2. Choose the outcome from the list: {words}.",
    "3. Sort, filter and delete rows as you like, but keep the task_code.",
    "4. Handing the same sheet in twice does no harm; the later outcome counts.",
    "5. A refusal or complaint closes all open tasks of that customer at once.",
    "6. Change the words to your own, but promise no offer that is not there.",
)


def write_tasks(
    actor: Actor, *, workspace: Workspace, out: Path, form: str | None, only: tuple[str, str] | None = None
) -> TaskSheets:
    """Writes every open task, of whatever week, and marks them as handed out.

    Without a form and ending, `out` is a folder that gets an XLSX and a CSV a store and associate; else it is one file.
    A sheet in the way whose outcomes were not read yet is kept under another name. `only` names one store and
    associate. Names are masked unless the actor was allowed to see them. Journaled.
    Unchanged tasks give equal bytes.
    """
    open_ones = touched.sheet_tasks(actor)
    chosen = [task for task in open_ones if only in (None, (task.store, task.associate))]
    rows = list(zip(chosen, _rows(actor, workspace=workspace, chosen=chosen), strict=True))
    single = form or (out.suffix.lower().lstrip(".") if out.suffix and not out.is_dir() else None)
    if single is not None and single not in _FORMS:
        raise WrongUse(f"Task sheets cannot be written as '{single}'.", hint=f"Choose one of {', '.join(_FORMS)}.")
    waiting = frozenset(task.code for task in open_ones)
    kept: list[Path] = []
    if single is not None:
        path = out / f"tasks.{single}" if out.is_dir() else out
        kept += _keep_filled(path, waiting=waiting)
        _write(path, rows=[row for _, row in rows], form=single, language=workspace.language)
        files = [TaskFile(path, "", "", len(rows))]
    else:
        headquarters = "总部" if workspace.language.startswith("zh") else "headquarters"
        owners = {(task.store, task.associate): (task.store or headquarters, task.associate) for task in open_ones}
        names = rules.file_names(owners.values())
        named = {key: names[owner] for key, owner in owners.items()}
        for name in sorted({named[task.store, task.associate] for task in chosen}):
            kept += [old for form in ("xlsx", "csv") for old in _keep_filled(out / f"{name}.{form}", waiting=waiting)]
        files = list(_write_folder(out, rows=rows, names=named, language=workspace.language))
    with transaction.atomic():
        touches.mark_exported(actor, task_ids=[task.pk for task in chosen])
        for number in sorted({task.proposal_id for task in chosen if task.proposal.state == "approved"}):
            proposals.review(actor, proposal_id=number, verb="export")
        note(actor, "exported", object_type="tasks", object_id=out.name, tasks=len(chosen), files=len(files))
    return TaskSheets(files=tuple(files), tasks=len(chosen), kept=tuple(kept))


def _keep_filled(path: Path, *, waiting: frozenset[str]) -> list[Path]:
    """Renames a sheet that stands in the way with outcomes for open tasks: somebody typed them and nobody read them."""
    if not path.is_file() or path.suffix not in (".csv", ".xlsx"):
        return []
    try:
        typed = [row for row in rows_in(adapters.read_table(path)) if row.outcome]
    except (adapters.UnreadableSheet, rules.NoHeader):
        return []  # no task sheet: the caller asked for this very name
    if not any(rules.cleaned(row.code) in waiting for row in typed):
        return []
    number = next(n for n in count(1) if not path.with_stem(f"{path.stem} filled {n}").exists())
    return [path.rename(path.with_stem(f"{path.stem} filled {number}"))]


def _write_folder(
    out: Path, *, rows: Sequence[tuple[Task, Mapping[str, Any]]], names: Mapping[tuple[str, str], str], language: str
) -> Iterator[TaskFile]:
    out.mkdir(parents=True, exist_ok=True)
    for (store, associate), group in groupby(rows, key=lambda pair: (pair[0].store, pair[0].associate)):
        sheet = [row for _, row in group]
        for form in ("xlsx", "csv"):
            path = out / f"{names[store, associate]}.{form}"
            _write(path, rows=sheet, form=form, language=language)
            yield TaskFile(path, store, associate, len(sheet))


def _write(path: Path, *, rows: Sequence[Mapping[str, Any]], form: str, language: str) -> None:
    if form == "csv":
        adapters.write_csv(path, rows=rows)
    elif form == "parquet":
        adapters.write_parquet(path, rows=rows)
    else:
        words = [outcome.words(language) for outcome in adapters.outcomes().values()]
        guide = _GUIDE_ZH if language.startswith("zh") else _GUIDE_EN
        joined = ("、" if language.startswith("zh") else ", ").join(words)
        adapters.write_xlsx(path, rows=rows, outcomes=words, guide=[line.format(words=joined) for line in guide])


def _rows(actor: Actor, *, workspace: Workspace, chosen: Sequence[Task]) -> Iterator[dict[str, Any]]:
    with open_reader(SYSTEM, workspace) as lake:
        people = touched.names(SYSTEM, lake=lake, customers=[task.customer_id for task in chosen])
    for task in chosen:
        person = people.get(task.customer_id, {})
        yield _row(actor, task=task, name=person.get("name"), gender=person.get("gender"), language=workspace.language)


def _row(actor: Actor, *, task: Task, name: str | None, gender: str | None, language: str) -> dict[str, Any]:
    title = title_of(name, gender=gender, language=language)
    said, why = touched.words_of(actor, task=task, title=title, language=language)
    outcome = adapters.outcomes().get(task.outcome)
    short = "zh" if language.startswith("zh") else "en"
    return {
        "task_code": task.code,
        "play": task.play,
        "store": task.store,
        "associate": task.associate,
        "customer_id": str(task.customer_id),
        "source": task.source,
        "source_row_id": task.source_row_id,
        "name": (name or "") if actor.unmasked and not actor.is_system else masked_title(name, gender=gender),
        "channel": task.channel,
        "script": said,
        "offer": task.proposal.plan["offer"][short],
        "offer_strength_share": float(task.offer_strength_share),
        "send_on": task.send_on.isoformat(),
        "best_time": task.best_time,
        "why": why,
        "arm": "treated",
        "outcome": outcome.words(language) if outcome else "",
        "note": task.note,
    }

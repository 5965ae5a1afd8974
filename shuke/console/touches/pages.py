"""Tasks: by store and associate, sheets out and results in, and the associate's phone page."""

import io
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from shuke.access.rules import Permission, may
from shuke.console.frame.page import PageRequest, page
from shuke.console.touches import show
from shuke.kernel.actor import Role
from shuke.kernel.errors import ShukeError
from shuke.plays.queries import policy
from shuke.procedures.read_results import read_results
from shuke.procedures.write_tasks import write_tasks
from shuke.touches import queries
from shuke.touches.actions import record_one
from shuke.touches.values import TaskFile

_OPEN = ("planned", "exported")
_FORMS = ("xlsx", "csv")


@page(Permission.SEE_TASKS)
def tasks(request: PageRequest) -> HttpResponse:
    """How far stores and associates are; for an associate their own next person."""
    if request.actor.role is Role.ASSOCIATE:
        return _bench(request)
    return _overview(request)


def _overview(request: PageRequest, *, report: object = None, trouble: ShukeError | None = None) -> HttpResponse:
    held = policy(request.actor, workspace=request.workspace)
    found = queries.by_associate(request.actor, policy=held)
    context = {
        "groups": show.groups(found, language=get_language() or "zh-hans"),
        "sums": show.sums(found),
        "capacity": held.tasks_per_associate_day,
        "lives_days": held.task_lives_days,
        "may_export": may(request.actor, Permission.EXPORT_TASKS),
        "report": report,
        "trouble": trouble,
    }
    return render(request, "touches/overview.html", context, status=409 if trouble else 200)


@page(Permission.SEE_TASKS)
def task(request: PageRequest, task_id: int) -> HttpResponse:
    """One task: who, why, the words, and what came of it."""
    return _bench(request, task_id=task_id)


@page(Permission.WORK_TASKS, method="POST")
def outcome(request: PageRequest, task_id: int) -> HttpResponse:
    """Records what came of a task, or takes it back with an empty outcome."""
    code = request.POST.get("outcome", "")
    text = request.POST.get("note", "")[:500]
    done = record_one(request.actor, task_id=task_id, outcome=code, text=text)
    if not request.htmx:
        return redirect("task", task_id=task_id)
    return _bench(request, task_id=task_id if not code else None, told=done.pk if code else None)


def _bench(request: PageRequest, *, task_id: int | None = None, told: int | None = None) -> HttpResponse:
    """The associate's page: the asked or next task open, those after it, and what was just recorded."""
    language = get_language() or "zh-hans"
    actor, lake = request.actor, request.lake
    current = queries.task(actor, lake=lake, task_id=task_id, language=language) if task_id else None
    if task_id and current is None:
        raise Http404
    last = queries.task(actor, lake=lake, task_id=told, language=language) if told else None
    owner = current or last
    store, associate = (owner.store, owner.associate) if owner else (None, None)
    waiting = queries.tasks(
        actor, lake=lake, language=language, states=_OPEN, limit=30, store=store, associate=associate
    )
    current = current or next(iter(waiting), None)
    context = {
        "task": current,
        "waiting": [one for one in waiting if current is None or one.id != current.id],
        "sums": show.sums(queries.by_associate(actor), store=store, associate=associate),
        "answers": show.answers(language),
        "told": last,
        "may_work": may(actor, Permission.WORK_TASKS),
    }
    return render(request, "touches/card.html" if request.htmx else "touches/bench.html", context)


@page(Permission.EXPORT_TASKS, method="POST")
def sheets(request: PageRequest) -> FileResponse:
    """Hands out task sheets: those of one store and associate as a file, or all of them in a zip."""
    form = request.POST.get("form", "xlsx")
    if form not in _FORMS:
        raise Http404
    store, associate = request.POST.get("store"), request.POST.get("associate", "")
    only = None if store is None else (store, associate)
    with tempfile.TemporaryDirectory(dir=request.workspace.root) as folder:
        written = write_tasks(request.actor, workspace=request.workspace, out=Path(folder), form=None, only=only)
        files = [one for one in written.files if one.path.suffix == f".{form}"]
        return _one_file(files) if only else _zipped(files)


def _one_file(files: Sequence[TaskFile]) -> FileResponse:
    if not files:
        raise Http404
    held = io.BytesIO(files[0].path.read_bytes())
    return FileResponse(held, as_attachment=True, filename=files[0].path.name)


def _zipped(files: Sequence[TaskFile]) -> FileResponse:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in files:
            archive.write(one.path, one.path.name)
    held.seek(0)
    return FileResponse(held, as_attachment=True, filename="shuke-tasks.zip")


@page(Permission.EXPORT_TASKS, method="POST")
def results(request: PageRequest) -> HttpResponse:
    """Reads a filled sheet back and tells what was taken, row by row where not."""
    given = request.FILES.get("file")
    if given is None:
        return redirect("tasks")
    with tempfile.TemporaryDirectory(dir=request.workspace.root) as folder:
        path = Path(folder) / f"results{Path(given.name or '').suffix.lower()[:8]}"
        path.write_bytes(given.read())
        try:
            report = read_results(request.actor, workspace=request.workspace, path=path)
        except ShukeError as error:
            return _overview(request, trouble=error)
    return _overview(request, report=report)

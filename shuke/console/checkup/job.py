"""The one long job that this web process may have running, with its progress: a page can be left and come back to.

State lives in memory: there is one web process by design (decision 11), and after a restart nothing of a job is
half written, so there is nothing to remember.
"""

import logging
import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connections

from shuke.intake.rules.pace import Pace
from shuke.kernel.actor import Actor
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace
from shuke.procedures.import_files import import_files
from shuke.procedures.refresh import check
from shuke.procedures.week import week

_log = logging.getLogger(__name__)


@dataclass
class Job:
    """One job from the browser (import, week, apply, merge, split): its step, in the end its report or its trouble."""

    kind: str
    by: str
    started_at: datetime
    step: str = ""
    pace: Pace | None = None
    done: bool = False
    report: Any = None
    checked: bool = False
    trouble: ShukeError | None = None
    broken: bool = False

    def tell(self, step: str) -> None:
        """Takes a line of progress from the procedures."""
        self.step = step

    def keep_pace(self, pace: Pace) -> None:
        """Takes how far an import is; gone when all files are in and the check-up runs."""
        self.pace = pace if pace.share < 1 else None

    @property
    def percent(self) -> int:
        """How far the import is, 0 to 100."""
        return round(self.pace.share * 100) if self.pace else 0

    @property
    def left(self) -> str:
        """The time left as m:ss; empty while too little is done to tell."""
        seconds = self.pace.left_seconds if self.pace else None
        return "" if seconds is None else f"{round(seconds) // 60}:{round(seconds) % 60:02d}"


class JobRunning(ShukeError):
    """A job is running already."""


_UPLOAD = ".upload-"
_jobs: dict[Path, Job] = {}
_uploads: set[Path] = set()
_lock = threading.Lock()


def current(workspace: Workspace) -> Job | None:
    """The running or the last job of this process, if any."""
    return _jobs.get(workspace.root)


def upload_folder(workspace: Workspace) -> Path:
    """A new folder for files from the browser; one that this process does not know was left by a process that died."""
    with _lock:
        for left in workspace.root.glob(f"{_UPLOAD}*"):
            if left not in _uploads:
                shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=_UPLOAD, dir=workspace.root))
        _uploads.add(folder)
    return folder


def start_import(actor: Actor, *, workspace: Workspace, folder: Path) -> Job:
    """Imports every file of `folder`, brings the check-up up to date, and removes the folder, in a thread."""

    def steps(job: Job) -> None:
        try:
            _import(actor, job=job, workspace=workspace, folder=folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    return start(Job(kind="import", by=actor.name, started_at=utc_now()), workspace=workspace, steps=steps)


def start_week(actor: Actor, *, workspace: Workspace) -> Job:
    """Computes the week up to the last order: stages, segments and new proposals, in a thread."""

    def steps(job: Job) -> None:
        week(actor, workspace=workspace, as_of=None, progress=job.tell)

    return start(Job(kind="week", by=actor.name, started_at=utc_now()), workspace=workspace, steps=steps)


def start(job: Job, *, workspace: Workspace, steps: Callable[[Job], None]) -> Job:
    """Runs `steps` in a thread; raises `JobRunning` while another job of the shop runs."""
    with _lock:
        running = _jobs.get(workspace.root)
        if running is not None and not running.done:
            raise JobRunning("Another job is running already.", hint="Wait until it has ended.")
        _jobs[workspace.root] = job
    threading.Thread(target=_run, kwargs={"job": job, "steps": steps}, name=job.kind, daemon=True).start()
    return job


def _run(*, job: Job, steps: Callable[[Job], None]) -> None:
    try:
        steps(job)
    except ShukeError as error:
        job.trouble = error
    except Exception:
        job.broken = True
        _log.exception("the %s broke", job.kind)
        raise
    finally:
        connections.close_all()
        job.done = True


def _import(actor: Actor, *, job: Job, workspace: Workspace, folder: Path) -> None:
    paths = sorted(path for path in folder.iterdir() if path.is_file())
    job.report = import_files(actor, workspace=workspace, paths=paths, progress=job.tell, pace=job.keep_pace)
    if any(one.staged for one in job.report.files):
        check(actor, workspace=workspace, progress=job.tell)
        job.checked = True

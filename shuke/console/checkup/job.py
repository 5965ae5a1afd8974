"""The one import that this web process may have running, with its progress: a page can be left and come back to.

State lives in memory: there is one web process by design (decision 11), and after a restart nothing of a job is
half written, so there is nothing to remember.
"""

import logging
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connections

from shuke.kernel.actor import Actor
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace
from shuke.procedures.import_files import import_files
from shuke.procedures.refresh import check

_log = logging.getLogger(__name__)


@dataclass
class Job:
    """One import from the browser: what it does now, and in the end its report or its trouble."""

    by: str
    started_at: datetime
    step: str = ""
    done: bool = False
    report: Any = None
    checked: bool = False
    trouble: ShukeError | None = None
    broken: bool = False
    steps: list[str] = field(default_factory=list)

    def tell(self, step: str) -> None:
        """Takes a line of progress from the procedures."""
        self.step = step
        self.steps.append(step)


class JobRunning(ShukeError):
    """An import is running already."""


_jobs: dict[Path, Job] = {}
_lock = threading.Lock()


def current(workspace: Workspace) -> Job | None:
    """The running or the last job of this process, if any."""
    return _jobs.get(workspace.root)


def start(actor: Actor, *, workspace: Workspace, folder: Path) -> Job:
    """Imports every file of `folder`, brings the check-up up to date, and removes the folder, in a thread."""
    with _lock:
        running = _jobs.get(workspace.root)
        if running is not None and not running.done:
            raise JobRunning("An import is running already.", hint="Wait until it has ended.")
        job = Job(by=actor.name, started_at=utc_now())
        _jobs[workspace.root] = job
    work = threading.Thread(
        target=_run,
        args=(actor,),
        kwargs={"job": job, "workspace": workspace, "folder": folder},
        name="import",
        daemon=True,
    )
    work.start()
    return job


def _run(actor: Actor, *, job: Job, workspace: Workspace, folder: Path) -> None:
    try:
        _work(job, lambda: _import(actor, job=job, workspace=workspace, folder=folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        connections.close_all()
        job.done = True


def _work(job: Job, steps: Callable[[], None]) -> None:
    try:
        steps()
    except ShukeError as error:
        job.trouble = error
    except Exception:
        _log.exception("the import broke")
        job.broken = True
        raise


def _import(actor: Actor, *, job: Job, workspace: Workspace, folder: Path) -> None:
    paths = sorted(path for path in folder.iterdir() if path.is_file())
    job.report = import_files(actor, workspace=workspace, paths=paths, progress=job.tell)
    if any(one.staged for one in job.report.files):
        check(actor, workspace=workspace, progress=job.tell)
        job.checked = True

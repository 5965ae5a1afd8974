"""The worker: one loop that carries facts on and runs the jobs of the clock, each under a lease in the database.

A lease only keeps two workers from doing the same at once. That nothing is done twice rests on the jobs: positions and
cursors move in the transaction of what they count, a day closes once, a lot expires once. So a worker may be killed at
any moment and another one goes on.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import close_old_connections

from shuke.kernel.actor import SYSTEM
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace
from shuke.outbox.actions import give_back, take_lease
from shuke.procedures.close_day import close_days
from shuke.procedures.expire_points import expire_points
from shuke.procedures.flush_outbox import flush_outbox, relay
from shuke.procedures.webhooks import send_webhooks

# Set by `shuke serve`: the web process starts the worker beside itself.
VARIABLE = "SHUKE_WORKER"
_logger = logging.getLogger(__name__)
# Longer than any job takes; a worker that dies holds its jobs up for as long at most.
_LEASE_SECONDS = 600
_PAUSE = 1.0


@dataclass(frozen=True)
class Job:
    """One thing to do every so many seconds; `work` gets the workspace and says how much it did.

    `after` seconds pass before its first turn, so that a server answers first and works later.
    """

    name: str
    every: int
    work: Callable[[Workspace], int]
    after: int = 0


def _send(workspace: Workspace) -> int:
    relay(SYSTEM)
    sent = send_webhooks(SYSTEM, workspace=workspace)
    return sent.delivered + sent.postponed + sent.failed


def _flush(workspace: Workspace) -> int:
    relay(SYSTEM)
    return flush_outbox(SYSTEM, workspace=workspace)


def _expire(workspace: Workspace) -> int:
    expire_points(SYSTEM, now=utc_now(), workspace=workspace)
    return 1


def _close(workspace: Workspace) -> int:
    """Days are closed after what ended in them was written down."""
    expire_points(SYSTEM, now=utc_now(), workspace=workspace)
    return len(close_days(SYSTEM, now=utc_now(), workspace=workspace))


# Points of imported orders are not among them: a shop whose tills book in real time would have them twice.
JOBS: tuple[Job, ...] = (
    Job("webhooks", 1, _send),
    Job("facts_to_lake", 180, _flush),
    Job("expiry", 600, _expire, after=60),
    Job("days", 1800, _close, after=90),
)


def run(
    workspace: Workspace,
    *,
    stop: threading.Event,
    once: bool = False,
    jobs: Sequence[Job] = JOBS,
    clock: Callable[[], datetime] = utc_now,
) -> dict[str, int]:
    """Works until `stop` is set, or through all jobs `once`; gives how much each job did in all.

    A job that fails is logged and comes again at its next time; the others go on.
    """
    holder = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
    done = {job.name: 0 for job in jobs}
    began = clock()
    due = {job.name: began + timedelta(seconds=0 if once else job.after) for job in jobs}
    while not stop.is_set():
        for job in jobs:
            now = clock()
            if stop.is_set() or due[job.name] > now:
                continue
            done[job.name] += _do(job, workspace=workspace, holder=holder, now=now)
            due[job.name] = now + timedelta(seconds=job.every)
        if once:
            break
        stop.wait(_PAUSE)
    return done


def _do(job: Job, *, workspace: Workspace, holder: str, now: datetime) -> int:
    """One turn of one job; 0 where somebody else has it, or where it failed."""
    close_old_connections()
    try:
        if not take_lease(SYSTEM, name=job.name, holder=holder, now=now, seconds=_LEASE_SECONDS):
            return 0
        try:
            return job.work(workspace)
        finally:
            give_back(SYSTEM, name=job.name, holder=holder)
    except ShukeError as error:
        # Such as another run that writes to the lake: the job comes again.
        _logger.info("%s waits: %s", job.name, error)
    except Exception:
        _logger.exception("%s failed and will be tried again", job.name)
    return 0


def start_thread(workspace: Workspace) -> threading.Event:
    """Runs the worker beside the web server in one process; gives what stops it.

    The thread ends with its process, wherever it stands: nothing is half done then.
    """
    stop = threading.Event()
    threading.Thread(target=run, args=(workspace,), kwargs={"stop": stop}, name="shuke-worker", daemon=True).start()
    return stop

"""`shuke serve`: console, API and worker on granian, one process with threads (SQLite allows one web process)."""

import argparse
import os

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from shuke.cli.screen import say
from shuke.procedures.worker import VARIABLE

_THREADS = 32


def run(arguments: argparse.Namespace) -> None:
    """Serves until interrupted."""
    say(f"Shuke serves {settings.WORKSPACE.shop} at http://{arguments.host}:{arguments.port} (Ctrl-C stops it).")
    if not getattr(arguments, "no_worker", False):
        os.environ[VARIABLE] = "thread"
    Granian(
        "shuke.server.wsgi:application",
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=getattr(arguments, "threads", _THREADS),
        websockets=False,
        # Its warnings speak of threads and cores; a person who serves a shop can do nothing with them.
        log_level=LogLevels.error,
    ).serve()

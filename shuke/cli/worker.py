"""`shuke worker`: carries facts to the lake and to webhooks, and runs the jobs of the clock."""

import argparse
import signal
import threading
from typing import Any

from django.conf import settings

from shuke.cli.screen import say
from shuke.procedures.worker import run as work


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Works until SIGTERM or Ctrl-C, which let the job at hand end; with --once through all jobs one time."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if not arguments.once:
        say("The worker runs (Ctrl-C stops it).")
    done = work(settings.WORKSPACE, stop=stop, once=arguments.once)
    say("  ".join(f"{name}: {number}" for name, number in done.items()))
    return done

"""What stands before Django in the web process, and the worker beside it."""

import os

from django.conf import settings

from shuke.api.loyalty.machine import Application, Machine
from shuke.procedures import worker

# "off" lets Django answer everything; benchmarks compare both.
BARE_DOOR = "SHUKE_BARE_DOOR"


def before(django: Application) -> Application:
    """The whole application; the worker starts as a thread where `shuke serve` asked for it."""
    if os.environ.pop(worker.VARIABLE, "") == "thread":
        worker.start_thread(settings.WORKSPACE)
    return django if os.environ.get(BARE_DOOR) == "off" else Machine(django)

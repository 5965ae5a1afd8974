"""What stands before Django in the web process, and the worker beside it."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

from shuke.procedures import worker

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def before(django: Application) -> Application:
    """The whole application; the worker starts as a thread where `shuke serve` asked for it."""
    if os.environ.pop(worker.VARIABLE, "") == "thread":
        worker.start_thread(settings.WORKSPACE)
    return django

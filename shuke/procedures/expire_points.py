"""What is over is written down: run nightly, or as often as one likes; no balance depends on it."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from shuke.kernel.actor import Actor
from shuke.kernel.workspace import Workspace
from shuke.loyalty.actions import expiry
from shuke.loyalty.actions.expiry import ExpiryReport


def expire_points(
    actor: Actor,
    *,
    now: datetime,
    workspace: Workspace | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> ExpiryReport:
    """Posts holds whose time is out and points past their end, each dated at its own end."""
    return expiry.expire_points(actor, workspace=workspace or settings.WORKSPACE, now=now, progress=progress)

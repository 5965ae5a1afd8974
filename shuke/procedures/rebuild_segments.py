"""Counting the segments again between two weeks: after an own segment was saved or removed."""

from django.db import transaction

import shuke.segments.actions as segments
from shuke.kernel.actor import Actor
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import LakeBusy, open_run


def rebuild_segments(actor: Actor, *, workspace: Workspace) -> bool:
    """Computes all members again from the facts of the last week, so that every list and export has them.

    Seconds at a million customers. False where nothing has been computed yet, or another job writes right now: then the
    next week does it, and pages count an own segment by its rule until then.
    """
    try:
        with open_run(workspace, kind="segments") as run:
            if not segments.recount(actor, run=run):
                return False
            with transaction.atomic():
                run.publish()
    except LakeBusy:
        return False
    return True

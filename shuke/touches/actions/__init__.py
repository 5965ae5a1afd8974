"""Making, handing out, working and closing tasks."""

from shuke.touches.actions.make import (
    AlreadyOut,
    UnknownTask,
    create_tasks,
    expire,
    mark_exported,
    reassign,
    take_back,
)
from shuke.touches.actions.record import ClosedTask, UnknownOutcome, record_one, record_rows

__all__ = [
    "AlreadyOut",
    "ClosedTask",
    "UnknownOutcome",
    "UnknownTask",
    "create_tasks",
    "expire",
    "mark_exported",
    "reassign",
    "record_one",
    "record_rows",
    "take_back",
]

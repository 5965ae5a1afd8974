"""Making, handing out, working and closing tasks."""

from shuke.touches.actions.doubles import cancel_doubles
from shuke.touches.actions.make import AlreadyOut, UnknownTask, create_tasks, take_back
from shuke.touches.actions.move import BoundToOwner, NotYours, OverCapacity, mark_exported, reassign, roll_over
from shuke.touches.actions.record import ClosedTask, UnknownOutcome, record_one, record_rows

__all__ = [
    "AlreadyOut",
    "BoundToOwner",
    "ClosedTask",
    "NotYours",
    "OverCapacity",
    "UnknownOutcome",
    "UnknownTask",
    "cancel_doubles",
    "create_tasks",
    "mark_exported",
    "reassign",
    "record_one",
    "record_rows",
    "roll_over",
    "take_back",
]

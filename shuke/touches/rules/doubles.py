"""Which open tasks two ids of one person have twice."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol


class Planned(Protocol):
    """A task as this rule sees it."""

    pk: int
    play: str
    as_of: date
    state: str
    value_minor: int


def doubles(tasks: Sequence[Planned]) -> list[int]:
    """Numbers of the open tasks to cancel so that one person has each play of a week once.

    `tasks` are all of one person that are open or done. What is done stays, and no other is needed; of open ones stays
    what is handed out already, then the most valuable, then the first made.
    """
    kept: set[tuple[str, date]] = set()
    cancelled = []
    rank = {"done": 0, "exported": 1, "planned": 2}
    for task in sorted(tasks, key=lambda one: (rank[one.state], -one.value_minor, one.pk)):
        occurrence = (task.play, task.as_of)
        if occurrence in kept and task.state != "done":
            cancelled.append(task.pk)
        kept.add(occurrence)
    return sorted(cancelled)

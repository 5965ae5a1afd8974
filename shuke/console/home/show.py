"""The week's side column: the dearest data problem, where customers stand, tasks left by store."""

from collections.abc import Sequence
from dataclasses import dataclass

from shuke.checkup.values import Finding, Report
from shuke.console.frame import formats
from shuke.console.frame.drawings import Bar, bar, split_bar
from shuke.segments.values import StageCount
from shuke.touches.values import StoreTasks

_STORES = 6


@dataclass(frozen=True)
class StageRow:
    """One stage with its bar."""

    stage: StageCount
    picture: Bar


@dataclass(frozen=True)
class StoreRow:
    """One store with its bar; `rest` many further stores in one row have no name."""

    store: str
    open: int
    tasks: int
    picture: Bar
    rest: int = 0


@dataclass(frozen=True)
class TaskSum:
    """Tasks of all stores and the stores with most left."""

    tasks: int
    done: int
    rows: tuple[StoreRow, ...]

    @property
    def open(self) -> int:
        """Tasks still to be done."""
        return self.tasks - self.done

    @property
    def share(self) -> float:
        """The share that is done."""
        return self.done / self.tasks if self.tasks else 0.0


def worst(report: Report) -> Finding | None:
    """The finding that touches most money, if there is any."""
    return report.findings[0] if report.findings else None


def stages(counts: Sequence[StageCount]) -> list[StageRow]:
    """Stages with bars, the coloured one where something is to be done."""
    most = max((one.people for one in counts), default=1)
    colours = {"lapsing": "money", "lapsed": "grey", "prospect": "grey"}
    return [
        StageRow(
            one,
            bar(
                one.people,
                most=most,
                label=f"{one.name} {formats.count(one.people)}",
                colour=colours.get(one.code, "done"),
            ),
        )
        for one in counts
    ]


def tasks(found: Sequence[StoreTasks]) -> TaskSum:
    """Stores with most tasks left, the others together."""
    most = max((one.tasks for one in found), default=1)
    shown = [_store(one.store, done=one.done, total=one.tasks, most=most) for one in found[:_STORES]]
    others = found[_STORES:]
    if others:
        done, total = sum(one.done for one in others), sum(one.tasks for one in others)
        shown.append(_store("", done=done, total=total, most=max(most, total), rest=len(others)))
    return TaskSum(tasks=sum(one.tasks for one in found), done=sum(one.done for one in found), rows=tuple(shown))


def _store(store: str, *, done: int, total: int, most: int, rest: int = 0) -> StoreRow:
    picture = split_bar(done, total=total, most=most, label=f"{store} {done}/{total}")
    return StoreRow(store=store, open=total - done, tasks=total, picture=picture, rest=rest)

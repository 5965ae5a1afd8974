"""The week's side column: the dearest data problem, tasks left by store, the kinds of customers with a plan."""

from collections.abc import Sequence
from dataclasses import dataclass

from shuke.checkup.values import Finding, Report
from shuke.console.frame.drawings import Bar, split_bar
from shuke.proposals.values import Coverage, CoverageRow
from shuke.touches.values import StoreTasks

_STORES = 6
_KINDS = 3


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


@dataclass(frozen=True)
class Covered:
    """每类顾客有计划: the share of customers whose kind has a play, and the largest kinds that have none, with why."""

    share: float
    open: tuple[CoverageRow, ...]


def covered(found: Coverage) -> Covered | None:
    """The kinds without a plan, the largest first; None before a week was computed."""
    if not found.rows:
        return None
    without = [row for row in found.rows if not row.plays]
    return Covered(share=found.share, open=tuple(without[:_KINDS]))


def tasks(found: Sequence[StoreTasks]) -> TaskSum:
    """Stores with most tasks left, the others together."""
    shown = [_store(one.store, done=one.done, total=one.tasks) for one in found[:_STORES]]
    others = found[_STORES:]
    if others:
        done, total = sum(one.done for one in others), sum(one.tasks for one in others)
        shown.append(_store("", done=done, total=total, rest=len(others)))
    return TaskSum(tasks=sum(one.tasks for one in found), done=sum(one.done for one in found), rows=tuple(shown))


def _store(store: str, *, done: int, total: int, rest: int = 0) -> StoreRow:
    picture = split_bar(done, total=total, label=f"{store} {done}/{total}")
    return StoreRow(store=store, open=total - done, tasks=total, picture=picture, rest=rest)

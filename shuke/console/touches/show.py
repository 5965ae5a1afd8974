"""Tasks as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from shuke.console.frame import formats
from shuke.console.frame.drawings import Bar, split_bar
from shuke.touches.adapters import outcomes
from shuke.touches.values import StoreTasks

_STEPS = 12


@dataclass(frozen=True)
class Day:
    """Open tasks of one day against what the policy allows; `tone` is full, over, or nothing."""

    words: str
    open: int
    tone: str


@dataclass(frozen=True)
class Row:
    """One associate of a store, with the bar on the scale of all."""

    associate: str
    tasks: int
    done: int
    open: int
    rolled: int
    expired: int
    days: tuple[Day, ...]
    picture: Bar


@dataclass(frozen=True)
class Group:
    """One store with its associates."""

    store: str
    tasks: int
    done: int
    open: int
    rows: tuple[Row, ...]
    picture: Bar


@dataclass(frozen=True)
class Sums:
    """Done of all, and as at most twelve steps for the line above the card."""

    tasks: int
    done: int
    open: int
    rolled: int = 0
    expired: int = 0

    @property
    def steps(self) -> tuple[str, ...]:
        """One word a step: is-done, is-now, or nothing."""
        number = min(self.tasks, _STEPS)
        done = number if not self.open else int(self.done / self.tasks * number) if self.tasks else 0
        return tuple("is-done" if i < done else "is-now" if i == done else "" for i in range(number))


@dataclass(frozen=True)
class Answer:
    """One result that can be tapped. `main` ones stand first; `effect` says what follows from it."""

    code: str
    words: str
    effect: str
    main: bool


def groups(found: Sequence[StoreTasks], *, language: str) -> list[Group]:
    """Stores, most left first, each with its associates and their days."""
    by_store: dict[str, list[StoreTasks]] = {}
    for one in found:
        by_store.setdefault(one.store, []).append(one)
    made = [_group(rows, language=language) for rows in by_store.values()]
    return sorted(made, key=lambda group: (-group.open, group.store))


def _group(found: Sequence[StoreTasks], *, language: str) -> Group:
    store, tasks, done = found[0].store, sum(one.tasks for one in found), sum(one.done for one in found)
    return Group(
        store=store,
        tasks=tasks,
        done=done,
        open=sum(one.open for one in found),
        rows=tuple(_row(one, language=language) for one in found),
        picture=split_bar(done, total=tasks, label=f"{store} {done}/{tasks}"),
    )


def _row(one: StoreTasks, *, language: str) -> Row:
    # What nobody in particular does has no day that could be full.
    capacity = one.capacity if one.associate else 0
    return Row(
        associate=one.associate,
        tasks=one.tasks,
        done=one.done,
        open=one.open,
        rolled=one.rolled,
        expired=one.expired,
        days=tuple(_day(on, n, capacity=capacity, language=language) for on, n in one.days if n),
        picture=split_bar(one.done, total=one.tasks, label=f"{one.associate} {one.done}/{one.tasks}"),
    )


def _day(on: date, number: int, *, capacity: int, language: str) -> Day:
    tone = "" if not capacity or number < capacity else "full" if number == capacity else "over"
    return Day(formats.weekday(on, language), number, tone)


def sums(found: Sequence[StoreTasks], *, store: str | None = None, associate: str | None = None) -> Sums:
    """Done and all, of one store and associate where named."""
    kept = [
        one
        for one in found
        if (store is None or one.store == store) and (associate is None or one.associate == associate)
    ]
    return Sums(
        tasks=sum(one.tasks for one in kept),
        done=sum(one.done for one in kept),
        open=sum(one.open for one in kept),
        rolled=sum(one.rolled for one in kept),
        expired=sum(one.expired for one in kept),
    )


def answers(language: str) -> list[Answer]:
    """The results of `touches`, the everyday ones first, each with what follows."""
    effects = {
        "bought": _("sales are counted from the till"),
        "interested": _("write down what they want"),
        "declined": _("no second message this week"),
        "no_reply": _("no second message this week"),
        "refused": _("takes effect at once"),
        "complained": _("marketing rests until it is settled"),
        "wrong_number": _("does not count as contacted"),
        "contact_gone": _("does not count as contacted"),
        "unsuitable": _("say why in the note"),
    }
    main = ("bought", "interested", "no_reply", "refused")
    every = [Answer(code, one.words(language), effects.get(code, ""), code in main) for code, one in outcomes().items()]
    return sorted(every, key=lambda one: (not one.main, main.index(one.code) if one.main else 0))

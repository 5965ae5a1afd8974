"""Who does which task on which day: the owner first, else fair shares; preferred days first, never above capacity."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Protocol

from shuke.plays.values import MASS_CHANNELS
from shuke.touches.values import Candidate, Placed

# Bound to the associate whom the person added: nobody else can send it.
OWNER_CHANNEL = "wecom"
Slot = tuple[str, str, date]


class Unfinished(Protocol):
    """An open task of an earlier week."""

    rolled: int
    send_on: date
    first_on: date | None


def place(
    people: Sequence[Candidate],
    *,
    staff: Mapping[str, Sequence[str]],
    load: Mapping[Slot, int],
    days: Sequence[date],
    per_day: int,
    per_week: int,
) -> list[Placed]:
    """Gives each person an associate and a day; whoever finds no room is left out, the least valuable first.

    `staff` names the associates of a store; `load` counts tasks by store, associate and day; `days` are the days of the
    week in order of preference. An owner keeps own people while there is room; one-to-one WeCom goes to nobody else,
    other work passes on. The associate of the store with the least to do comes first (by name where equal). No
    associate gets more than `per_day` on a day or `per_week` in the week. Mass messages and headquarters (no store)
    are not limited here; their capacity was decided with the proposal.
    """
    team = _Team(load, days=days, per_day=per_day, per_week=per_week)
    placed = []
    for person in sorted(people, key=lambda p: (-p.value_minor, p.customer_id)):
        spot = _spot(person, staff=staff, team=team, days=days)
        if spot is not None:
            placed.append(Placed(person.customer_id, store=person.store, associate=spot[0], send_on=spot[1]))
    return placed


class _Team:
    """How full everybody's days are."""

    def __init__(self, load: Mapping[Slot, int], *, days: Sequence[date], per_day: int, per_week: int) -> None:
        self._days, self._per_day, self._per_week = days, per_day, per_week
        self._counts: dict[Slot, int] = defaultdict(int, load)
        self._totals: dict[tuple[str, str], int] = defaultdict(int)
        for (store, associate, _), tasks in load.items():
            self._totals[(store, associate)] += tasks

    def total(self, store: str, associate: str) -> int:
        return self._totals.get((store, associate), 0)

    def free_day(self, store: str, associate: str) -> date | None:
        """The first preferred day with room, None where the week is full."""
        if self.total(store, associate) >= self._per_week:
            return None
        free = (day for day in self._days if self._counts.get((store, associate, day), 0) < self._per_day)
        return next(free, None)

    def take(self, store: str, associate: str, *, day: date) -> None:
        self._counts[(store, associate, day)] += 1
        self._totals[(store, associate)] += 1


def _spot(
    person: Candidate, *, staff: Mapping[str, Sequence[str]], team: _Team, days: Sequence[date]
) -> tuple[str, date] | None:
    if person.channel in MASS_CHANNELS or not (person.store or person.associate):
        return "", days[0]
    for doer in _doers(person, staff=staff, team=team):
        day = team.free_day(person.store, doer)
        if day is not None:
            team.take(person.store, doer, day=day)
            return doer, day
    return None


def _doers(person: Candidate, *, staff: Mapping[str, Sequence[str]], team: _Team) -> list[str]:
    """Who may do it, in the order of asking: the owner, then the others from the least loaded."""
    if person.associate and person.channel == OWNER_CHANNEL:
        return [person.associate]
    others = sorted(staff.get(person.store, ()), key=lambda name: (team.total(person.store, name), name))
    if not person.associate:
        return others or [""]
    return [person.associate, *(name for name in others if name != person.associate)]


def days_of_week(start: date, *, preferred: Sequence[int]) -> list[date]:
    """The seven days from `start`, those on `preferred` ISO weekdays first, each group in order of time."""
    week = [start + timedelta(days=n) for n in range(7)]
    return sorted(week, key=lambda day: (day.isoweekday() not in preferred, day))


def may_roll(task: Unfinished, *, as_of: date, lives_days: int) -> bool:
    """Whether an unfinished task moves to the week from `as_of`: once, and only while younger than `lives_days`."""
    return task.rolled == 0 and (task.first_on or task.send_on) > as_of - timedelta(days=lives_days)

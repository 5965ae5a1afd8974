"""Who does which task on which day: the owner first, else fair shares; preferred days first, within capacity."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from shuke.plays.values import MASS_CHANNELS
from shuke.touches.values import Candidate, Placed


def place(
    people: Sequence[Candidate],
    *,
    staff: Mapping[str, Sequence[str]],
    load: Mapping[tuple[str, date], int],
    days: Sequence[date],
    per_day: int,
) -> list[Placed]:
    """Gives each person an associate and a day.

    `staff` names the associates of a store; `load` counts tasks that an associate already has on a day; `days` are the
    days of the week in order of preference. The most valuable people come first. An owner keeps own people; others go
    to the associate of the store with the least to do (by name where equal). When all days are full the last one
    takes the rest. Headquarters (no store) is not limited by day here; its capacity was decided with the proposal.
    """
    counts: dict[tuple[str, date], int] = defaultdict(int, load)
    totals: dict[str, int] = defaultdict(int)
    for (associate, _), tasks in load.items():
        totals[associate] += tasks
    placed = []
    for person in sorted(people, key=lambda p: (-p.value_minor, p.customer_id)):
        doer = _doer(person, staff=staff, totals=totals)
        day = _day(doer, counts=counts, days=days, per_day=per_day) if doer else days[0]
        if doer:
            counts[(doer, day)] += 1
            totals[doer] += 1
        placed.append(Placed(customer_id=person.customer_id, store=person.store, associate=doer, send_on=day))
    return placed


def _doer(person: Candidate, *, staff: Mapping[str, Sequence[str]], totals: Mapping[str, int]) -> str:
    if person.channel in MASS_CHANNELS:
        return ""
    if person.associate:
        return person.associate
    team = staff.get(person.store, ())
    return min(team, key=lambda name: (totals.get(name, 0), name)) if team else ""


def _day(doer: str, *, counts: Mapping[tuple[str, date], int], days: Sequence[date], per_day: int) -> date:
    return next((day for day in days if counts.get((doer, day), 0) < per_day), days[-1])


def days_of_week(start: date, *, preferred: Sequence[int]) -> list[date]:
    """The seven days from `start`, those on `preferred` ISO weekdays first, each group in order of time."""
    week = [start + timedelta(days=n) for n in range(7)]
    return sorted(week, key=lambda day: (day.isoweekday() not in preferred, day))

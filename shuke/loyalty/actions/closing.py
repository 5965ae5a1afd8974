"""Closing a business day: its movements, what came late for earlier ones, its sales. A close is never rewritten."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace
from shuke.loyalty.adapters import programme as programme_of
from shuke.loyalty.adapters import sums
from shuke.loyalty.models import DayClose
from shuke.loyalty.rules.closing import added, by_day, late, net
from shuke.loyalty.rules.liability import liability_minor
from shuke.loyalty.values.finance import ClosedDay, DayDifference, Liability, closed_day

_KEPT_DIFFERENCES = 1_000
_BEFORE = date(1970, 1, 1)


class DayNotOver(ShukeError):
    """The day is not over yet in the programme's zone."""


class DayClosed(ShukeError):
    """The day, or a later one, is closed already: later entries show with the next close."""


def next_open_day(actor: Actor) -> date | None:
    """The day after the last closed one; None where none was ever closed."""
    require(actor, Permission.SEE_FINANCE)
    last = DayClose.objects.order_by("-business_on").values_list("business_on", flat=True).first()
    return None if last is None else last + timedelta(days=1)


def close_day(
    actor: Actor,
    *,
    workspace: Workspace,
    day: date,
    now: datetime,
    differences: Sequence[DayDifference],
    counts: Mapping[str, int],
    liability: Liability | None = None,
) -> ClosedDay:
    """Stores the close of a day. `differences` and `counts` come from its sales, `liability` is that of its evening.

    `moved` is what counts for the day as known now. `late` is, for days closed before, what is known now less what
    their own close and later ones told; the first close tells of everything before it under `before`. So the closing
    points are always the sum of all that was told. Raises `DayNotOver`, `DayClosed`.
    """
    require(actor, Permission.SEE_FINANCE)
    settings = programme_of(workspace)
    told, closing, first = _told()
    if told and day <= max(told):
        raise DayClosed(f"{day} is closed already.", hint="What came later shows with the next close.")
    stands: dict[date, dict[str, int]] = {}
    for one, moved in by_day(sums.moved(after=0, upto=2**62, day=day)).items():
        place = one if one >= (first or day) else _BEFORE
        stands[place] = added(stands.get(place, {}), moved)
    today = stands.pop(day, added({}, {}))
    more = late(stands, told)
    points = closing + net(today) + sum(net(one) for one in more.values())
    cost = settings.point_cost_thousandths
    totals: dict[str, Any] = {
        "moved": today,
        "late": {"before" if one == _BEFORE else one.isoformat(): moved for one, moved in more.items()},
        "closing": {"points": points, "liability_minor": liability_minor(points, cost_thousandths=cost)},
        "counts": dict(counts) | {"differences": len(differences)},
    }
    if liability is not None:
        totals["closing"] |= _evening(liability)
    kept = [asdict(one) for one in differences[:_KEPT_DIFFERENCES]]
    try:
        with transaction.atomic():
            row = DayClose.objects.create(
                programme=settings.code, business_on=day, totals=totals, differences=kept, closed_at=now,
                actor=actor.name[:60],
            )  # fmt: skip
            note(actor, "close_day", object_type="day", object_id=day, points=points, differences=len(differences))
    except IntegrityError as error:
        raise DayClosed(f"{day} was closed a moment ago.", hint="See the list of closed days.") from error
    return closed_day(day, closed_at=now, actor=row.actor, totals=totals, rows=kept)


def _evening(liability: Liability) -> dict[str, int]:
    """The places of the points and the forecast, as they were when the day was closed."""
    stands = liability.standing
    return {
        "available": stands.available,
        "pending": stands.pending,
        "held": stands.held,
        "owed": stands.owed,
        "expired": stands.expired + stands.over,
        "expected_minor": liability.expected_minor,
        "low_minor": liability.low_minor,
        "high_minor": liability.high_minor,
    }


def _told() -> tuple[dict[date, dict[str, int]], int, date | None]:
    """What all closes so far told of each day, the closing points of the last one, and the first day closed."""
    told: dict[date, dict[str, int]] = {}
    closing, first = 0, None
    for day, totals in DayClose.objects.order_by("business_on").values_list("business_on", "totals").iterator():
        first = first or day
        told[day] = added(told.get(day, {}), totals["moved"])
        for text, more in totals["late"].items():
            earlier = _BEFORE if text == "before" else date.fromisoformat(text)
            told[earlier] = added(told.get(earlier, {}), more)
        closing = totals["closing"]["points"]
    return told, closing, first

"""What finance reads: liability with its forecast, and the days that were closed."""

from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.workspace import Workspace
from shuke.loyalty.adapters import programme as programme_of
from shuke.loyalty.adapters import sums
from shuke.loyalty.models import DayClose
from shuke.loyalty.rules.breakage import BUCKETS, STEP_DAYS, Breakage, at_risk, burned_at, forecast
from shuke.loyalty.rules.liability import liability_minor
from shuke.loyalty.values.finance import ClosedDay, Liability, Standing, closed_day

# Lots live ten years at most as far as the forecast is concerned.
_STEPS = 122


def liability(actor: Actor, *, workspace: Workspace, at: datetime) -> Liability:
    """Points outstanding now and what they are worth, as seen at the instant `at` (now, or a moment later).

    Points that are over by `at` owe nothing, whether a job has run or not.
    """
    require(actor, Permission.SEE_FINANCE)
    programme = programme_of(workspace)
    stands, forecasted = _standing(at), _breakage(at)
    cost = programme.point_cost_thousandths

    def worth(points: int) -> int:
        return liability_minor(points, cost_thousandths=cost)

    open_points = stands.outstanding
    return Liability(
        at=at,
        standing=stands,
        cost_thousandths=cost,
        currency=programme.currency,
        liability_minor=worth(open_points),
        breakage=forecasted,
        expected_minor=worth(open_points - forecasted.expected),
        low_minor=worth(open_points - forecasted.high),
        high_minor=worth(open_points - forecasted.low),
    )


def _standing(at: datetime) -> Standing:
    """All points by place; lots are judged by their own instants."""
    available, pending, over, held, owed, expired = sums.standing(at.astimezone(UTC))
    return Standing(available, pending, held, owed, expired, over)


def _breakage(at: datetime) -> Breakage:
    """The forecast over all lots that end, as `rules.breakage` makes it; lots without an end never break."""
    issued, left, still, _ = sums.cohorts(at.astimezone(UTC), buckets=BUCKETS, step=STEP_DAYS)
    came, burned, gone = _arrays(issued, left)
    ages = max((int(row[0]) for row in still), default=0) + 1
    steps = max((int(row[1]) for row in still), default=0) + 1
    outstanding = np.zeros((min(ages, _STEPS), min(steps, _STEPS) + 1))
    for cohort, steps_left, points in still:
        # The running step is lived through in part: what is left of it counts as one step more at half the chance.
        outstanding[min(int(cohort), _STEPS - 1), min(int(steps_left) + 1, outstanding.shape[1] - 1)] += int(points)
    return forecast(at_risk(came, gone), burned_at(burned), outstanding)


def day_closes(actor: Actor, *, since: date | None = None, limit: int = 60) -> tuple[ClosedDay, ...]:
    """Closed days, the latest first."""
    require(actor, Permission.SEE_FINANCE)
    found = DayClose.objects.order_by("-business_on")
    if since is not None:
        found = found.filter(business_on__gte=since)
    return tuple(
        closed_day(row.business_on, closed_at=row.closed_at, actor=row.actor, totals=row.totals, rows=row.differences)
        for row in found[:limit]
    )


def _arrays(issued: list[Any], left: list[Any]) -> tuple[Any, Any, Any]:
    """Issued (bucket, cohort), and burned and gone (bucket, cohort, age), from the rows of the database."""
    cohorts = min(max((int(row[1]) for row in issued), default=0) + 1, _STEPS)
    ages = min(max((int(row[2]) for row in left), default=0) + 1, cohorts)
    came = np.zeros((BUCKETS, cohorts))
    burned, gone = np.zeros((BUCKETS, cohorts, ages)), np.zeros((BUCKETS, cohorts, ages))
    for bucket, cohort, points in issued:
        if int(cohort) < cohorts:
            came[int(bucket), int(cohort)] += int(points)
    for bucket, cohort, age, spent, lost in left:
        if int(cohort) < cohorts and 0 <= int(age) < ages:
            burned[int(bucket), int(cohort), int(age)] += int(spent)
            gone[int(bucket), int(cohort), int(age)] += int(lost)
    return came, burned, gone

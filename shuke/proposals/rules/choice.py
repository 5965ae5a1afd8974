"""Which plays a store runs in a week, and how much it can do."""

from collections.abc import Collection, Sequence
from typing import Any

from shuke.plays.values import Policy
from shuke.proposals.values import Candidacy


def choose(
    candidacies: Sequence[Candidacy], *, most: int, decided: Collection[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """By (play, store): `ok` for the `most` plays with the greatest expected gain, else why not.

    Equal gains: the play that costs nothing, then the one of higher priority. A play decided for a store this
    week (`decided`) keeps its place and takes nobody new.
    """
    found: dict[tuple[str, str], str] = {}
    for store in sorted({one.store for one in candidacies}):
        mine = [one for one in candidacies if one.store == store]
        taken = sum(key[1] == store for key in decided)
        fresh = [one for one in mine if (one.play, store) not in decided]
        ordered = sorted(fresh, key=lambda one: (-one.gain_minor, one.costs, one.priority))
        for place, one in enumerate(ordered, start=1):
            found[(one.play, store)] = "ok" if place + taken <= most else "not_chosen"
        found |= {(one.play, store): "already_decided" for one in mine if (one.play, store) in decided}
    return found


def capacity_of(policy: Policy) -> dict[str, Any]:
    """The week's capacity as parameters of SQL: tasks an associate, tasks of headquarters, the share contacted."""
    return {
        "week_tasks": policy.tasks_per_associate_day * policy.task_days,
        "headquarters_tasks": policy.tasks_headquarters_day * policy.task_days,
        "treated_share": 1 - policy.holdout_share,
    }

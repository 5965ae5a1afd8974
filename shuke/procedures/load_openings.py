"""Opening balances of members: from the old system's file into the ledger, whole or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace
from shuke.loyalty.actions import openings, write
from shuke.loyalty.adapters.opening_rows import CLIENT
from shuke.loyalty.values.commands import Opening
from shuke.loyalty.values.openings import OpeningReport, OpeningRequest

Progress = Callable[[str], None]
_BATCH = 5_000


def load_openings(
    actor: Actor, *, workspace: Workspace, request: OpeningRequest, now: datetime, progress: Progress
) -> OpeningReport:
    """Loads a file after its control totals were compared; run again after a stop, it goes on where it was.

    Members who have an account already get their points as one more lot. Raises `TotalsDiffer`, `BadOpeningFile`,
    and the first refusal of a member with an account (frozen, for one), after everybody else was written.
    """
    report, rest = openings.load_openings(actor, workspace=workspace, request=request, now=now, progress=progress)
    if not rest:
        return report
    mark = openings.mark_of(request.path)
    for start in range(0, len(rest), _BATCH):
        answers = write(actor, commands=_commands(rest[start : start + _BATCH], mark=mark, now=now), now=now)
        for answer in answers:
            if isinstance(answer, ShukeError):
                raise answer
    return replace(report, loaded=report.loaded + len({row[0] for row in rest}))


def _commands(rows: Sequence[tuple[Any, ...]], *, mark: str, now: datetime) -> list[Opening]:
    made = []
    for member, place, points, expires_on in rows:
        if points:
            day: date | None = expires_on
            key = f"{mark}:{member}:{place}"
            made.append(Opening(client=CLIENT, key=key, at=now, member=member, points=points, expires_on=day))
    return made

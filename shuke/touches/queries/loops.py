"""What the next week and the outcomes must know of tasks."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.touches import adapters
from shuke.touches.models import Task
from shuke.touches.queries.lists import scoped

_BATCH = 5000


def contact_rows(actor: Actor, *, as_of: date, timezone: str) -> list[dict[str, Any]]:
    """Rows of `contacts`: touches of weeks before `as_of` that reached somebody or are still to be made."""
    require(actor, Permission.WORK_TASKS)
    lost = [code for code, outcome in adapters.outcomes().items() if not outcome.reached]
    found = Task.objects.filter(as_of__lt=as_of, state__in=("planned", "exported", "done")).exclude(outcome__in=lost)
    zone = ZoneInfo(timezone)
    return [
        {
            "customer_id": task.customer_id,
            "touched_on": task.outcome_at.astimezone(zone).date() if task.outcome_at else task.send_on,
            "channel": task.channel,
            "play": task.play,
            "outcome": task.outcome or None,
        }
        for task in found.order_by("customer_id", "id").iterator(chunk_size=_BATCH)
    ]


def block_rows(actor: Actor, *, complaint_rest_days: int, timezone: str) -> list[dict[str, Any]]:
    """Rows of `contact_blocks` from outcomes: whoever asked for rest or complained. A refusal holds for ever."""
    require(actor, Permission.WORK_TASKS)
    blocking = {code: outcome.blocks for code, outcome in adapters.outcomes().items() if outcome.blocks}
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    zone = ZoneInfo(timezone)
    for task in Task.objects.filter(outcome__in=blocking).order_by("outcome_at", "id"):
        reason = blocking[task.outcome]
        since = task.outcome_at.astimezone(zone).date() if task.outcome_at else task.send_on
        until = None if reason == "refused_contact" else since + timedelta(days=complaint_rest_days)
        rows[(task.customer_id, reason)] = {
            "customer_id": task.customer_id, "reason": reason, "since_on": since, "until_on": until,
        }  # fmt: skip
    return list(rows.values())


def reached_by_proposal(
    actor: Actor, *, proposals: Sequence[int], store: str | None = None
) -> dict[int, tuple[int, int]]:
    """How many people of each proposal were reached, and how many of them answered, by the outcomes recorded."""
    known = adapters.outcomes()
    reached = [code for code, outcome in known.items() if outcome.reached]
    replied = [code for code, outcome in known.items() if outcome.replied]
    found = scoped(actor).filter(proposal_id__in=proposals)
    if store is not None:
        found = found.filter(store=store)
    counted = found.values("proposal_id").annotate(
        reached=Count("id", filter=Q(outcome__in=reached)), replied=Count("id", filter=Q(outcome__in=replied))
    )
    return {row["proposal_id"]: (row["reached"], row["replied"]) for row in counted}

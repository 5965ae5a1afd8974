"""Measuring approved proposals in a run of the lake."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.actions import Run
from shuke.outcomes.adapters import definition
from shuke.plays.values import Policy
from shuke.proposals.models import Proposal

TABLES = ("outcome_people", "proposal_outcomes")
_COLUMNS: Mapping[str, Any] = {
    "proposal": pa.int64(), "play": pa.string(), "store": pa.string(), "as_of": pa.date32(), "until_on": pa.date32(),
    "watch_until_on": pa.date32(), "expected_lift": pa.float64(),
}  # fmt: skip


def build(actor: Actor, *, run: Run, parameters: Mapping[str, Any], policy: Policy) -> None:
    """Builds this room's tables as of `parameters['as_of']` for proposals of earlier days that were approved."""
    require(actor, Permission.IMPORT_FILES)
    as_of: date = parameters["as_of"]
    rows = _measured(as_of, measure_days=policy.measure_days)
    columns = {name: pa.array([row[name] for row in rows], kind) for name, kind in _COLUMNS.items()}
    run.write_arrow("measured_proposals", rows=pa.table(columns))
    first = min((row["as_of"] for row in rows), default=as_of)
    run.build(TABLES, parameters={**parameters, "outcomes_from": first})


def _measured(as_of: date, *, measure_days: int) -> list[dict[str, Any]]:
    oldest = as_of - timedelta(days=measure_days + int(definition("measuring")["kept_days"]))
    found = Proposal.objects.filter(state__in=("approved", "exported"), as_of__gte=oldest, as_of__lt=as_of)
    return [
        {
            "proposal": proposal.pk,
            "play": proposal.play,
            "store": proposal.store,
            "as_of": proposal.as_of,
            "until_on": min(as_of, proposal.as_of + timedelta(days=measure_days)),
            "watch_until_on": proposal.as_of + timedelta(days=measure_days),
            "expected_lift": proposal.evidence.get("prior", {}).get("mid"),
        }
        for proposal in found.order_by("id")
    ]

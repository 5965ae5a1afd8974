"""The week: the table of contents of the product, from staged rows to proposals with their people drawn.

Read it from top to bottom. Everything is computed in one run of the lake and published together with the proposals, in
one transaction: whoever reads meanwhile sees the week before, whole.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
from django.db import transaction

import shuke.gate.actions as gate
import shuke.metrics.actions as metrics
import shuke.metrics.queries as metric_library
import shuke.outcomes.actions as outcomes
import shuke.plays.actions as play_channels
import shuke.plays.queries as play_library
import shuke.predictions.actions as predictions
import shuke.proposals.actions as proposals
import shuke.segments.actions as segments
import shuke.touches.actions as touches
import shuke.touches.queries as touched
from shuke.kernel.actor import Actor
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import Run, open_run
from shuke.plays.values import Play, Policy
from shuke.procedures.refresh import commit, refresh
from shuke.proposals.models import Proposal

Progress = Callable[[str], None]


@dataclass(frozen=True)
class WeekReport:
    """What a week computed: customers known, proposals in order of their number, plays that reach nobody."""

    as_of: date
    customers: int
    proposals: tuple[Proposal, ...]

    def as_document(self) -> dict[str, Any]:
        """The document of `shuke week --json`."""
        shown = [_shown(proposal) for proposal in self.proposals if proposal.state != "draft"]
        return {
            "as_of": self.as_of.isoformat(),
            "customers": self.customers,
            "proposals": shown,
            "not_proposed": [
                {"play": p.play, "segment": p.segment, "members": p.excluded, "excluded": _reasons(p)}
                for p in self.proposals
                if p.state == "draft"
            ],
            "unknown_consent": {
                "people": sum(p.evidence["unknown_consent"]["people"] for p in self.proposals),
                "lost": sum(p.evidence["unknown_consent"]["lost"] for p in self.proposals),
            },
        }


def week(actor: Actor, *, workspace: Workspace, as_of: date | None, progress: Progress) -> WeekReport:
    """Runs the week as of a day (by default the day after the last order) and returns its report."""
    policy = play_library.policy(actor, workspace=workspace)
    library = play_library.library(actor, workspace=workspace)
    metric_library.definitions(actor, language=workspace.language)  # a file that cannot be used stops the week here
    with open_run(workspace, kind="week") as run:
        refreshed = refresh(actor, run=run, as_of=as_of, progress=progress)
        drawn = plan_week(
            actor, run=run, parameters=refreshed.parameters, plays=library, policy=policy, progress=progress
        )
        customers = run.reader().row_count("lifecycle")
        day: date = refreshed.parameters["as_of"]
        with transaction.atomic():
            touches.roll_over(actor, as_of=day, policy=policy)
            proposals.save(actor, proposals=drawn)
            commit(actor, run=run, refreshed=refreshed)
    held = Proposal.objects.filter(as_of=day).order_by("id")
    return WeekReport(as_of=day, customers=customers, proposals=tuple(held))


def plan_week(
    actor: Actor,
    *,
    run: Run,
    parameters: Mapping[str, Any],
    plays: Sequence[Play],
    policy: Policy,
    progress: Progress,
) -> list[Proposal]:
    """From activity to drawn proposals, in `run`; the caller saves the proposals and publishes together."""
    _close_loops(actor, run=run, as_of=parameters["as_of"], policy=policy)
    progress("purchase clocks, scores and the return curve")
    predictions.build(actor, run=run, parameters=parameters)
    progress("metrics: every number with its definition")
    metrics.build(actor, run=run, parameters=parameters)
    progress("lifecycle stages and segments")
    segments.build(actor, run=run, parameters=parameters)
    progress("who may be contacted, through which channel")
    play_channels.write_channels(actor, run=run, plays=plays, policy=policy)
    gate.build(actor, run=run, parameters=parameters, policy=policy)
    progress("this week's plays, and who is held out")
    drawn = proposals.draft(actor, run=run, parameters=parameters, plays=plays, policy=policy)
    progress("what earlier plays changed")
    outcomes.build(actor, run=run, parameters=parameters, policy=policy)
    return drawn


def _close_loops(actor: Actor, *, run: Run, as_of: date, policy: Policy) -> None:
    """What this week must know of earlier ones: touches, replies and people held out, under today's customer ids."""
    zone = run.workspace.timezone
    contacts = touched.contact_rows(actor, as_of=as_of, timezone=zone)
    blocks = touched.block_rows(actor, complaint_rest_days=policy.complaint_rest_days, timezone=zone)
    _write_loop(run, table="contacts", rows=contacts, columns=_CONTACTS)
    _write_loop(run, table="contact_blocks", rows=blocks, columns=_BLOCKS)
    watched = [
        (proposal.pk, "already_in_play" if proposal.as_of == as_of else "holdout_watch", proposal.as_of)
        for proposal in Proposal.objects.filter(
            state__in=("approved", "exported"), as_of__gt=as_of - timedelta(days=policy.measure_days), as_of__lte=as_of
        )
    ]
    for number, reason, since in watched:
        arms = "('treated', 'holdout')" if reason == "already_in_play" else "('holdout')"
        until = (
            as_of + timedelta(days=7) if reason == "already_in_play" else since + timedelta(days=policy.measure_days)
        )
        run.append(
            "contact_blocks",
            sql=f"select distinct coalesce(a.customer_id, p.customer_id) as customer_id, '{reason}' as reason,"
            f" date '{since}' as since_on, date '{until}' as until_on from proposal_people p"
            f" left join customer_aliases a on a.alias_id = p.customer_id "
            f" where p.proposal = {number} and p.arm in {arms}",
        )


_CONTACTS: Mapping[str, Any] = {
    "customer_id": pa.int64(),
    "touched_on": pa.date32(),
    "channel": pa.string(),
    "play": pa.string(),
    "outcome": pa.string(),
}
_BLOCKS: Mapping[str, Any] = {
    "customer_id": pa.int64(), "reason": pa.string(), "since_on": pa.date32(), "until_on": pa.date32(),
}  # fmt: skip


def _write_loop(run: Run, *, table: str, rows: Sequence[Mapping[str, Any]], columns: Mapping[str, Any]) -> None:
    run.write_arrow(
        table, rows=pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in columns.items()})
    )
    others = ", ".join(f"t.{name}" for name in columns if name != "customer_id")
    run.write(
        table,
        sql=f"select coalesce(a.customer_id, t.customer_id) as customer_id, {others} from {table} t"
        " left join customer_aliases a on a.alias_id = t.customer_id",
    )


def _shown(proposal: Proposal) -> dict[str, Any]:
    return {
        "id": proposal.pk,
        "store": proposal.store,
        "play": proposal.play,
        "segment": proposal.segment,
        "people": proposal.people,
        "holdout": proposal.holdout,
        "channel": proposal.channel,
        "offer": proposal.plan["offer"]["zh"],
        "cost_minor": proposal.cost_minor,
        "gain_minor": proposal.gain_minor,
        "gain_low_minor": proposal.gain_low_minor,
        "gain_high_minor": proposal.gain_high_minor,
        "basis": proposal.basis,
        "state": proposal.state,
        "excluded": _reasons(proposal),
        "unknown_consent_lost": proposal.evidence["unknown_consent"]["lost"],
    }


def _reasons(proposal: Proposal) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in proposal.evidence["excluded"]:
        found[row["reason"]] = found.get(row["reason"], 0) + row["people"]
    return found

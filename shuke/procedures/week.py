"""The week: the table of contents of the product, from staged rows to proposals with their people drawn.

Read it from top to bottom. Everything is computed in one run of the lake and published together with the proposals, in
one transaction: whoever reads meanwhile sees the week before, whole.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

import shuke.gate.actions as gate
import shuke.metrics.actions as metrics
import shuke.metrics.queries as metric_library
import shuke.outcomes.actions as outcomes
import shuke.outcomes.queries as results
import shuke.plays.actions as play_channels
import shuke.plays.queries as play_library
import shuke.predictions.actions as predictions
import shuke.proposals.actions as proposals
import shuke.segments.actions as segments
import shuke.touches.actions as touches
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.clock import utc_now
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import Run, open_run
from shuke.lake.queries import open_reader
from shuke.outcomes.values import PlayResult
from shuke.plays.rules import working
from shuke.plays.values import Idle, Play, Policy
from shuke.procedures.close_loops import close_loops, close_trials
from shuke.procedures.link_accounts import link_accounts
from shuke.procedures.read_points import read_points
from shuke.procedures.refresh import commit, refresh
from shuke.proposals.models import Proposal
from shuke.segments.adapters import segment_codes
from shuke.segments.queries.builder import missing_words

Progress = Callable[[str], None]


_RESULT = (
    "play", "treated", "holdout", "treated_buyers", "holdout_buyers", "treated_share", "holdout_share", "difference",
    "low", "high", "verdict", "sentence",
)  # fmt: skip


@dataclass(frozen=True)
class WeekReport:
    """What a week computed: customers known, proposals in order of their number, what the last week's plays changed."""

    as_of: date
    customers: int
    proposals: tuple[Proposal, ...]
    last_week: tuple[PlayResult, ...] = ()

    def as_document(self) -> dict[str, Any]:
        """The document of `shuke week --json`."""
        shown = [_shown(proposal) for proposal in self.proposals if proposal.state != "draft"]
        return {
            "as_of": self.as_of.isoformat(),
            "customers": self.customers,
            "proposals": shown,
            "not_proposed": [
                {
                    "play": p.play,
                    "segment": p.segment,
                    "members": p.excluded,
                    "excluded": _reasons(p),
                    "why": p.evidence.get("idle", {}).get("en", ""),
                }
                for p in self.proposals
                if p.state == "draft" and p.store == "" and p.play not in {one["play"] for one in shown}
            ],
            "unknown_consent": {
                "people": sum(p.evidence["unknown_consent"]["people"] for p in self.proposals),
                "lost": sum(p.evidence["unknown_consent"]["lost"] for p in self.proposals),
            },
            "last_week": [{name: getattr(result, name) for name in _RESULT} for result in self.last_week],
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
    link_accounts(SYSTEM, workspace=workspace, now=utc_now(), progress=progress)
    held = Proposal.objects.filter(as_of=day).order_by("id")
    with open_reader(actor, workspace) as lake:
        truth = results.last_week(actor, lake=lake, language="en").plays
    return WeekReport(as_of=day, customers=customers, proposals=tuple(held), last_week=truth)


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
    close_loops(actor, run=run, as_of=parameters["as_of"], policy=policy)
    progress("purchase clocks, scores and the return curve")
    predictions.build(actor, run=run, parameters=parameters)
    predictions.build_recommendations(actor, run=run, parameters=parameters)
    progress("who will come back, and what everybody is worth")
    predictions.score(actor, run=run, parameters=parameters, margin_share=policy.margin_share)
    progress("metrics: every number with its definition")
    metrics.build(actor, run=run, parameters=parameters)
    read_points(actor, run=run, as_of=parameters["as_of"])
    progress("lifecycle stages and segments")
    segments.build(actor, run=run, parameters=parameters)
    progress("who may be contacted, through which channel")
    able, idle = _usable(run, plays=plays)
    play_channels.write_channels(actor, run=run, plays=able, policy=policy)
    gate.build(actor, run=run, parameters=parameters, policy=policy)
    progress("this week's plays, and who is held out")
    drawn = proposals.draft(actor, run=run, parameters=parameters, plays=able, idle=idle, policy=policy)
    progress("what earlier plays changed")
    outcomes.build(actor, run=run, parameters=parameters, policy=policy)
    close_trials(run)
    predictions.build_uplift(actor, run=run, parameters=parameters)
    return drawn


def _usable(run: Run, *, plays: Sequence[Play]) -> tuple[tuple[Play, ...], tuple[Idle, ...]]:
    """The plays whose segment has people to choose from, and those that must rest, with the reason."""
    texts = {language: missing_words(run.reader(), language=language) for language in ("zh", "en")}
    missing = {
        code: {language: _joined(texts[language].get(code, ()), language=language) for language in texts}
        for code in set(texts["zh"]) | set(texts["en"])
    }
    return working(plays, segments=segment_codes(), missing=missing)


def _joined(sentences: Sequence[str], *, language: str) -> str:
    return ("；" if language == "zh" else "; ").join(sentences[:2])


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

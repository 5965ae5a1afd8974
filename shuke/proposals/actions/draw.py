"""Drawing a week's proposals in a run of the lake."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Max

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.clock import utc_now
from shuke.kernel.money import exponent
from shuke.lake.actions import Run
from shuke.lake.rules import literal
from shuke.plays.values import Play, Policy
from shuke.proposals import rules
from shuke.proposals.actions import evidence
from shuke.proposals.actions.review import record
from shuke.proposals.models import Proposal
from shuke.proposals.values import PlayFacts

DECIDED = ("approved", "rejected", "withdrawn", "exported")
_COLUMNS = (
    "segment, customer_id, arm, reason, clause, draw, propensity, channel, store, associate, home_store, value_minor,"
    " since_on, segment_reason, purchase_minor, cycle_days, days_since, orders, orders_365, two_gaps_days,"
    " last_product, favourite_category, base_share, base_later_share"
)


def draft(
    actor: Actor, *, run: Run, parameters: Mapping[str, Any], plays: Sequence[Play], policy: Policy
) -> list[Proposal]:
    """Draws the people of every play as of `parameters['as_of']` and returns the proposals, not yet saved.

    `proposal_people` of this run holds their arms; those of proposals that were already decided stay as they are.
    """
    require(actor, Permission.REVIEW_PROPOSALS)
    held_back = 1 - policy.holdout_share
    capacity = {
        "holdout_share": policy.holdout_share,
        "measure_days": policy.measure_days,
        "associate_places": math.ceil(policy.tasks_per_associate_day * policy.task_days / held_back),
        "headquarters_places": math.ceil(policy.tasks_headquarters_day * policy.task_days / held_back),
        "clause_capacity": policy.clause("tasks_per_associate_day"),
    }
    run.build(["proposal_draft"], parameters={**parameters, **capacity})
    as_of: date = parameters["as_of"]
    known = {proposal.play: proposal for proposal in Proposal.objects.filter(as_of=as_of, store="")}
    found = evidence.read(run.reader(), policy=policy)
    open_plays = [play for play in plays if play.code not in known or known[play.code].state not in DECIDED]
    number = Proposal.objects.aggregate(last=Max("id"))["last"] or 0
    made = []
    for play in open_plays:
        if play.code in known:
            proposal = known[play.code]
        else:
            number += 1
            proposal = Proposal(id=number, as_of=as_of, play=play.code, version=0, created_at=utc_now())
        _fill(proposal, play=play, facts=found[play.code], policy=policy, currency=parameters["currency"])
        made.append(proposal)
    _write_people(run, as_of=as_of, made=made)
    return made


def _fill(proposal: Proposal, *, play: Play, facts: PlayFacts, policy: Policy, currency: str) -> None:
    gain = rules.expected_gain(
        people=facts.treated,
        base_share=facts.base_share,
        order_minor=facts.order_minor,
        margin_share=facts.margin_share,
        prior=play.prior,
        offer=play.offer,
        unit=10 ** exponent(currency),
    )
    proposal.segment = play.segment
    proposal.state = "proposed" if facts.treated + facts.holdout else "draft"
    proposal.people, proposal.treated, proposal.holdout = facts.treated + facts.holdout, facts.treated, facts.holdout
    proposal.excluded = facts.segment_people - proposal.people
    proposal.channel = facts.main_channel
    proposal.currency = currency
    proposal.cost_minor, proposal.gain_minor = gain.cost_minor, gain.mid_minor
    proposal.gain_low_minor, proposal.gain_high_minor = gain.low_minor, gain.high_minor
    proposal.basis = "prior"
    proposal.salt = f"{proposal.as_of}|{play.code}"
    proposal.holdout_share = policy.holdout_share
    proposal.plan = rules.plan_of(play)
    detectable = rules.detectable_share(treated=facts.treated, holdout=facts.holdout, base_share=facts.base_share)
    proposal.evidence = rules.evidence_of(facts, play=play, policy=policy) | {"detectable_share": detectable}


def _write_people(run: Run, *, as_of: date, made: Sequence[Proposal]) -> None:
    if not made:
        return
    ids = ", ".join(f"({literal(p.play)}, {p.id}::bigint)" for p in made)
    rows = (
        f"select i.proposal, {literal(as_of)} as as_of, d.play, {_COLUMNS} from proposal_draft d"
        f" join (values {ids}) as i(play, proposal) on i.play = d.play"
    )
    redrawn = [p.id for p in made if p.version]
    if redrawn:
        kept = f"select * from proposal_people where proposal not in {literal(redrawn)}"
        run.write("proposal_people", sql=f"{kept} union all by name {rows}")
    else:
        run.append("proposal_people", sql=f"{rows} order by i.proposal, d.customer_id")


def save(actor: Actor, *, proposals: Sequence[Proposal]) -> None:
    """Saves drawn proposals in the caller's transaction; one drawn again with another result gets a new version."""
    require(actor, Permission.REVIEW_PROPOSALS)
    for proposal in proposals:
        stored = Proposal.objects.filter(pk=proposal.pk).first()
        if stored is not None and rules.snapshot(stored) == rules.snapshot(proposal):
            continue
        proposal.version += 1
        proposal.save()
        record(actor, proposal, verb="drawn" if stored is None else "redrawn", reason="")

"""Editing a proposal before it is decided."""

from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.plays.values import Policy
from shuke.proposals import rules
from shuke.proposals.actions.review import held, record
from shuke.proposals.models import Proposal
from shuke.proposals.queries.edits import edited
from shuke.proposals.values import Edit


@transaction.atomic
def edit_proposal(
    actor: Actor, *, lake: Reader, proposal_id: int, version: int | None, edit: Edit, policy: Policy
) -> Proposal:
    """Saves an edit as a new version; the draw's numbers stay, a changed share only moves the threshold. Journaled.

    Raises `UnknownProposal`, `Stale` with who did what, `NotNow` where it was decided, `BadEdit` with every violation.
    """
    require(actor, Permission.REVIEW_PROPOSALS)
    proposal = held(actor, proposal_id=proposal_id, version=version)
    state = rules.next_state("edit", state=proposal.state)
    before = set(proposal.removed)
    result = edited(lake, proposal=proposal, edit=edit, policy=policy, language="en")
    if result.effects.violations:
        raise rules.BadEdit(result.effects.violations)
    proposal.state = state
    proposal.plan, proposal.evidence = result.plan, result.evidence
    proposal.removed, proposal.holdout_places = sorted(result.removed), result.places
    proposal.holdout_share = edit.holdout_share if edit.holdout_share is not None else proposal.holdout_share
    effects = result.effects
    proposal.people, proposal.treated, proposal.holdout = effects.people, effects.treated, effects.holdout
    proposal.cost_minor, proposal.gain_minor = effects.cost_minor, effects.gain_minor
    proposal.gain_low_minor, proposal.gain_high_minor = effects.gain_low_minor, effects.gain_high_minor
    proposal.version += 1
    proposal.save()
    what = rules.changed_parts(edit, removed=len(result.removed - before), restored=len(before - result.removed))
    record(actor, proposal, verb="edit", reason=what)
    return proposal

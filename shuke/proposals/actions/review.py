"""Reviewing proposals: every change is a version of its own."""

from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import ShukeError
from shuke.proposals import rules
from shuke.proposals.models import Proposal, ProposalReview


class UnknownProposal(ShukeError):
    """There is no proposal of that number."""


@transaction.atomic
def review(actor: Actor, *, proposal_id: int, verb: str, version: int | None = None, reason: str = "") -> Proposal:
    """Approves, rejects or withdraws; `version` is the one that the reviewer read (None: whatever is current).

    Raises `UnknownProposal`, `Stale` where somebody was quicker, `NotNow` where the state forbids it. Journaled.
    """
    require(actor, Permission.EXPORT_TASKS if verb == "export" else Permission.REVIEW_PROPOSALS)
    proposal = Proposal.objects.select_for_update().filter(pk=proposal_id).first()
    if proposal is None:
        raise UnknownProposal(f"There is no proposal {proposal_id}.", hint="'shuke week' lists this week's.")
    if version is not None and version != proposal.version:
        last = proposal.reviews.order_by("-version").first()
        who = last.actor if last else "somebody"
        raise rules.Stale(
            f"{who} changed this proposal in the meantime (you read version {version}, now it is {proposal.version}).",
            hint="Look at it again, then decide.",
        )
    if verb == "reject" and not reason.strip():
        raise rules.NotNow("A rejection needs a reason.", hint="One sentence is enough; the assistant learns from it.")
    proposal.state = rules.next_state(verb, state=proposal.state)
    proposal.version += 1
    proposal.reason = reason.strip()
    proposal.decided_by = actor.name
    proposal.decided_at = utc_now()
    proposal.save()
    record(actor, proposal, verb=verb, reason=proposal.reason)
    return proposal


def record(actor: Actor, proposal: Proposal, *, verb: str, reason: str) -> None:
    """Keeps the present version of a proposal, in the caller's transaction."""
    ProposalReview.objects.create(
        proposal=proposal,
        version=proposal.version,
        verb=verb,
        actor=actor.name,
        user_id=actor.user_id,
        reason=reason,
        at=utc_now(),
        snapshot=rules.snapshot(proposal),
    )
    note(actor, verb, object_type="proposal", object_id=proposal.pk, version=proposal.version, people=proposal.people)

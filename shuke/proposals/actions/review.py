"""Reviewing proposals: every change is a version of its own."""

from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.kernel.clock import utc_now
from shuke.proposals import rules
from shuke.proposals.models import Proposal, ProposalReview


@transaction.atomic
def review(actor: Actor, *, proposal_id: int, verb: str, version: int | None = None, reason: str = "") -> Proposal:
    """Approves, rejects or withdraws; `version` is the one that the reviewer read (None: whatever is current).

    Raises `UnknownProposal`, `Stale` where somebody was quicker, `NotNow` where the state forbids it. Journaled.
    """
    require(actor, Permission.EXPORT_TASKS if verb == "export" else Permission.REVIEW_PROPOSALS)
    proposal = held(actor, proposal_id=proposal_id, version=version)
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


def held(actor: Actor, *, proposal_id: int, version: int | None) -> Proposal:
    """The proposal, locked for the caller's transaction. Raises `UnknownProposal`, and `Stale` with who did what."""
    found = Proposal.objects.select_for_update().filter(pk=proposal_id)
    if actor.stores is not None:
        found = found.filter(store__in=sorted(actor.stores))
    proposal = found.first()
    if proposal is None:
        raise rules.UnknownProposal(f"There is no proposal {proposal_id}.", hint="'shuke week' lists this week's.")
    if version is not None and version != proposal.version:
        last = proposal.reviews.order_by("-version").first()
        who, verb = (last.actor, last.verb) if last else ("somebody", "edit")
        what = f": {last.reason}" if last and last.reason else ""
        raise rules.Stale(
            f"{who} changed this proposal in the meantime ({verb}{what}); you read version {version}, now it is"
            f" {proposal.version}.",
            hint="Look at it again, then decide.",
        )
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

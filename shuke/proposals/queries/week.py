"""This week's proposals as lists."""

from django.db.models import QuerySet

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.proposals import rules
from shuke.proposals.models import Proposal
from shuke.proposals.queries.cards import card_of, gain_of, groups_of
from shuke.proposals.values import Coverage, WeekView


def this_week(actor: Actor, *, language: str, store: str | None = None) -> WeekView:
    """The latest week's proposals of the actor's stores (or of one `store`, '' = headquarters), the surest first."""
    require(actor, Permission.SEE_PROPOSALS)
    latest = Proposal.objects.order_by("-as_of").first()
    if latest is None:
        return WeekView(None, (), (), 0, 0, 0, 0, 0, 0, 0, 0)
    held = list(_seen(actor, store=store).filter(as_of=latest.as_of).order_by("-gain_low_minor", "id"))
    chosen = [proposal for proposal in held if proposal.state != "draft"]
    open_ones = [proposal for proposal in chosen if proposal.state != "rejected"]
    low, mid, high = rules.total_range([gain_of(proposal) for proposal in open_ones])
    cards = tuple(card_of(proposal, language=language) for proposal in chosen)
    return WeekView(
        as_of=latest.as_of,
        cards=cards,
        not_proposed=tuple(card_of(proposal, language=language) for proposal in held if proposal.state == "draft"),
        people=sum(proposal.people for proposal in open_ones),
        holdout=sum(proposal.holdout for proposal in open_ones),
        cost_minor=sum(proposal.cost_minor for proposal in open_ones),
        gain_low_minor=low,
        gain_minor=mid,
        gain_high_minor=high,
        unknown_consent_people=sum(p.evidence["unknown_consent"]["people"] for p in held),
        unknown_consent_lost=sum(p.evidence["unknown_consent"]["lost"] for p in held),
        groups=groups_of(cards),
    )


def open_ids(actor: Actor, *, play: str | None = None) -> list[int]:
    """Numbers of the latest week's proposals (of one play) that wait for a decision, in the actor's stores."""
    require(actor, Permission.SEE_PROPOSALS)
    latest = Proposal.objects.order_by("-as_of").first()
    if latest is None:
        return []
    found = _seen(actor, store=None).filter(as_of=latest.as_of, state="proposed")
    if play is not None:
        found = found.filter(play=play)
    return list(found.order_by("id").values_list("id", flat=True))


def coverage(actor: Actor, *, lake: Reader, language: str, store: str | None = None) -> Coverage:
    """每类顾客有计划: classes of customers (stage and layer), which plays of this week have people of them, or why not."""
    require(actor, Permission.SEE_PROPOSALS)
    return Coverage(share=0.0, rows=())


def _seen(actor: Actor, *, store: str | None) -> QuerySet[Proposal]:
    found = Proposal.objects.all()
    if actor.stores is not None:
        found = found.filter(store__in=sorted(actor.stores))
    return found if store is None else found.filter(store=store)

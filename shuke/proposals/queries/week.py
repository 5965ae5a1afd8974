"""This week's proposals as lists."""

from collections import Counter
from collections.abc import Sequence

from django.db.models import Max, QuerySet

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.proposals import rules
from shuke.proposals.adapters import definition
from shuke.proposals.models import Proposal
from shuke.proposals.queries.cards import card_of, groups_of
from shuke.proposals.values import StoreNote, WeekView


def this_week(actor: Actor, *, language: str, store: str | None = None, least: int = 3) -> WeekView:
    """The latest week's proposals of the actor's stores (or of one `store`, '' = headquarters), the surest first.

    Stores with fewer than `least` plays are named with the reason. The range of all is computed: within a play the
    stores share one lift, between plays they are independent.
    """
    require(actor, Permission.SEE_PROPOSALS)
    as_of = Proposal.objects.aggregate(last=Max("as_of"))["last"]
    if as_of is None:
        return WeekView(None, (), (), 0, 0, 0, 0, 0, 0, 0, 0)
    held = list(_seen(actor, store=store).filter(as_of=as_of).order_by("-gain_low_minor", "id"))
    chosen = [proposal for proposal in held if proposal.state != "draft"]
    silent = [p for p in held if p.state == "draft" and p.store == "" and not _has_stores(p, among=chosen)]
    cards = tuple(card_of(actor, proposal=proposal, language=language) for proposal in chosen)
    groups = groups_of(actor, proposals=chosen, cards={card.id: card for card in cards}, language=language)
    open_ones = [card for card in cards if card.state != "rejected"]
    low, mid, high = rules.total_range([rules.gain_of(group) for group in groups])
    return WeekView(
        as_of=as_of,
        cards=cards,
        not_proposed=tuple(card_of(actor, proposal=proposal, language=language) for proposal in silent),
        people=sum(card.people for card in open_ones),
        holdout=sum(card.holdout for card in open_ones),
        cost_minor=sum(card.cost_minor for card in open_ones),
        gain_low_minor=low,
        gain_minor=mid,
        gain_high_minor=high,
        unknown_consent_people=sum(p.evidence["unknown_consent"]["people"] for p in held),
        unknown_consent_lost=sum(p.evidence["unknown_consent"]["lost"] for p in held),
        groups=groups,
        thin_stores=_thin(actor, held=held, chosen=chosen, store=store, least=least, language=language),
    )


def open_ids(actor: Actor, *, play: str | None = None) -> list[int]:
    """Numbers of the latest week's proposals (of one play) that wait for a decision, in the actor's stores."""
    require(actor, Permission.SEE_PROPOSALS)
    as_of = Proposal.objects.aggregate(last=Max("as_of"))["last"]
    found = _seen(actor, store=None).filter(as_of=as_of, state="proposed")
    if play is not None:
        found = found.filter(play=play)
    return list(found.order_by("id").values_list("id", flat=True))


def _seen(actor: Actor, *, store: str | None) -> QuerySet[Proposal]:
    found = Proposal.objects.all()
    if actor.stores is not None:
        found = found.filter(store__in=sorted(actor.stores))
    return found if store is None else found.filter(store=store)


def _has_stores(proposal: Proposal, *, among: Sequence[Proposal]) -> bool:
    return any(one.play == proposal.play for one in among)


def _thin(
    actor: Actor,
    *,
    held: Sequence[Proposal],
    chosen: Sequence[Proposal],
    store: str | None,
    least: int,
    language: str,
) -> tuple[StoreNote, ...]:
    """Stores whose people are in segments, but in too few plays, and why: from the reasons kept with the proposals."""
    reasons: dict[str, Counter[str]] = {}
    rests = Proposal.objects.filter(as_of=held[0].as_of, store="") if held else []
    for proposal in rests:
        for name, found in proposal.evidence.get("quiet_stores", {}).items():
            reasons.setdefault(name, Counter()).update(found)
    for proposal in held:
        if proposal.store:
            own = {row["reason"]: row["people"] for row in proposal.evidence["excluded"]}
            reasons.setdefault(proposal.store, Counter()).update(own)
    plays = Counter(proposal.store for proposal in chosen)
    seen = [name for name in sorted(reasons) if actor.stores is None or name in actor.stores]
    short = rules.short_of(language)
    texts = definition("sentences")["thin"]
    return tuple(
        StoreNote(
            store=name,
            plays=plays[name],
            why=texts["few"][short].format(
                members=f"{sum(reasons[name].values()):,}",
                reasons=rules.reasons_in_words(reasons[name], texts=definition("sentences"), language=language),
            ),
        )
        for name in seen
        if plays[name] < least and (store is None or name == store)
    )

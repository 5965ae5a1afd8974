"""Proposals as cards: every number in a sentence is a stored, computed value."""

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date
from functools import lru_cache
from typing import Any

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.money import exponent, symbol
from shuke.proposals import rules
from shuke.proposals.adapters import definition
from shuke.proposals.models import Proposal
from shuke.proposals.values import Card, PlayGroup
from shuke.segments.adapters import BadDefinition
from shuke.segments.adapters import definition as segment_definition


def card_of(actor: Actor, *, proposal: Proposal, language: str) -> Card:
    """A proposal as a list shows it, its sentences in the language asked for."""
    require(actor, Permission.SEE_PROPOSALS)
    short = rules.short_of(language)
    texts = definition("sentences")
    facts = _sentence_facts(proposal, short=short)
    title = (proposal.plan["title"] if proposal.treated else texts["none"]["title"])[short]
    return Card(
        id=proposal.pk,
        as_of=proposal.as_of,
        play=proposal.play,
        play_name=proposal.plan[short],
        segment=proposal.segment,
        segment_name=_segment_name(proposal.segment, short=short, week=proposal.as_of),
        store=proposal.store,
        state=proposal.state,
        version=proposal.version,
        title=title.format_map(facts),
        why_now=_why_now(proposal, facts=facts, short=short),
        what=texts["what"][short].format_map(facts) if proposal.treated else "",
        people=proposal.people,
        treated=proposal.treated,
        holdout=proposal.holdout,
        excluded=proposal.excluded,
        channel=proposal.channel,
        offer=proposal.plan["offer"][short],
        best_time=str(facts["best_time"]),
        currency=proposal.currency,
        cost_minor=proposal.cost_minor,
        gain_minor=proposal.gain_minor,
        gain_low_minor=proposal.gain_low_minor,
        gain_high_minor=proposal.gain_high_minor,
        basis=proposal.basis,
        notes=tuple(_notes(proposal, facts=facts, short=short)),
        reason=proposal.reason,
        decided_by=proposal.decided_by,
        decided_at=proposal.decided_at,
    )


def _why_now(proposal: Proposal, *, facts: Mapping[str, Any], short: str) -> str:
    """Why this week; for a play that rests, why it does: what its segment lacks, or what keeps its people out."""
    idle = proposal.evidence.get("idle")
    if idle:
        return str(idle[short])
    if proposal.treated:
        return str(proposal.plan["why"][short]).format_map(facts)
    texts = definition("sentences")["thin"]
    reasons: Counter[str] = Counter()
    for row in proposal.evidence["excluded"]:
        reasons[row["reason"]] += row["people"]
    if not reasons:
        return str(texts["empty"][short])
    told = rules.reasons_in_words(reasons, texts=definition("sentences"), language=short)
    return str(texts["resting"][short]).format(members=f"{reasons.total():,}", reasons=told)


@lru_cache(maxsize=512)
def _segment_name(code: str, *, short: str, week: date) -> str:
    """The segment's name, its code where the segment is gone; kept for the week: a list asks hundreds of times."""
    del week
    try:
        return str(segment_definition(code)[short])
    except BadDefinition:
        return code


def _sentence_facts(proposal: Proposal, *, short: str) -> dict[str, Any]:
    """Every value that a sentence about a proposal may name, as it is shown."""
    found = proposal.evidence
    texts = definition("sentences")
    joiner = "、" if short == "zh" else ", "
    days = joiner.join(texts["weekdays"][short][day - 1] for day in proposal.plan["weekdays"])
    unit = 10 ** exponent(proposal.currency)
    return {
        "people": f"{proposal.people:,}",
        "play_name": proposal.plan[short],
        "channels": joiner.join(texts["channels"][row["channel"]][short] for row in found["channels"]),
        "offer": proposal.plan["offer"][short],
        "best_time": f"{days} {proposal.plan['best_time']}",
        "lost": f"{found['unknown_consent']['lost']:,}",
        "margin": f"{found['margin_share']:.0%}",
        "clause": found["margin_clause"],
        "order": f"{symbol(proposal.currency)}{found['order_minor'] / unit:,.0f}",
        "base": _in_hundred(found["base_share"]),
        "later": _in_hundred(found["base_later_share"]),
        "if_waiting": _if_waiting(found, told=texts["if_waiting"][short]),
        **{key: round(found[key]) for key in ("cycle_days", "days_since", "two_gaps_days", "measure_days")},
        **{key: found[key] for key in ("second_from_days", "second_until_days")},
    }


def _in_hundred(share: float) -> str:
    return f"{share * 100:.0f}" if share >= 0.0095 else f"{share * 100:.1f}"


def _if_waiting(found: Mapping[str, Any], *, told: str) -> str:
    """What waiting costs; nothing where both shares read the same."""
    now, later = _in_hundred(found["base_share"]), _in_hundred(found["base_later_share"])
    return told.format(later=later) if found["base_later_share"] < found["base_share"] and later != now else ""


def _notes(proposal: Proposal, *, facts: Mapping[str, Any], short: str) -> list[str]:
    found = proposal.evidence
    holds = {
        "too_few": found["too_few"],
        "unknown_consent": found["unknown_consent"]["lost"] > 0,
        "margin_assumed": found["margin_basis"] == "assumed" and proposal.treated > 0,
        "prior": proposal.basis == "prior" and proposal.treated > 0,
    }
    return [definition("sentences")["notes"][code][short].format_map(facts) for code, shown in holds.items() if shown]


def groups_of(
    actor: Actor, *, proposals: Sequence[Proposal], cards: Mapping[int, Card], language: str
) -> tuple[PlayGroup, ...]:
    """The proposals put together by play, the surest play first; their sentences speak of all stores together."""
    plays = list(dict.fromkeys(proposal.play for proposal in proposals))
    made = [
        _group(actor, proposals=[one for one in proposals if one.play == play], cards=cards, language=language)
        for play in plays
    ]
    return tuple(sorted(made, key=lambda group: -group.gain_low_minor))


def _group(actor: Actor, *, proposals: Sequence[Proposal], cards: Mapping[int, Card], language: str) -> PlayGroup:
    open_ones = [proposal for proposal in proposals if proposal.state != "rejected"]
    whole = card_of(actor, proposal=_together(open_ones or proposals), language=language)
    low, mid, high = rules.same_range([rules.gain_of(proposal) for proposal in open_ones])
    return PlayGroup(
        play=whole.play,
        play_name=whole.play_name,
        segment=whole.segment,
        segment_name=whole.segment_name,
        title=whole.title,
        why_now=whole.why_now,
        what=whole.what,
        people=sum(proposal.people for proposal in open_ones),
        treated=sum(proposal.treated for proposal in open_ones),
        holdout=sum(proposal.holdout for proposal in open_ones),
        excluded=sum(proposal.excluded for proposal in proposals),
        offer=whole.offer,
        currency=whole.currency,
        cost_minor=sum(proposal.cost_minor for proposal in open_ones),
        gain_low_minor=low,
        gain_minor=mid,
        gain_high_minor=high,
        basis=whole.basis,
        notes=whole.notes,
        states=dict(Counter(proposal.state for proposal in proposals)),
        cards=tuple(cards[proposal.pk] for proposal in proposals),
    )


_MEANS = ("base_share", "base_later_share", "order_minor", "cycle_days", "days_since", "two_gaps_days")


def _together(proposals: Sequence[Proposal]) -> Proposal:
    """The stores' proposals of a play as one, never saved: people add up, averages are weighted by people."""
    largest = max(proposals, key=lambda proposal: (proposal.people, -proposal.pk))
    one = copy(largest)
    one.people, one.treated, one.holdout = (
        sum(getattr(proposal, name) for proposal in proposals) for name in ("people", "treated", "holdout")
    )
    weights = [(proposal.evidence, max(1, proposal.people)) for proposal in proposals]
    total = sum(weight for _, weight in weights)
    channels: Counter[str] = Counter()
    for proposal in proposals:
        channels.update({row["channel"]: row["people"] for row in proposal.evidence["channels"]})
    found = largest.evidence
    one.evidence = {
        **found,
        **{name: sum(facts[name] * weight for facts, weight in weights) / total for name in _MEANS},
        "channels": [{"channel": channel, "people": people} for channel, people in channels.most_common()],
        "unknown_consent": {
            **found["unknown_consent"],
            "lost": sum(facts["unknown_consent"]["lost"] for facts, _ in weights),
        },
    }
    return one

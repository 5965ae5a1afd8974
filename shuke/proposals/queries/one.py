"""One proposal in full, with five real people and the exact words."""

from collections.abc import Mapping
from typing import Any

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.plays import queries as plays
from shuke.plays import rules as play_rules
from shuke.plays.values import Policy
from shuke.proposals.actions.review import UnknownProposal
from shuke.proposals.adapters import definition
from shuke.proposals.models import Proposal
from shuke.proposals.queries.cards import card_of, short_of
from shuke.proposals.values import Detail, Example, Excluded
from shuke.segments.adapters import definition as segment_definition
from shuke.segments.rules import reason_sentence

_EXAMPLES = 5


def detail(actor: Actor, *, lake: Reader, proposal_id: int, policy: Policy, language: str) -> Detail:
    """A proposal in full, with five real people of the actor's stores and the exact words that they would get."""
    require(actor, Permission.SEE_PROPOSALS)
    proposal = Proposal.objects.filter(pk=proposal_id).first()
    if proposal is None:
        raise UnknownProposal(f"There is no proposal {proposal_id}.", hint="Go back to this week.")
    short = short_of(language)
    found = proposal.evidence
    return Detail(
        card=card_of(proposal, language=language),
        funnel=tuple((definition("sentences")["funnel"][code][short], people) for code, people in found["funnel"]),
        excluded=tuple(_excluded(row, policy=policy, short=short) for row in found["excluded"]),
        examples=tuple(examples(actor, lake=lake, proposal=proposal, language=language)),
        clauses=tuple(_clauses(proposal, policy=policy, language=language)),
        stores=tuple((row["store"], row["people"]) for row in found["stores"] if _sees(actor, row["store"])),
        scripts={tone: texts[short] for tone, texts in proposal.plan["scripts"].items()},
        evidence=found,
        versions=tuple(
            {"version": r.version, "verb": r.verb, "actor": r.actor, "at": r.at, "reason": r.reason}
            for r in proposal.reviews.order_by("-version")
        ),
    )


def examples(actor: Actor, *, lake: Reader, proposal: Proposal, language: str) -> list[Example]:
    """Five people drawn by their stored draw (the same each time), with the words as they would be sent."""
    short = short_of(language)
    rows = lake.rows(
        "select p.*, c.name, c.gender, s.second_from_days, s.second_until_days from proposal_people p"
        " left join customer_profiles c on c.customer_id = p.customer_id cross join shop_clock s"
        " where p.proposal = $proposal and p.arm = 'treated' order by p.draw, p.customer_id limit $limit",
        proposal=proposal.pk,
        limit=_EXAMPLES,
    )
    made = []
    for row in rows:
        title = play_rules.title_of(row["name"], gender=row["gender"], language=short)
        facts = {**row, "store": row["home_store"]}
        tone = play_rules.tone_for(row["channel"], tone=proposal.plan["tone"])
        script = proposal.plan["scripts"][tone][short]
        made.append(
            Example(
                customer_id=row["customer_id"],
                name=row["name"] or "",
                store=row["home_store"],
                associate=row["associate"],
                channel=definition("sentences")["channels"][row["channel"]][short],
                why=reason_sentence(
                    segment_definition(row["segment"]), reason=row["segment_reason"], facts=row, language=language
                ),
                words=plays.words(actor, script=script, facts=facts, title=title, language=short),
            )
        )
    return made


def _excluded(row: Mapping[str, Any], *, policy: Policy, short: str) -> Excluded:
    clause = policy.clauses.get(row["clause"] or "")
    words = definition("sentences")["reasons"][row["reason"]][short]
    return Excluded(
        reason=row["reason"],
        words=words,
        people=row["people"],
        clause=row["clause"] or "",
        clause_words=clause.words(short) if clause else "",
    )


def _clauses(proposal: Proposal, *, policy: Policy, language: str) -> list[tuple[str, str]]:
    """The clauses that bear on a proposal, quoted: those that keep people out, its channels', offers and hours."""
    numbers = {row["clause"] for row in proposal.evidence["excluded"] if row["clause"]}
    numbers |= {policy.clause(name) for name in ("touches_per_7_days", "quiet_from", "holdout_share")}
    if proposal.segment in policy.service_first_segments:
        numbers.add(policy.clause("service_first_segments"))
    known = sorted(number for number in numbers if number in policy.clauses)
    return [(number, policy.clauses[number].words(language)) for number in known]


def _sees(actor: Actor, store: str) -> bool:
    return actor.stores is None or store in actor.stores

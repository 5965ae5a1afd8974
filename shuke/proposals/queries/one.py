"""One proposal in full, with five real people and the exact words."""

import json
from collections.abc import Mapping
from typing import Any

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.plays import queries as plays
from shuke.plays import rules as play_rules
from shuke.plays.adapters import load_variables
from shuke.plays.values import Policy
from shuke.proposals import rules
from shuke.proposals.adapters import definition
from shuke.proposals.models import Proposal
from shuke.proposals.queries.cards import card_of
from shuke.proposals.values import Detail, Edit, Editor, Example, Excluded
from shuke.segments.adapters import BadDefinition
from shuke.segments.adapters import definition as segment_definition
from shuke.segments.rules import reason_sentence

_EXAMPLES = 5


def proposal_of(actor: Actor, proposal_id: int) -> Proposal:
    """The proposal, if it is one of the actor's stores. Raises `UnknownProposal`."""
    found = Proposal.objects.filter(pk=proposal_id)
    if actor.stores is not None:
        found = found.filter(store__in=sorted(actor.stores))
    proposal = found.first()
    if proposal is None:
        raise rules.UnknownProposal(f"There is no proposal {proposal_id}.", hint="Go back to this week.")
    return proposal


def detail(actor: Actor, *, lake: Reader, proposal_id: int, policy: Policy, language: str) -> Detail:
    """A proposal in full, with five real people and the exact words that they would get. Raises `UnknownProposal`."""
    require(actor, Permission.SEE_PROPOSALS)
    proposal = proposal_of(actor, proposal_id)
    short = rules.short_of(language)
    found = proposal.evidence
    return Detail(
        card=card_of(actor, proposal=proposal, language=language),
        funnel=tuple((definition("sentences")["funnel"][code][short], people) for code, people in found["funnel"]),
        excluded=tuple(_excluded(row, policy=policy, short=short) for row in found["excluded"]),
        examples=examples(actor, lake=lake, proposal=proposal, plan=proposal.plan, language=language),
        clauses=tuple(_clauses(proposal, policy=policy, language=language)),
        stores=tuple((row["store"], row["people"]) for row in found["stores"]),
        scripts={tone: texts[short] for tone, texts in proposal.plan["scripts"].items()},
        evidence=found,
        versions=tuple(
            {"version": r.version, "verb": r.verb, "actor": r.actor, "at": r.at, "reason": r.reason}
            for r in proposal.reviews.order_by("-version")
        ),
        editor=_editor(proposal, policy=policy, language=language),
        power_words=rules.power_words(found, texts=definition("sentences"), language=language),
    )


def examples_with(actor: Actor, *, lake: Reader, proposal_id: int, edit: Edit, language: str) -> tuple[Example, ...]:
    """The same five people with the words that they would get after an edit. Raises `UnknownProposal`.

    A script that cannot be rendered (a brace without its partner, an unknown variable) is shown as it was typed.
    """
    require(actor, Permission.SEE_PROPOSALS)
    proposal = proposal_of(actor, proposal_id)
    plan = rules.edited_plan(proposal.plan, edit=edit)
    return examples(actor, lake=lake, proposal=proposal, plan=plan, language=language)


def examples(
    actor: Actor, *, lake: Reader, proposal: Proposal, plan: Mapping[str, Any], language: str
) -> tuple[Example, ...]:
    """Five people drawn by their stored draw (the same each time), with the words as they would be sent."""
    rows = lake.rows(
        "select p.*, c.name, c.gender, s.second_from_days, s.second_until_days"
        f" from ({_final(proposal)}) p"
        " left join customer_profiles c on c.customer_id = p.customer_id cross join shop_clock s"
        f" where p.final_arm = 'treated' and not p.removed order by p.draw desc, p.customer_id limit {_EXAMPLES}"
    )
    return tuple(_example(actor, row=row, plan=plan, language=language) for row in rows)


def _final(proposal: Proposal) -> str:
    return rules.final_sql(proposal.pk, places=proposal.holdout_places, removed=proposal.removed)


def _example(actor: Actor, *, row: Mapping[str, Any], plan: Mapping[str, Any], language: str) -> Example:
    return Example(
        customer_id=row["customer_id"],
        name=row["name"] or "",
        store=row["home_store"],
        associate=row["associate"],
        channel=definition("sentences")["channels"][row["channel"]][rules.short_of(language)],
        why=why_of(actor, row=row, language=language),
        words=words_for(actor, row=row, plan=plan, language=language),
    )


def why_of(actor: Actor, *, row: Mapping[str, Any], language: str) -> str:
    """Why a person is in the segment, from the values kept with the draw."""
    require(actor, Permission.SEE_PROPOSALS)
    try:
        texts = segment_definition(row["segment"])
    except BadDefinition:
        return ""  # the segment's file is gone since; the proposal stays readable
    facts = {**row, **json.loads(row.get("segment_facts") or "{}")}
    return reason_sentence(texts, reason=row["segment_reason"], facts=facts, language=language)


def words_for(actor: Actor, *, row: Mapping[str, Any], plan: Mapping[str, Any], language: str) -> str:
    """The exact words for one person by the plan; what cannot be rendered stays as it was typed."""
    short = rules.short_of(language)
    title = play_rules.title_of(row["name"], gender=row["gender"], language=short)
    tone = play_rules.tone_for(row["channel"], tone=plan["tone"])
    script = plan["scripts"][tone][short]
    try:
        return plays.words(actor, script=script, facts={**row, "store": row["home_store"]}, title=title, language=short)
    except (KeyError, ValueError, IndexError):
        return str(script)


def _editor(proposal: Proposal, *, policy: Policy, language: str) -> Editor | None:
    if not rules.is_open("edit", state=proposal.state) or not proposal.plan.get("forms"):
        return None
    short = rules.short_of(language)
    plan = proposal.plan
    begin, end = rules.hours_of(plan)
    fallbacks = load_variables()[short]
    return Editor(
        scripts={tone: texts[short] for tone, texts in plan["forms"].items()},
        variables=tuple((name, fallbacks[name]) for name in play_rules.VARIABLES[short]),
        offer_words=plan["offer"][short],
        has_strength=rules.has_strength(plan),
        strength_share=plan["offer"]["strength_share"],
        strength_max=policy.offer_strength_max,
        weekdays=tuple(plan["weekdays"]),
        best_from=begin,
        best_until=end,
        quiet_until=policy.quiet_until,
        quiet_from=policy.quiet_from,
        holdout_share=proposal.holdout_share,
        holdout_least=policy.holdout_share,
        holdout_most=policy.holdout_share_max,
        removed=len(proposal.removed),
    )


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
    if proposal.plan["offer"]["strength_share"] > 0:
        numbers.add(policy.clause("offer_strength_max"))
    known = sorted(number for number in numbers if number in policy.clauses)
    return [(number, policy.clauses[number].words(language)) for number in known]

"""What an edit would change, computed at once and not saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.money import exponent
from shuke.lake.queries import Reader
from shuke.plays import rules as play_rules
from shuke.plays.adapters import load_variables
from shuke.plays.values import MASS_CHANNELS, Play, Policy
from shuke.proposals import rules
from shuke.proposals.adapters import definition
from shuke.proposals.models import Proposal
from shuke.proposals.queries.one import proposal_of
from shuke.proposals.values import Edit, Effects, Violation


@dataclass(frozen=True)
class Edited:
    """A proposal as an edit would make it."""

    effects: Effects
    plan: dict[str, Any]
    evidence: dict[str, Any]
    removed: frozenset[int]
    places: int | None


def preview_edit(
    actor: Actor, *, lake: Reader, proposal_id: int, edit: Edit, policy: Policy, language: str = "zh-hans"
) -> Effects:
    """People, arms, cost, gain and power after `edit`, and what it would break. Raises `UnknownProposal`."""
    require(actor, Permission.SEE_PROPOSALS)
    proposal = proposal_of(actor, proposal_id)
    return edited(lake, proposal=proposal, edit=edit, policy=policy, language=language).effects


def edited(lake: Reader, *, proposal: Proposal, edit: Edit, policy: Policy, language: str) -> Edited:
    """The proposal after an edit: whole people, from the stored draw."""
    plan = rules.edited_plan(proposal.plan, edit=edit)
    removed = frozenset(proposal.removed) - edit.restore | edit.remove
    places, people = _places(lake, proposal=proposal, edit=edit)
    facts = _counts(lake, proposal=proposal, places=places, removed=removed)
    play = rules.play_of(plan, code=proposal.play, segment=proposal.segment, prior=proposal.evidence["prior"])
    gain = rules.expected_gain(
        people=facts["treated"],
        base_share=facts["base_share"],
        order_minor=facts["order_minor"],
        margin_share=proposal.evidence["margin_share"],
        prior=play.prior,
        offer=play.offer,
        unit=10 ** exponent(proposal.currency),
    )
    evidence = _evidence(proposal, facts=facts, removed=removed, lift=play.prior.mid)
    violations = [
        *_violations(play, policy=policy, language=language),
        *_people_violations(edit, drawn=people, facts=facts, known=facts["known"], language=language),
    ]
    share = rules.share_violation(edit, policy=policy, people=people, language=language)
    effects = Effects(
        people=facts["treated"] + facts["holdout"],
        treated=facts["treated"],
        holdout=facts["holdout"],
        holdout_share=facts["holdout"] / max(1, facts["treated"] + facts["holdout"]),
        removed=len(removed),
        cost_minor=gain.cost_minor,
        gain_low_minor=gain.low_minor,
        gain_minor=gain.mid_minor,
        gain_high_minor=gain.high_minor,
        currency=proposal.currency,
        power_words=rules.power_words(evidence, texts=definition("sentences"), language=language),
        fallbacks=tuple(_fallbacks(lake, proposal=proposal, plan=plan, language=edit.language, reader=language)),
        violations=tuple([*violations, share] if share else violations),
    )
    return Edited(effects=effects, plan=plan, evidence=evidence, removed=removed, places=places)


def _places(lake: Reader, *, proposal: Proposal, edit: Edit) -> tuple[int | None, int]:
    """How many of the lowest draws are held out after the edit (None: as drawn), and how many people were drawn."""
    people = int(lake.value("select count(*) from proposal_people where proposal = $id", id=proposal.pk) or 0)
    if edit.holdout_share is None:
        return proposal.holdout_places, people
    return rules.places_of(people, holdout_share=min(1.0, max(0.0, edit.holdout_share))), people


def _counts(lake: Reader, *, proposal: Proposal, places: int | None, removed: frozenset[int]) -> dict[str, Any]:
    row = lake.row(
        f"with drawn as ({rules.arms_sql(proposal.pk, places=places)})"
        " select count(*) filter (where not removed and final_arm = 'treated') as treated,"
        " count(*) filter (where not removed and final_arm = 'holdout') as holdout,"
        " count(*) filter (where removed) as known,"
        " count(*) filter (where final_arm = 'holdout') as held_out, count(*) as people,"
        " coalesce(avg(base_share) filter (where not removed), 0)::double as base_share,"
        " coalesce(avg(purchase_minor) filter (where not removed), 0)::double as order_minor"
        f" from (select *, coalesce(customer_id in {rules.listed(sorted(removed))}, false) as removed from drawn)"
    )
    return row or {}


def _evidence(proposal: Proposal, *, facts: Mapping[str, Any], removed: frozenset[int], lift: float) -> dict[str, Any]:
    found = dict(proposal.evidence)
    people = facts["treated"] + facts["holdout"]
    funnel = dict(found["funnel"]) | {"people": people, "treated": facts["treated"], "holdout": facts["holdout"]}
    excluded = [row for row in found["excluded"] if row["reason"] != "removed"]
    if removed:
        excluded.append({"reason": "removed", "clause": None, "people": len(removed)})
    others = Proposal.objects.filter(as_of=proposal.as_of, play=proposal.play).exclude(pk=proposal.pk)
    sums = others.exclude(state__in=("draft", "rejected")).aggregate(people=Sum("people"), holdout=Sum("holdout"))
    proof = rules.proof_of(
        people=(sums["people"] or 0) + facts["people"],
        holdout=(sums["holdout"] or 0) + facts["held_out"],
        base_share=(found.get("proof") or {}).get("base_share") or facts["base_share"],
        lift=lift,
    )
    return found | {
        "funnel": [[code, funnel[code]] for code, _ in found["funnel"]],
        "excluded": excluded,
        "base_share": facts["base_share"],
        "order_minor": round(facts["order_minor"]),
        "proof": proof,
        "detectable_share": proof["detectable_share"],
    }


def _violations(play: Play, *, policy: Policy, language: str) -> list[Violation]:
    return [_violation(fault, policy=policy, language=language) for fault in play_rules.faults(play, policy=policy)]


def _violation(fault: play_rules.Fault, *, policy: Policy, language: str) -> Violation:
    what = fault.words(language)
    if not fault.setting:
        return Violation(what=what, clause="", clause_words="", line=0)
    clause = policy.clauses[policy.clause(fault.setting)]
    return Violation(what=what, clause=clause.number, clause_words=clause.words(language), line=clause.line)


def _people_violations(
    edit: Edit, *, drawn: int, facts: Mapping[str, Any], known: int, language: str
) -> list[Violation]:
    short = rules.short_of(language)
    texts = definition("sentences")["edit"]
    found = []
    if drawn and not facts["treated"]:
        found.append(texts["nobody"][short])
    strange = len(edit.remove) and known < len(edit.remove)
    if strange:
        found.append(texts["strangers"][short])
    return [Violation(what=what, clause="", clause_words="", line=0) for what in found]


def _fallbacks(
    lake: Reader, *, proposal: Proposal, plan: Mapping[str, Any], language: str, reader: str
) -> Sequence[str]:
    """How many of the people to be contacted lack a value that their words name."""
    script, short = rules.short_of(language), rules.short_of(reader)
    mass = rules.listed(sorted(MASS_CHANNELS))
    tests: dict[str, list[str]] = {}
    for tone, texts in plan["scripts"].items():
        channel = f"channel in {mass}" if tone == "brief" else f"channel not in {mass}"
        if tone not in ("brief", plan["tone"]) or script not in texts:
            continue
        try:
            names = play_rules.names_in(texts[script])
        except ValueError:
            continue  # told as a violation
        for name in sorted(names & set(play_rules.VARIABLES[script])):
            fact = play_rules.fact_of(name, language=script)
            if fact in play_rules.PERSON_FACTS:
                tests.setdefault(name, []).append(f"({channel} and {fact} is null)")
    if not tests:
        return []
    columns = ", ".join(
        f"count(*) filter (where {' or '.join(parts)}) as n{i}" for i, parts in enumerate(tests.values())
    )
    row = lake.row(f"select {columns} from proposal_people where proposal = $id", id=proposal.pk) or {}
    without = load_variables()[script]
    text = definition("sentences")["edit"]["fallback"][short]
    return [
        text.format(people=f"{row[f'n{i}']:,}", variable=name, words=without[name])
        for i, name in enumerate(tests)
        if row.get(f"n{i}")
    ]

"""What is stored with a proposal: the computed values behind its sentences, and the play as it was proposed."""

from collections.abc import Mapping
from typing import Any

from shuke.plays.rules import with_offer
from shuke.plays.values import Play, Policy
from shuke.proposals.rules.power import detectable_share, weeks_needed
from shuke.proposals.values import PlayFacts


def margin_of(row: Mapping[str, Any], *, policy: Policy) -> tuple[float, str]:
    """The margin share and its basis: from costs where they cover half of the sales, else the policy's assumption."""
    sales, costed = row.get("sales_minor") or 0, row.get("costed_sales_minor") or 0
    if sales > 0 and 2 * costed >= sales and 0 < row["margin_share"] < 1:
        return float(row["margin_share"]), "costs"
    return policy.margin_share, "assumed"


def evidence_of(facts: PlayFacts, *, play: Play, policy: Policy) -> dict[str, Any]:
    """The evidence as it is stored with the proposal."""
    people = facts.treated + facts.holdout
    proof = proof_of(
        people=facts.play_people, holdout=facts.play_holdout, base_share=facts.play_base_share, lift=play.prior.mid
    )
    lost = sum(row["people"] for row in facts.excluded if row["reason"] == "consent_unknown")
    return {
        "funnel": [
            ["segment", facts.segment_people],
            ["allowed", facts.allowed_people],
            ["people", people],
            ["treated", facts.treated],
            ["holdout", facts.holdout],
        ],
        "excluded": facts.excluded,
        "channels": facts.channels,
        "stores": facts.stores,
        "unknown_consent": {
            "people": max(facts.unknown_consent_people, lost),
            "lost": lost,
            "channels": facts.unknown_consent_channels,
        },
        "base_share": facts.base_share,
        "base_later_share": facts.base_later_share,
        "order_minor": round(facts.order_minor),
        "cycle_days": round(facts.cycle_days, 1),
        "days_since": round(facts.days_since, 1),
        "two_gaps_days": round(facts.two_gaps_days, 1),
        "second_from_days": facts.second_from_days,
        "second_until_days": facts.second_until_days,
        "margin_share": facts.margin_share,
        "margin_basis": facts.margin_basis,
        "margin_clause": policy.clause("margin_share"),
        "measure_days": policy.measure_days,
        "prior": {"low": play.prior.low, "mid": play.prior.mid, "high": play.prior.high, "file": play.file},
        "too_few": 0 < facts.play_people < policy.useful_people,
        "quiet_stores": facts.quiet_stores,
        "proof": proof,
        "detectable_share": proof["detectable_share"],
    }


def proof_of(*, people: int, holdout: int, base_share: float, lift: float) -> dict[str, Any]:
    """What the draw of a whole play can show: the smallest difference told, the one expected, and in how many weeks."""
    smallest = detectable_share(treated=people - holdout, holdout=holdout, base_share=base_share)
    expected = base_share * lift
    return {
        "people": people,
        "holdout": holdout,
        "base_share": base_share,
        "detectable_share": smallest,
        "expected_share": expected,
        "weeks": weeks_needed(treated=people - holdout, holdout=holdout, base_share=base_share, lift=lift),
    }


def plan_of(play: Play) -> dict[str, Any]:
    """The play as it is proposed, so that a later edit of its file changes nothing already approved."""
    return {
        "zh": play.zh,
        "en": play.en,
        "goal_zh": play.goal_zh,
        "goal_en": play.goal_en,
        "owner": play.owner,
        "title": dict(play.title),
        "why": dict(play.why),
        "tone": "warm",
        "forms": {tone: dict(texts) for tone, texts in play.scripts.items()},
        "scripts": {
            tone: {
                short: with_offer(text, offer=play.offer.words(short), language=short) for short, text in texts.items()
            }
            for tone, texts in play.scripts.items()
        },
        "offer": {
            "kind": play.offer.kind,
            "zh": play.offer.words("zh"),
            "en": play.offer.words("en"),
            "zh_form": play.offer.zh,
            "en_form": play.offer.en,
            "strength_share": play.offer.strength_share,
            "cost_each": play.offer.cost_each,
            "kinds": list(play.offer.kinds),
        },
        "channels": list(play.channels),
        "weekdays": list(play.best_time.weekdays),
        "best_time": play.best_time.words,
        "prior_source_zh": play.prior.source_zh,
        "prior_source_en": play.prior.source_en,
    }

"""What an edit makes of a plan, and what stands against it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Any

from shuke.kernel.errors import ShukeError
from shuke.plays.rules import with_offer
from shuke.plays.values import PRICE_KINDS, BestTime, Offer, Play, Policy, Prior
from shuke.proposals.values import Edit, Violation


class BadEdit(ShukeError):
    """The edit cannot be: it breaks the policy, or leaves nobody. `violations` say what, with clause and line."""

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        first = violations[0]
        where = f" (clause {first.clause}, line {first.line} of the policy)" if first.clause else ""
        super().__init__(f"{first.what}{where}.", hint=first.clause_words or "Change it and save again.")
        self.violations = violations


def edited_plan(plan: Mapping[str, Any], *, edit: Edit) -> dict[str, Any]:
    """The plan after an edit: its words (with the offer put in anew), offer and hours."""
    short = "zh" if edit.language.startswith("zh") else "en"
    forms = {tone: dict(texts) for tone, texts in (plan.get("forms") or plan["scripts"]).items()}
    for tone, text in (edit.scripts or {}).items():
        forms[tone] = {**forms.get(tone, {}), short: " ".join(text.split())}
    offer = dict(plan["offer"])
    if edit.offer_words is not None:
        offer[f"{short}_form"] = " ".join(edit.offer_words.split())
    if edit.offer_strength_share is not None:
        offer["strength_share"] = edit.offer_strength_share
    given = offer_of(offer)
    offer |= {"zh": given.words("zh"), "en": given.words("en")}
    begin, end = hours_of(plan)
    begin, end = edit.best_from or begin, edit.best_until or end
    return {
        **plan,
        "forms": forms,
        "scripts": {
            tone: {key: with_offer(text, offer=offer[key], language=key) for key, text in texts.items()}
            for tone, texts in forms.items()
        },
        "offer": offer,
        "weekdays": sorted(edit.weekdays) if edit.weekdays is not None else list(plan["weekdays"]),
        "best_time": BestTime((), begin, end).words,
    }


def changed_parts(edit: Edit, *, removed: int, restored: int) -> str:
    """What an edit changes, in codes: for the version's note and for whoever comes too late."""
    parts = {
        "words": edit.scripts is not None,
        "offer": edit.offer_words is not None or edit.offer_strength_share is not None,
        "time": edit.weekdays is not None or edit.best_from is not None or edit.best_until is not None,
        "holdout": edit.holdout_share is not None,
        f"{removed} people removed": removed > 0,
        f"{restored} people restored": restored > 0,
    }
    return ", ".join(name for name, holds in parts.items() if holds)


def hours_of(plan: Mapping[str, Any]) -> tuple[time, time]:
    """From when until when, from the words that a plan keeps."""
    begin, end = str(plan["best_time"]).split("-")
    return time.fromisoformat(begin), time.fromisoformat(end)


def offer_of(offer: Mapping[str, Any]) -> Offer:
    """The offer that a plan keeps; of a bundle only kinds and sums."""
    whole = Offer(
        kind=offer["kind"],
        zh=offer.get("zh_form") or offer["zh"],
        en=offer.get("en_form") or offer["en"],
        strength_share=offer["strength_share"],
        cost_each=offer["cost_each"],
    )
    kinds = offer.get("kinds") or [offer["kind"]]
    return replace(whole, parts=tuple(Offer(kind, "", "") for kind in kinds)) if len(kinds) > 1 else whole


def has_strength(plan: Mapping[str, Any]) -> bool:
    """Whether the strength of the offer can be edited: it is one coupon or one discount."""
    return plan["offer"]["kind"] in PRICE_KINDS


def play_of(plan: Mapping[str, Any], *, code: str, segment: str, prior: Mapping[str, Any]) -> Play:
    """The plan as a play, for the checks that plays go through."""
    begin, end = hours_of(plan)
    return Play(
        code=code,
        **{key: plan[key] for key in ("zh", "en", "goal_zh", "goal_en", "owner")},
        segment=segment,
        priority=0,
        channels=tuple(plan.get("channels") or ()),
        scripts=plan.get("forms") or plan["scripts"],
        offer=offer_of(plan["offer"]),
        best_time=BestTime(tuple(plan["weekdays"]), begin, end),
        prior=Prior(prior["low"], prior["mid"], prior["high"], "", ""),
        title={},
        why={},
    )


def play_of_proposal(proposal: Any) -> Play:
    """The play as a stored proposal keeps it, for one whose file is gone."""
    play = play_of(proposal.plan, code=proposal.play, segment=proposal.segment, prior=proposal.evidence["prior"])
    return replace(play, title=proposal.plan["title"], why=proposal.plan["why"])


def share_violation(edit: Edit, *, policy: Policy, people: int, language: str) -> Violation | None:
    """What is wrong with the holdout share that an edit asks for, or None."""
    share = edit.holdout_share
    if share is None:
        return None
    zh = language.startswith("zh")
    if not 0 < share < 1 or people < 2:
        what = (
            f"一共 {people} 位，对照不能是 {share:.0%}：至少留 1 位，也至少联系 1 位"
            if zh
            else f"of {people} people {share:.0%} cannot be held out: at least one is, and at least one is contacted"
        )
        return Violation(what=what, clause="", clause_words="", line=0)
    for setting, wrong in (
        ("holdout_share", share < policy.holdout_share - 1e-9),
        ("holdout_share_max", share > policy.holdout_share_max + 1e-9),
    ):
        if wrong:
            clause = policy.clauses[policy.clause(setting)]
            what = f"对照改成了 {share:.0%}" if zh else f"the holdout would be {share:.0%}"
            return Violation(what=what, clause=clause.number, clause_words=clause.words(language), line=clause.line)
    return None

"""Gains, choice, the draw, its power, evidence and reviews: value in, value out."""

from shuke.proposals.rules.choice import choose
from shuke.proposals.rules.draw import arms, draw_of, places_by_store, places_of
from shuke.proposals.rules.edit import (
    BadEdit,
    changed_parts,
    edited_plan,
    has_strength,
    hours_of,
    offer_of,
    play_of,
    share_violation,
)
from shuke.proposals.rules.evidence import evidence_of, margin_of, plan_of, proof_of
from shuke.proposals.rules.gain import expected_gain, same_range, total_range
from shuke.proposals.rules.power import detectable_share, holdout_share_for, people_needed, weeks_needed
from shuke.proposals.rules.review import NotNow, Stale, UnknownProposal, is_open, next_state, snapshot

__all__ = [
    "BadEdit",
    "NotNow",
    "Stale",
    "UnknownProposal",
    "arms",
    "changed_parts",
    "choose",
    "detectable_share",
    "draw_of",
    "edited_plan",
    "evidence_of",
    "expected_gain",
    "has_strength",
    "holdout_share_for",
    "hours_of",
    "is_open",
    "margin_of",
    "next_state",
    "offer_of",
    "people_needed",
    "places_by_store",
    "places_of",
    "plan_of",
    "play_of",
    "proof_of",
    "same_range",
    "share_violation",
    "snapshot",
    "total_range",
    "weeks_needed",
]

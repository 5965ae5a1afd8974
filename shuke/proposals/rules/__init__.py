"""Gains, choice, the draw, its power, evidence and reviews: value in, value out."""

from shuke.proposals.rules.choice import capacity_of, choose
from shuke.proposals.rules.draw import arms, draw_of, places_by_store, places_of
from shuke.proposals.rules.edit import (
    BadEdit,
    changed_parts,
    edited_plan,
    has_strength,
    hours_of,
    offer_of,
    play_of,
    play_of_proposal,
    share_violation,
)
from shuke.proposals.rules.evidence import evidence_of, margin_of, plan_of, proof_of
from shuke.proposals.rules.final import arms_sql, final_sql, listed
from shuke.proposals.rules.gain import expected_gain, gain_of, same_range, total_range
from shuke.proposals.rules.power import detectable_share, holdout_share_for, people_needed, weeks_needed
from shuke.proposals.rules.review import NotNow, Stale, UnknownProposal, is_open, next_state, snapshot
from shuke.proposals.rules.words import power_words, reasons_in_words, short_of

__all__ = [
    "BadEdit",
    "NotNow",
    "Stale",
    "UnknownProposal",
    "arms",
    "arms_sql",
    "capacity_of",
    "changed_parts",
    "choose",
    "detectable_share",
    "draw_of",
    "edited_plan",
    "evidence_of",
    "expected_gain",
    "final_sql",
    "gain_of",
    "has_strength",
    "holdout_share_for",
    "hours_of",
    "is_open",
    "listed",
    "margin_of",
    "next_state",
    "offer_of",
    "people_needed",
    "places_by_store",
    "places_of",
    "plan_of",
    "play_of",
    "play_of_proposal",
    "power_words",
    "proof_of",
    "reasons_in_words",
    "same_range",
    "share_violation",
    "short_of",
    "snapshot",
    "total_range",
    "weeks_needed",
]

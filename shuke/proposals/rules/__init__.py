"""Gains, the draw, evidence and reviews: value in, value out."""

from shuke.proposals.rules.evidence import evidence_of, margin_of, plan_of
from shuke.proposals.rules.gain import arms, detectable_share, draw_of, expected_gain, total_range
from shuke.proposals.rules.review import NotNow, Stale, next_state, snapshot

__all__ = [
    "NotNow",
    "Stale",
    "arms",
    "detectable_share",
    "draw_of",
    "evidence_of",
    "expected_gain",
    "margin_of",
    "next_state",
    "plan_of",
    "snapshot",
    "total_range",
]

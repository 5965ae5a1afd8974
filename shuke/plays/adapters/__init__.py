"""Reading policy and play files."""

from shuke.plays.adapters.plays import BadPlay, is_code, load_play, load_variables, own_plays, parse_play, shipped_plays
from shuke.plays.adapters.policy import DEFINITIONS, BadPolicy, load_policy, parse_policy, policy_text

__all__ = [
    "DEFINITIONS",
    "BadPlay",
    "BadPolicy",
    "is_code",
    "load_play",
    "load_policy",
    "load_variables",
    "own_plays",
    "parse_play",
    "parse_policy",
    "policy_text",
    "shipped_plays",
]

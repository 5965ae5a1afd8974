"""Reading policy and play files."""

from shuke.plays.adapters.policy import DEFINITIONS, BadPlay, BadPolicy, load_play, load_policy, load_variables

__all__ = ["DEFINITIONS", "BadPlay", "BadPolicy", "load_play", "load_policy", "load_variables"]

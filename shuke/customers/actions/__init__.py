"""Writes of the room: resolving who is who, what people decide about it, and booking what a resolution gave out."""

from shuke.customers.actions.deciding import decide_merge, decide_pair, decide_split, record_label, sides_of_split
from shuke.customers.actions.pins import Contradiction, NoSuchDecision, take_back
from shuke.customers.actions.resolution import IdsTaken, commit_resolution, resolve
from shuke.customers.actions.revealing import Revealed, reveal
from shuke.customers.values import Resolution

__all__ = [
    "Contradiction",
    "IdsTaken",
    "NoSuchDecision",
    "Resolution",
    "Revealed",
    "commit_resolution",
    "decide_merge",
    "decide_pair",
    "decide_split",
    "record_label",
    "resolve",
    "reveal",
    "sides_of_split",
    "take_back",
]

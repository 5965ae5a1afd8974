"""Writes of the room: resolving who is who, and booking what a resolution gave out."""

from shuke.customers.actions.resolution import IdsTaken, commit_resolution, resolve
from shuke.customers.actions.revealing import Revealed, reveal
from shuke.customers.values import Resolution

__all__ = ["IdsTaken", "Resolution", "Revealed", "commit_resolution", "resolve", "reveal"]

"""Writes: the tables of a run, and the shop's own segments."""

from shuke.segments.actions.building import TABLES, build, recount
from shuke.segments.actions.own import NameTaken, Stale, UnknownSegment, remove_own, save_own

__all__ = ["TABLES", "NameTaken", "Stale", "UnknownSegment", "build", "recount", "remove_own", "save_own"]

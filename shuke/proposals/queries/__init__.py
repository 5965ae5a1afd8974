"""This week's proposals, one in full, who is in them, and what an edit would change."""

from shuke.proposals.queries.coverage import coverage
from shuke.proposals.queries.edits import preview_edit
from shuke.proposals.queries.kept import kept
from shuke.proposals.queries.one import detail, examples_with
from shuke.proposals.queries.people import people, staff_by_store, treated
from shuke.proposals.queries.week import open_ids, this_week

__all__ = [
    "coverage",
    "detail",
    "examples_with",
    "kept",
    "open_ids",
    "people",
    "preview_edit",
    "staff_by_store",
    "this_week",
    "treated",
]

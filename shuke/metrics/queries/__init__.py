"""Reads of the metrics: definitions, series, breakdowns, the rows behind a number, cards, the meeting pack."""

from shuke.metrics.queries.campaigns import campaigns
from shuke.metrics.queries.cards import cards, home_cards
from shuke.metrics.queries.cohorts import cohorts, sources
from shuke.metrics.queries.definitions import (
    UnknownMetric,
    definition,
    definitions,
    is_simple,
    member_label,
    note_label,
)
from shuke.metrics.queries.pack import meeting_pack
from shuke.metrics.queries.points import UnknownDimension, breakdown, latest_period, periods, point, series
from shuke.metrics.queries.rows import rows
from shuke.metrics.queries.why import why

__all__ = [
    "UnknownDimension",
    "UnknownMetric",
    "breakdown",
    "campaigns",
    "cards",
    "cohorts",
    "definition",
    "definitions",
    "home_cards",
    "is_simple",
    "latest_period",
    "meeting_pack",
    "member_label",
    "note_label",
    "periods",
    "point",
    "rows",
    "series",
    "sources",
    "why",
]

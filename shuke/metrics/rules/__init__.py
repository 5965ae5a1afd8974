"""Decisions of the metrics: periods, sums, cells, values."""

from shuke.metrics.rules.cells import Block, Place, Sparse, World, block_of, dense, table_of, tallies_needed
from shuke.metrics.rules.change import Effects, Trade, basket_effects, effects
from shuke.metrics.rules.documents import definition_document, point_document, rows_document, series_document
from shuke.metrics.rules.mix import Move, Sold, moves
from shuke.metrics.rules.numbers import VALUE_SQL, added, note_of, point_of, value_of
from shuke.metrics.rules.periods import before, last_finished, lunar_week, next_start, period_of, periods, start_of
from shuke.metrics.rules.tallies import Tally, band_of, batches, is_band, resolved, statement

__all__ = [
    "VALUE_SQL",
    "Block",
    "Effects",
    "Move",
    "Place",
    "Sold",
    "Sparse",
    "Tally",
    "Trade",
    "World",
    "added",
    "band_of",
    "basket_effects",
    "batches",
    "before",
    "block_of",
    "definition_document",
    "dense",
    "effects",
    "is_band",
    "last_finished",
    "lunar_week",
    "moves",
    "next_start",
    "note_of",
    "period_of",
    "periods",
    "point_document",
    "point_of",
    "resolved",
    "rows_document",
    "series_document",
    "start_of",
    "statement",
    "table_of",
    "tallies_needed",
    "value_of",
]

"""Reads of stages, layers, segments and their people."""

from shuke.segments.queries.builder import fields, own_segment, preview, rule_sentence, why
from shuke.segments.queries.lists import member_count, members, segment_detail, segment_list
from shuke.segments.queries.movement import lapsing_trend, layer_counts, movement
from shuke.segments.queries.stages import people, segment_counts, segments_of, stage_counts, stage_of

__all__ = [
    "fields",
    "lapsing_trend",
    "layer_counts",
    "member_count",
    "members",
    "movement",
    "own_segment",
    "people",
    "preview",
    "rule_sentence",
    "segment_counts",
    "segment_detail",
    "segment_list",
    "segments_of",
    "stage_counts",
    "stage_of",
    "why",
]

"""Reads of stages, layers, segments and their people."""

from shuke.segments.queries.builder import NotYet, UnknownSegment, fields, own_segment, preview, rule_sentence, why
from shuke.segments.queries.lists import member_count, members, segment_detail, segment_list, segments_of
from shuke.segments.queries.movement import lapsing_trend, layer_counts, movement
from shuke.segments.queries.overlaps import overlaps
from shuke.segments.queries.stages import layer_of, people, stage_counts, stage_of

__all__ = [
    "NotYet",
    "UnknownSegment",
    "fields",
    "lapsing_trend",
    "layer_counts",
    "layer_of",
    "member_count",
    "members",
    "movement",
    "overlaps",
    "own_segment",
    "people",
    "preview",
    "rule_sentence",
    "segment_detail",
    "segment_list",
    "segments_of",
    "stage_counts",
    "stage_of",
    "why",
]

"""Stages, layers and the rule language, in Python."""

from shuke.segments.rules.judging import Facts, holds, measured
from shuke.segments.rules.language import parse
from shuke.segments.rules.membership import Segment, members_sql, read_segment
from shuke.segments.rules.movement import Purchases, Yardstick, counted, month_ends, purchases_of, stages_on
from shuke.segments.rules.stages import reason_fields, reason_sentence, stage_of
from shuke.segments.rules.statements import ROLLUPS, condition_sql
from shuke.segments.rules.tree import OPERATORS, BadRule, Bought, Condition, Group, Node, OtherField, fields_of, leaves
from shuke.segments.rules.words import OPERATOR_WORDS, amount_words, sentence, shown_value, since_words

__all__ = [
    "OPERATORS",
    "OPERATOR_WORDS",
    "ROLLUPS",
    "BadRule",
    "Bought",
    "Condition",
    "Facts",
    "Group",
    "Node",
    "OtherField",
    "Purchases",
    "Segment",
    "Yardstick",
    "amount_words",
    "condition_sql",
    "counted",
    "fields_of",
    "holds",
    "leaves",
    "measured",
    "members_sql",
    "month_ends",
    "parse",
    "purchases_of",
    "read_segment",
    "reason_fields",
    "reason_sentence",
    "sentence",
    "shown_value",
    "since_words",
    "stage_of",
    "stages_on",
]

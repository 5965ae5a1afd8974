"""Codes, placing of tasks, and cells of sheets: value in, value out."""

from shuke.touches.rules.cells import NoHeader, file_names, outcome_of, result_rows, safe_text
from shuke.touches.rules.codes import ALPHABET, check_character, cleaned, code_for, is_valid
from shuke.touches.rules.doubles import doubles
from shuke.touches.rules.placing import OWNER_CHANNEL, days_of_week, may_roll, place
from shuke.touches.rules.scope import may_work

__all__ = [
    "ALPHABET",
    "OWNER_CHANNEL",
    "NoHeader",
    "check_character",
    "cleaned",
    "code_for",
    "days_of_week",
    "doubles",
    "file_names",
    "is_valid",
    "may_roll",
    "may_work",
    "outcome_of",
    "place",
    "result_rows",
    "safe_text",
]

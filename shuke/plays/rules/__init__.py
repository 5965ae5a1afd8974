"""Checks of plays against the policy, the words for one person, and the order of the library."""

from shuke.plays.rules.checks import (
    Fault,
    PlayAgainstPolicy,
    banned_in,
    check_play,
    faults,
    script_faults,
)
from shuke.plays.rules.library import in_order, working
from shuke.plays.rules.titles import masked_title, surname_of, title_of
from shuke.plays.rules.words import (
    PERSON_FACTS,
    SENTENCE_FACTS,
    VARIABLES,
    fact_of,
    first_product,
    names_in,
    render,
    script_values,
    short_of,
    tone_for,
    with_offer,
)

__all__ = [
    "PERSON_FACTS",
    "SENTENCE_FACTS",
    "VARIABLES",
    "Fault",
    "PlayAgainstPolicy",
    "banned_in",
    "check_play",
    "fact_of",
    "faults",
    "first_product",
    "in_order",
    "masked_title",
    "names_in",
    "render",
    "script_faults",
    "script_values",
    "short_of",
    "surname_of",
    "title_of",
    "tone_for",
    "with_offer",
    "working",
]

"""The second stage: people whom no key ties, by name, birthday, place and gender (Fellegi and Sunter 1969)."""

from shuke.customers.rules.weak.birthdays import birthday_level, years
from shuke.customers.rules.weak.fitting import Fitted, fit
from shuke.customers.rules.weak.letters import letters, may_be_near
from shuke.customers.rules.weak.levels import FIELDS, Compared, place_level
from shuke.customers.rules.weak.linking import link, within_reach
from shuke.customers.rules.weak.scoring import log_odds
from shuke.customers.rules.weak.searching import (
    Block,
    Records,
    carried,
    mixed,
    numbers_of,
    pairs_in_blocks,
    worth_comparing,
)

__all__ = [
    "FIELDS",
    "Block",
    "Compared",
    "Fitted",
    "Records",
    "birthday_level",
    "carried",
    "fit",
    "letters",
    "link",
    "log_odds",
    "may_be_near",
    "mixed",
    "numbers_of",
    "pairs_in_blocks",
    "place_level",
    "within_reach",
    "worth_comparing",
    "years",
]

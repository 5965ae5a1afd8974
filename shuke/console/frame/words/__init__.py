"""Words for the codes that rooms hand over: the tables speak codes, the reader's language is chosen here."""

from shuke.console.frame.words.files import FILE_TROUBLES, ROW_PROBLEMS, ROW_REASONS, SOURCES, STEPS
from shuke.console.frame.words.happenings import (
    CHANNELS,
    COUPON_STATES,
    EVENT_KINDS,
    INTERACTIONS,
    ORDER_STATES,
    PROPOSAL_STATES,
)
from shuke.console.frame.words.identity import (
    ANSWERS,
    CONTRADICTIONS,
    DECISIONS,
    HOUSEHOLD_REASONS,
    ID_EVENTS,
    JOINT_KEPT,
    PAIR_DOUBTS,
    PAIR_FIELDS,
    PAIR_KINDS,
    SAYS,
    STRATA,
    WEIGHTS,
)
from shuke.console.frame.words.lookup import Words, word
from shuke.console.frame.words.loyalty import (
    ADJUSTMENT_STATES,
    COUPON_KINDS,
    COUPON_REFUSALS,
    DELIVERY_STATES,
    FACT_KINDS,
    GROWTH_KINDS,
    HELD_COUPON_STATES,
    LOT_KINDS,
    SCENES,
    SPANS,
    TIER_REASONS,
    TXN_KINDS,
    USE_STATES,
)
from shuke.console.frame.words.people import (
    AXES,
    BANDS,
    BLOCKS,
    CONSENT_STATES,
    FIELDS,
    KEYS,
    LAYERS,
    PURPOSES,
    REASONS,
    SEXES,
    STAGES,
)
from shuke.console.frame.words.staff import OBJECTS, ROLE_NOTES, ROLES, SCOPES, VERBS

__all__ = [
    "ADJUSTMENT_STATES",
    "ANSWERS",
    "AXES",
    "BANDS",
    "BLOCKS",
    "CHANNELS",
    "CONSENT_STATES",
    "CONTRADICTIONS",
    "COUPON_KINDS",
    "COUPON_REFUSALS",
    "COUPON_STATES",
    "DECISIONS",
    "DELIVERY_STATES",
    "EVENT_KINDS",
    "FACT_KINDS",
    "FIELDS",
    "FILE_TROUBLES",
    "GROWTH_KINDS",
    "HELD_COUPON_STATES",
    "HOUSEHOLD_REASONS",
    "ID_EVENTS",
    "INTERACTIONS",
    "JOINT_KEPT",
    "KEYS",
    "LAYERS",
    "LOT_KINDS",
    "OBJECTS",
    "ORDER_STATES",
    "PAIR_DOUBTS",
    "PAIR_FIELDS",
    "PAIR_KINDS",
    "PROPOSAL_STATES",
    "PURPOSES",
    "REASONS",
    "ROLES",
    "ROLE_NOTES",
    "ROW_PROBLEMS",
    "ROW_REASONS",
    "SAYS",
    "SCENES",
    "SCOPES",
    "SEXES",
    "SOURCES",
    "SPANS",
    "STAGES",
    "STEPS",
    "STRATA",
    "TIER_REASONS",
    "TXN_KINDS",
    "USE_STATES",
    "VERBS",
    "WEIGHTS",
    "Words",
    "key_word",
    "source_word",
    "word",
]


def source_word(code: str | None) -> str:
    """The name of a source; a suffix after `_` (as in `tmall_lines`) is the platform's."""
    if not code or code in SOURCES:
        return word(SOURCES, code)
    return word(SOURCES, code.split("_")[0])


def key_word(kind: str) -> str:
    """The name of an identifier; buyer accounts carry their platform (`shop_user:tmall:`)."""
    return word(KEYS, kind.split(":")[0])

"""Words, figures and sentences of the check-up, and its one page."""

from shuke.checkup.rules.comparing import base_of, before_imports, kind_of, mending, ranked
from shuke.checkup.rules.figures import say_count, say_day, say_money, say_share
from shuke.checkup.rules.page import one_page
from shuke.checkup.rules.sentences import (
    change_sentences,
    comparison_sentences,
    headline,
    said,
    sentence,
    share_of,
    tell,
)
from shuke.checkup.rules.sheet_style import STYLE
from shuke.checkup.rules.words import Texts, definitions, detail_words, source_name, text, tongue

__all__ = [
    "STYLE",
    "Texts",
    "base_of",
    "before_imports",
    "change_sentences",
    "comparison_sentences",
    "definitions",
    "detail_words",
    "headline",
    "kind_of",
    "mending",
    "one_page",
    "ranked",
    "said",
    "say_count",
    "say_day",
    "say_money",
    "say_share",
    "sentence",
    "share_of",
    "source_name",
    "tell",
    "text",
    "tongue",
]

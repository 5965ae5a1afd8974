"""Words, figures and sentences of the check-up, and its one page."""

from shuke.checkup.rules.figures import say_count, say_day, say_money, say_share
from shuke.checkup.rules.page import one_page
from shuke.checkup.rules.sentences import headline, said, sentence, tell
from shuke.checkup.rules.words import Texts, definitions, detail_words, source_name, text, tongue

__all__ = [
    "Texts",
    "definitions",
    "detail_words",
    "headline",
    "one_page",
    "said",
    "say_count",
    "say_day",
    "say_money",
    "say_share",
    "sentence",
    "source_name",
    "tell",
    "text",
    "tongue",
]

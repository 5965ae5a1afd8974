"""What is wrong with a file, in the reader's language: messages of the rooms are English sentences of known shapes."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuke.console.frame.formats import is_chinese
from shuke.kernel.errors import ShukeError

_PLACED = re.compile(r"^(?P<file>\S+) line (?P<line>\d+): (?P<rest>.+?)\.?$", re.DOTALL)
_MEANT = re.compile(r"Did you mean '(?P<near>[^']+)'")
_QUOTED = re.compile(r"「[^」]+」")
# Shape of a message and the sentence that says it; the first that fits is taken.
_SHAPES = (
    (r"nobody knows the (?:setting|key) '(?P<key>[^']+)'", gettext_lazy("there is nothing called “%(key)s”")),
    (
        r"'(?P<key>[^']+)' is already set in clause (?P<clause>\S+)",
        gettext_lazy("“%(key)s” stands in clause %(clause)s already"),
    ),
    (r"there is a clause (?P<clause>\S+) already", gettext_lazy("clause %(clause)s stands there twice")),
    (r"clause (?P<clause>\S+) has no content", gettext_lazy("clause %(clause)s has no content")),
    (
        r"clause (?P<clause>\S+) lacks or names (?P<key>.+)",
        gettext_lazy("clause %(clause)s: %(key)s is missing or unknown"),
    ),
    (
        r"'(?P<key>[^']+)' is true or false, not (?P<value>.+)",
        gettext_lazy("“%(key)s” is true or false, not %(value)s"),
    ),
    (r"'(?P<key>[^']+)' cannot be switched off", gettext_lazy("“%(key)s” cannot be switched off: the law requires it")),
    (r"'(?P<key>[^']+)' is a list in square brackets", gettext_lazy("“%(key)s” is a list in square brackets")),
    (r"there is no (?:channel|owner|offer) '(?P<key>[^']+)'", gettext_lazy("there is nothing called “%(key)s”")),
    (
        r"'(?P<key>[^']+)' is a (?:whole )?number from (?P<low>\S+) to (?P<high>\S+), not (?P<value>.+)",
        gettext_lazy("“%(key)s” is a number from %(low)s to %(high)s, not %(value)s"),
    ),
    (r"'(?P<key>[^']+)' is a number, not (?P<value>.+)", gettext_lazy("“%(key)s” is a number, not %(value)s")),
    (r".*a time (?:such as|is written as) .*", gettext_lazy('a time is written like "20:30", in quotes')),
    (
        r"'(?P<key>[^']+)' \((?P<value>[^)]+)\) is below '(?P<low>[^']+)'.*",
        gettext_lazy("“%(key)s” is below “%(low)s”"),
    ),
    (r"'(?P<key>[^']+)' has nothing below it", gettext_lazy("“%(key)s” has no content")),
    (r"a name with \* is not read here.*", gettext_lazy("names with * are not read; write their content out")),
    (r"a sign stands here that no text may hold", gettext_lazy("an invisible sign stands here; type the line anew")),
    (r"a number or a day cannot be read", gettext_lazy("a number or a day cannot be read")),
    (r"the brackets are nested too deep", gettext_lazy("brackets are nested too deep")),
    (
        r"clause (?P<clause>\S+) has a curly brace without its partner",
        gettext_lazy("clause %(clause)s: between { and } stands the name of one setting and nothing else"),
    ),
)
_LACKS = re.compile(r"^(?P<file>\S+) lacks '(?P<key>[^']+)'")
_PLAY = re.compile(r"^Play (?P<play>\S+)(?: \((?P<file>\S+) line (?P<line>\d+)\))?: ")
_BREAKS = re.compile(r"^(?P<where>.+?) breaks clause (?P<clause>[\d.]+).*?: (?P<rest>.+?)\.?$", re.DOTALL)


def said(error: ShukeError, *, language: str) -> tuple[str, str]:
    """The cause and the next step. English readers get the room's own words."""
    if not is_chinese(language):
        return str(error), error.hint
    text = str(error)
    placed, lacks, breaks = _PLACED.match(text), _LACKS.match(text), _BREAKS.match(text)
    meant = _MEANT.search(error.hint)
    hint = _("Did you mean “%(near)s”?") % {"near": meant["near"]} if meant else ""
    if breaks:
        return _against(breaks, hint=error.hint)
    if placed:
        return _("%(file)s, line %(line)s: %(what)s.") % {
            "file": placed["file"],
            "line": placed["line"],
            "what": _what(placed["rest"]),
        }, hint
    if lacks:
        return _("%(file)s lacks “%(key)s”.") % lacks.groupdict(), hint
    play = _PLAY.match(text)
    if play and error.hint:
        # The hint of such a message is its Chinese half.
        where = _("%(file)s, line %(line)s") % play.groupdict() if play["file"] else play["play"]
        return _("%(where)s: %(what)s") % {"where": where, "what": error.hint}, ""
    # Where only the other language has words, they are better than none.
    return text, error.hint


def _what(rest: str) -> str:
    for shape, sentence in _SHAPES:
        found = re.fullmatch(shape, rest, re.DOTALL)
        if found:
            return str(sentence) % found.groupdict()
    return _("the line cannot be read; look at its indentation and quotes (%(detail)s)") % {"detail": rest}


def _against(found: re.Match[str], *, hint: str) -> tuple[str, str]:
    """A play against a clause: the clause's own words, and the words that break it."""
    quoted, clause = _QUOTED.search(found["rest"]), _QUOTED.search(hint)
    told = _("%(where)s goes against clause %(clause)s %(words)s") % {
        "where": found["where"].removeprefix("Play "),
        "clause": found["clause"],
        "words": clause[0] if clause else "",
    }
    return told, _("It says %(words)s.") % {"words": quoted[0]} if quoted else ""

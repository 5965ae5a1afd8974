"""JSON of any size, read a piece at a time: the records of arrays and pages, and objects on lines of their own."""

import json
from collections.abc import Iterator
from typing import Any, TextIO

from shuke.intake.rules.nested import holds_records, is_paging
from shuke.kernel.errors import ShukeError

_BLOCK = 1 << 20
LONGEST = 1 << 24  # characters of one record
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str)
_BLANK = " \t\r\n\ufeff"
_AFTER = frozenset(" \t\r\n,:]}")


class BadDocument(ShukeError):
    """Text that is no JSON, or a single value of it that is too long to be one record."""


def parsed(text: str) -> Any:
    """The value of a text, its numbers as the text that stands there; raises ValueError."""
    return json.loads(text.lstrip("\ufeff"), parse_float=str, parse_int=str)


def lines(text: TextIO) -> Iterator[Any]:
    """The value of each line that is not blank; a line that is no JSON comes as its text."""
    while line := text.readline(LONGEST):
        if line.strip():
            try:
                yield parsed(line.strip())
            except ValueError:
                yield line.strip()


def elements(text: TextIO) -> Iterator[Any]:
    """The elements of the array that a text is, or the records of the page that it is (`{"orders": [...]}`)."""
    window = _Window(text)
    if window.mark() == "[":
        yield from _array(window)
    else:
        yield from _page(window)
    if window.mark():
        raise BadDocument("something stands after the end of the JSON")


def _array(window: "_Window") -> Iterator[Any]:
    window.take("[")
    if window.mark() == "]":
        window.take("]")
        return
    while True:
        yield window.value()
        if window.mark() == "]":
            window.take("]")
            return
        window.take(",")


def _page(window: "_Window") -> Iterator[Any]:
    """The records of an object that holds one list of them beside words of paging, also inside `data`."""
    window.take("{")
    while window.mark() != "}":
        name = str(window.value())
        window.take(":")
        if window.mark() == "[" and holds_records(name):
            yield from _array(window)
        elif window.mark() == "{" and name == "data":
            yield from _page(window)
        elif is_paging(name):
            window.value()
        else:
            raise BadDocument(f"'{name}' stands where a list of records is expected")
        if window.mark() != "}":
            window.take(",")
    window.take("}")


class _Window:
    """The part of a text that is being read."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._held = ""
        self._place = 0
        self._ended = False

    def mark(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            while self._place < len(self._held) and self._held[self._place] in _BLANK:
                self._place += 1
            if self._place < len(self._held) or not self._more():
                return self._held[self._place : self._place + 1]

    def take(self, mark: str) -> None:
        """Passes the one character that must stand here."""
        found = self.mark()
        if found != mark:
            raise BadDocument(f"'{mark}' is missing" + (f" before '{found}'" if found else " at its end"))
        self._place += 1

    def value(self) -> Any:
        """The value that begins here, with as much text as it needs."""
        self.mark()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._held, self._place)
            except json.JSONDecodeError as error:
                if not self._more():
                    raise BadDocument(error.msg) from error
            else:
                # A number may go on behind the window: what follows a value tells that it is whole.
                if self._held[end : end + 1] in _AFTER or not self._more():
                    self._place = end
                    return found

    def _more(self) -> bool:
        """Reads on, twice as much each time that a value does not end; False at the end of the text."""
        self._held, self._place = self._held[self._place :], 0
        if len(self._held) > LONGEST:
            raise BadDocument(f"one value is longer than {LONGEST:,} characters")
        read = "" if self._ended else self._text.read(max(_BLOCK, len(self._held)))
        self._ended = not read
        self._held += read
        return bool(read)

"""JSON: one object a line, one array of objects, or pages of them; never all in memory. Numbers keep every digit."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shuke.intake.adapters import documents
from shuke.intake.adapters.text import SPARE, NotText, Recogniser, encodings, rows_relation, write_rows
from shuke.intake.rules.nested import flat_rows, names_of, unwrapped
from shuke.intake.values import Channel, Header, Kept, Opened, Part, Quirks, Recognised, Unknown

_PREVIEW = 60
# One object of more bytes than this is read as a page, record by record.
_WHOLE = 1 << 24
_BLANK = b"\xef\xbb\xbf \t\r\n"


def open_json(kept: Kept, *, scratch: Path, recognise: Recogniser) -> Opened:
    """The one part of a JSON file. A line that is no object becomes a row of one cell, which is quarantined."""
    encoding = (encodings(kept.head) or ["utf-8"])[0]
    names: dict[str, None] = {}
    first: list[dict[str, Any]] = []
    for record in _records(kept, encoding):
        if isinstance(record, dict):
            names.update(dict.fromkeys(names_of(record)))
            first = [*first, record] if len(first) < _PREVIEW else first
    if not names:
        raise NotText(
            f"{kept.name} holds no JSON objects.", hint="Give one JSON object a line, or an array of objects."
        )
    header = tuple(names)
    known = recognise([header])
    if known is None:
        rows = tuple(tuple(row.get(name, "") for name in header) for record in first for row in flat_rows(record))
        return Opened((), (Unknown("", (header, *rows)),))
    texts = _rows(kept, encoding, header=header, channel=known[1])
    path = write_rows(texts, scratch / f"{kept.sha256[:16]}.rows", width=len(header))
    part = Part("", Header(header, header, 0), rows_relation(path, len(header)), len(header), Quirks(), "json", SPARE)
    return Opened((Recognised(part, known[1]),))


def _rows(kept: Kept, encoding: str, *, header: tuple[str, ...], channel: Channel) -> Iterator[list[str]]:
    for record in _records(kept, encoding):
        if isinstance(record, dict):
            for row in flat_rows(record, rows=channel.rows, lists=channel.lists):
                yield [row.get(name, "") for name in header]
        else:
            text = record if isinstance(record, str) else json.dumps(record, ensure_ascii=False)
            yield [text, *([] if len(header) > 1 else ["", ""])]


def _records(kept: Kept, encoding: str) -> Iterator[Any]:
    """Objects of the file; a line that is no JSON comes as its text."""
    try:
        with kept.path.open(encoding=encoding, errors="replace") as text:
            if kept.head.lstrip(_BLANK).startswith(b"["):
                found = documents.elements(text)
            elif _begins_with_a_line(kept, encoding):
                found = documents.lines(text)
            elif kept.size <= _WHOLE:
                found = iter([documents.parsed(text.read())])
            else:
                found = documents.elements(text)
            for document in found:
                yield from unwrapped(document)
    except (documents.BadDocument, ValueError) as error:
        raise NotText(f"{kept.name} is broken JSON: {error}.", hint="Export it again; it may be cut off.") from error


def _begins_with_a_line(kept: Kept, encoding: str) -> bool:
    """Whether objects stand on lines of their own: the first or second line is one, or there is one line in all."""
    with kept.path.open(encoding=encoding, errors="replace") as text:
        filled = (line for line in iter(lambda: text.readline(documents.LONGEST), "") if line.strip())
        first, second = next(filled, ""), next(filled, "")
    if not second:
        return len(first) < documents.LONGEST
    return _is_object(first) or _is_object(second)


def _is_object(line: str) -> bool:
    try:
        return isinstance(documents.parsed(line.strip()), dict)
    except ValueError:
        return False

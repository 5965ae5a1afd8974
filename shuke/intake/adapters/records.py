"""JSON: one object a line, one array of objects, or pages of them. Numbers keep every digit that the file wrote."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shuke.intake.adapters.text import SPARE, NotText, Recogniser, encodings, rows_relation, write_rows
from shuke.intake.rules.nested import flat_rows, names_of, unwrapped
from shuke.intake.values import Channel, Header, Kept, Opened, Part, Quirks, Recognised, Unknown

_PREVIEW = 60


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
    with kept.path.open(encoding=encoding, errors="replace") as text:
        whole = (
            text.read() if kept.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") else _one_object(kept, encoding)
        )
        if whole:
            yield from unwrapped(_parsed_whole(kept, whole))
            return
        for line in text:
            if line.strip():
                yield from unwrapped(_parsed(line.strip()))


def _one_object(kept: Kept, encoding: str) -> str:
    """The text of a file that is one object over several lines; empty where lines are objects of their own."""
    with kept.path.open(encoding=encoding, errors="replace") as text:
        filled = (line for line in text if line.strip())
        first, second = next(filled, ""), next(filled, "")
        alone = any(isinstance(_parsed(line.strip()), dict) for line in (first, second))
        return "" if alone or not second else first + second + text.read()


def _parsed_whole(kept: Kept, text: str) -> Any:
    try:
        return json.loads(text.lstrip("\ufeff"), parse_float=str, parse_int=str)
    except json.JSONDecodeError as error:
        raise NotText(f"{kept.name} is broken JSON: {error}.", hint="Export it again; it may be cut off.") from error


def _parsed(line: str) -> Any:
    try:
        return json.loads(line.lstrip("\ufeff"), parse_float=str, parse_int=str)
    except json.JSONDecodeError:
        return line

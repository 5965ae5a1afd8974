"""JSON: one object a line, or one array of objects. Numbers keep every digit that the file wrote."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shuke.intake.adapters.text import SPARE, NotText, Recogniser, encodings, rows_relation, write_rows
from shuke.intake.values import Header, Kept, Opened, Part, Quirks, Recognised, Unknown

_PREVIEW = 60


def open_json(kept: Kept, *, scratch: Path, recognise: Recogniser) -> Opened:
    """The one part of a JSON file. A line that is no object becomes a row of one cell, which is quarantined."""
    encoding = (encodings(kept.head) or ["utf-8"])[0]
    names: dict[str, None] = {}
    first: list[dict[str, str]] = []
    for record in _records(kept, encoding):
        if isinstance(record, dict):
            names.update(dict.fromkeys(record))
            first = [*first, record] if len(first) < _PREVIEW else first
    if not names:
        raise NotText(
            f"{kept.name} holds no JSON objects.", hint="Give one JSON object a line, or an array of objects."
        )
    header = tuple(names)
    known = recognise([header])
    if known is None:
        rows = tuple(tuple(record.get(name, "") for name in header) for record in first)
        return Opened((), (Unknown("", (header, *rows)),))
    path = write_rows(_rows(kept, encoding, header=header), scratch / f"{kept.sha256[:16]}.rows", width=len(header))
    part = Part("", Header(header, header, 0), rows_relation(path, len(header)), len(header), Quirks(), "json", SPARE)
    return Opened((Recognised(part, known[1]),))


def _rows(kept: Kept, encoding: str, *, header: tuple[str, ...]) -> Iterator[list[str]]:
    for record in _records(kept, encoding):
        if isinstance(record, dict):
            yield [record.get(name, "") for name in header]
        else:
            yield [record, *([] if len(header) > 1 else ["", ""])]


def _records(kept: Kept, encoding: str) -> Iterator[dict[str, str] | str]:
    with kept.path.open(encoding=encoding, errors="replace") as text:
        if kept.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
            yield from (_flat(item) for item in _array(kept, text.read()))
            return
        for line in text:
            if line.strip():
                yield _parsed(line.strip())


def _array(kept: Kept, text: str) -> list[Any]:
    try:
        found = json.loads(text.lstrip("\ufeff"), parse_float=str, parse_int=str)
    except json.JSONDecodeError as error:
        raise NotText(f"{kept.name} is broken JSON: {error}.", hint="Export it again; it may be cut off.") from error
    return found if isinstance(found, list) else [found]


def _parsed(line: str) -> dict[str, str] | str:
    try:
        return _flat(json.loads(line.lstrip("\ufeff"), parse_float=str, parse_int=str))
    except json.JSONDecodeError:
        return line


def _flat(item: Any) -> dict[str, str] | str:
    return (
        {str(key): _cell(value) for key, value in item.items()}
        if isinstance(item, dict)
        else json.dumps(item, ensure_ascii=False)
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)

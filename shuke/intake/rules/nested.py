"""Nested JSON as rows of text: the records of a page, their dotted names, and one row for each element of a list.

`{"number": "7", "billing": {"phone": "1"}, "line_items": [{"sku": "A"}, {"sku": "B"}]}` has the columns `number`,
`billing.phone` and `line_items.sku`; with `line_items` as its rows it makes two, on both of which the order's own
values stand. Numbers must come as the text that the file wrote (`parse_float=str`), so that no digit is lost.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

# Lists in which systems hand out a page of records.
_PAGES = (
    "orders",
    "customers",
    "contacts",
    "external_contact_list",
    "members",
    "records",
    "results",
    "items",
    "list",
    "data",
)
# What may stand beside such a list; an object with anything else is a record of its own.
_PAGING = frozenset({
    "cursor", "next", "next_key", "next_page", "previous", "links", "meta", "total", "total_count", "count", "page",
    "per_page", "page_size", "page_no", "limit", "offset", "next_cursor", "has_more", "has_next", "errors", "error",
    "errcode", "errmsg", "code", "msg", "message", "status", "success", "request_id", "trace_id", "timestamp",
    "version",
})  # fmt: skip
# Kept as one text: their names differ from record to record.
_WHOLE = frozenset({"meta_data", "_links"})
_DEEPEST = 6


def unwrapped(document: Any) -> list[Any]:
    """The records of a document: the elements of an array, of a page like `{"orders": [...]}`, or the record itself.

    A page is an object with one list of objects under a usual name and nothing else but words of paging.
    """
    if isinstance(document, list):
        return [record for item in document for record in unwrapped(item)]
    if isinstance(document, dict):
        named = [name for name in _PAGES if isinstance(document.get(name), list | dict)]
        if len(named) == 1 and document.keys() - _PAGING <= set(named):
            inner = document[named[0]]
            if isinstance(inner, dict):
                return unwrapped(inner) if named[0] == "data" else [document]
            return list(inner) if all(isinstance(item, dict) for item in inner) else [document]
    return [document]


def holds_records(name: str) -> bool:
    """Whether a page may hold its records under `name`."""
    return name in _PAGES


def is_paging(name: str) -> bool:
    """Whether `name` stands beside the records of a page and says nothing of them."""
    return name in _PAGING


def names_of(record: dict[str, Any]) -> list[str]:
    """The dotted names of a record's values, those inside lists of objects included, in the order of the file."""
    return list(dict.fromkeys(name for name, _ in _leaves(record, "")))


def flat_rows(
    record: dict[str, Any], *, rows: str = "", lists: Mapping[str, str] | None = None
) -> list[dict[str, str]]:
    """The rows of a record as texts by dotted name: one for each element of the list `rows`, or a single one.

    Several values of one name come from other lists: `lists` says how they become one (sum, first; else all, by `;`).
    """
    how = lists or {}
    elements = record.get(rows) if rows else None
    shared = _row({key: value for key, value in record.items() if not rows or key != rows}, how=how)
    if not isinstance(elements, list) or not elements:
        return [shared]
    return [{**shared, **_row({rows: element}, how=how)} for element in elements]


def _row(record: dict[str, Any], *, how: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for name, text in _leaves(record, ""):
        found.setdefault(name, []).append(text)
    return {name: _together(texts, how.get(name, "")) for name, texts in found.items()}


def _together(texts: list[str], how: str) -> str:
    told = [text for text in texts if text]
    if how == "first" or len(told) < 2:
        return told[0] if told else ""
    try:
        return str(sum((Decimal(text) for text in told), Decimal(0))) if how == "sum" else ";".join(dict.fromkeys(told))
    except InvalidOperation:
        return ";".join(told)  # no number: the typing tells it as a bad amount


def _leaves(value: Any, name: str, *, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Names and texts of all values under `name`; what nests too deep stays JSON text."""
    if name in _WHOLE:
        yield name, _text(value)
    elif isinstance(value, dict) and value and depth < _DEEPEST:
        for key, inner in value.items():
            yield from _leaves(inner, f"{name}.{key}" if name else str(key), depth=depth + 1)
    elif isinstance(value, list) and value and depth < _DEEPEST:
        for item in value:
            yield from _leaves(item, name, depth=depth + 1)
    else:
        yield name, _text(value)


def _text(value: Any) -> str:
    if value is None or value in ([], {}):
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)

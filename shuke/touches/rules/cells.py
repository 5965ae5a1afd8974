"""Cells of sheets, out and in."""

from collections.abc import Mapping, Sequence

from shuke.kernel.errors import ShukeError
from shuke.touches.values import Outcome, ResultRow

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_HEADERS = {
    "task_code": ("task_code", "任务码", "任务编号", "任务代码", "code"),
    "outcome": ("outcome", "结果", "跟进结果", "反馈"),
    "note": ("note", "备注", "说明"),
}
_HEADER_ROWS = 10


class NoHeader(ShukeError):
    """The file has no row that names the task codes and outcomes."""


def safe_text(text: str) -> str:
    """A text that a spreadsheet will not take for a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def result_rows(table: Sequence[Sequence[str]]) -> list[ResultRow]:
    """The rows of a filled sheet, wherever its header stands in the first ten rows and in whatever order of columns.

    Rows are counted from 1 as spreadsheets do. Rows without code and outcome are none. Raises `NoHeader`.
    """
    header, places = _header(table)

    def cell(row: Sequence[str], name: str) -> str:
        place = places.get(name)
        return row[place].strip().lstrip("'") if place is not None and place < len(row) else ""

    found = []
    for number, row in enumerate(table[header + 1 :], start=header + 2):
        code, outcome = cell(row, "task_code"), cell(row, "outcome")
        if (code or outcome) and code.strip().lower() not in _HEADERS["task_code"]:
            found.append(ResultRow(row=number, code=code, outcome=outcome, note=cell(row, "note")))
    return found


def _header(table: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    for number, row in enumerate(table[:_HEADER_ROWS]):
        names = [text.strip().lstrip("\ufeff'").lower() for text in row]
        places = {
            key: next(place for place, name in enumerate(names) if name in known)
            for key, known in _HEADERS.items()
            if any(name in known for name in names)
        }
        if "task_code" in places and "outcome" in places:
            return number, places
    raise NoHeader(
        "No row of the first ten has both 'task_code' and 'outcome'.", hint="Keep the header row of the task sheet."
    )


def outcome_of(text: str, *, outcomes: Mapping[str, Outcome]) -> Outcome | None:
    """The outcome that a cell means: its word in either language, its code, or a word that people type for it."""
    typed = "".join(text.split()).strip("。.!！").lower()
    for outcome in outcomes.values():
        known = {outcome.code, outcome.zh, "".join(outcome.en.split()).lower(), *outcome.also}
        if typed in known:
            return outcome
    return None


def file_name(store: str, *, associate: str) -> str:
    """A file name for one store and associate, safe on every system: 滨江店_周敏."""
    joined = f"{store}_{associate}" if associate else store
    cleaned = "".join("_" if c in '\\/:*?"<>|\0' or ord(c) < 32 else c for c in joined).strip(" .")
    return cleaned[:80] or "_"

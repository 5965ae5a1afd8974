"""Cells of sheets, out and in."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from shuke.kernel.errors import ShukeError
from shuke.kernel.ids import stable_hash
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


def file_names(owners: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """A file name for each store and associate, safe on every system and different for each: 滨江店_周敏.

    A name that had to be changed, or could be read as another's, carries six characters of its own at the end.
    """
    listed = sorted(set(owners))
    plain = {owner: _plain(*owner) for owner in listed}
    met = Counter(unicodedata.normalize("NFC", name).casefold() for name, _ in plain.values())
    found = {}
    for owner, (name, is_whole) in plain.items():
        is_alone = met[unicodedata.normalize("NFC", name).casefold()] == 1
        own = f"{stable_hash('|'.join(owner)):x}"[-6:]
        found[owner] = name if is_whole and is_alone else f"{name}_{own}"
    return found


def _plain(store: str, associate: str) -> tuple[str, bool]:
    """The name without what no system takes, and whether it still says exactly who it is."""
    joined = f"{store}_{associate}" if associate else store
    cleaned = "".join("_" if c in '\\/:*?"<>|\0' or ord(c) < 32 else c for c in joined).strip(" .")[:80] or "_"
    return cleaned, cleaned == joined and "_" not in store + associate

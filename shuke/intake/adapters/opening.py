"""Which reader a file needs, told by its first bytes and never by its name alone."""

from pathlib import Path

import duckdb

from shuke.intake.adapters.records import open_json
from shuke.intake.adapters.sheets import BrokenWorkbook, open_workbook
from shuke.intake.adapters.tables import BrokenTable, open_parquet
from shuke.intake.adapters.text import NotText, Recogniser, open_text
from shuke.intake.values import Kept, Opened

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK"
_BIG = 64 * 1024 * 1024
_BIG_BOOK = 8 * 1024 * 1024  # a workbook is packed, and in memory while it is read
_PARQUET = b"PAR1"
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head", b"<style")
_BINARY = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x1f\x8b": "a gzip file",
    b"SQLite": "a database",
}


def is_archive(path: Path, *, name: str) -> bool:
    """A zip that is not a workbook. A file that cannot be opened is none: reading it will say why."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return False
    return head.startswith(_ZIP) and not _is_workbook(head, name)


def _is_workbook(head: bytes, name: str) -> bool:
    """XLSX, XLSM and ODS are zips too; their first members tell them, or the name where the file is cut off."""
    marks = (b"[Content_Types].xml", b"xl/", b"_rels/", b"docProps/", b"mimetypeapplication/vnd.oasis")
    return any(mark in head for mark in marks) or name.lower().endswith((".xlsx", ".xlsm", ".ods"))


def is_big(kept: Kept) -> bool:
    """Whether a file keeps all cores busy by itself, so that two at once would only take twice the memory."""
    return kept.size > (_BIG_BOOK if kept.head.startswith((_ZIP, _OLE)) else _BIG)


def open_file(kept: Kept, *, scratch: Path, recognise: Recogniser, cursor: duckdb.DuckDBPyConnection) -> Opened:
    """The parts of any file but an archive. Raises the reader's typed error for what cannot be read."""
    head = kept.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if kept.head.startswith(_OLE) or kept.head.startswith(_ZIP):
        return open_workbook(kept, scratch=scratch, recognise=recognise)
    if kept.head.startswith(_PARQUET):
        return open_parquet(kept, recognise=recognise, cursor=cursor)
    if kept.name.lower().endswith(".parquet"):
        raise BrokenTable(f"{kept.name} is not a Parquet file.", hint="Write or download it again, then import it.")
    if head[:400].lower().startswith(_MARKUP):
        raise BrokenWorkbook(
            f"{kept.name} is a web page, not a workbook, whatever its name says.",
            hint="Open it in Excel or WPS, save it as .xlsx, and import that file.",
        )
    for mark, what in _BINARY.items():
        if kept.head.startswith(mark):
            raise NotText(f"{kept.name} is {what}.", hint="Give CSV, XLSX, XLS, Parquet, JSON lines or a zip of these.")
    if kept.name.lower().endswith((".xlsx", ".xls")) and b"\0" in kept.head[:512]:
        raise BrokenWorkbook(f"{kept.name} is damaged: it is no workbook.", hint="Export it again, then import it.")
    if head.startswith((b"{", b"[{", b"[\n", b"[ ", b"[]")):
        return open_json(kept, scratch=scratch, recognise=recognise)
    return open_text(kept, scratch=scratch, recognise=recognise)

"""Fixtures of intake's tests: files written as systems write them, and what became of their rows."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from shuke.intake.values import FileReport, ImportReport
from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.procedures.import_files import import_files


class Shop:
    """A workspace with short ways to import and to look."""

    def __init__(self, workspace: Workspace, inbox: Path) -> None:
        self.workspace = workspace
        self.inbox = inbox

    def write(self, name: str, content: str | bytes, *, encoding: str = "utf-8") -> Path:
        path = self.inbox / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def take(self, *paths: Path, mapping: str | None = None) -> ImportReport:
        return import_files(SYSTEM, workspace=self.workspace, paths=paths, mapping=mapping)

    def bring(self, name: str, content: str | bytes, *, encoding: str = "utf-8") -> FileReport:
        """Writes and imports one file that must be accepted."""
        (report,) = self.take(self.write(name, content, encoding=encoding)).files
        assert report.error == "", report.error
        assert report.rows_read == report.staged + report.duplicate + report.quarantined
        return report

    def refuse(self, name: str, content: str | bytes) -> FileReport:
        """Writes and imports one file that must be refused, leaving nothing."""
        before = self.files()
        (report,) = self.take(self.write(name, content)).files
        assert report.error
        assert report.hint
        assert (report.staged, report.rows_read) == (0, 0)
        assert self.files() == before
        return report

    def rows(self, sql: str) -> list[dict[str, Any]]:
        with open_reader(SYSTEM, self.workspace) as lake:
            return lake.rows(sql)

    def row(self, sql: str) -> dict[str, Any]:
        (found,) = self.rows(sql)
        return found

    def value(self, sql: str) -> Any:
        return next(iter(self.row(sql).values()))

    def files(self) -> set[str]:
        """Every file of raw, lake and quarantine."""
        folders = (self.workspace.raw, self.workspace.lake, self.workspace.quarantine)
        return {
            str(path.relative_to(self.workspace.root))
            for folder in folders
            for path in folder.rglob("*")
            if path.is_file()
        }


@pytest.fixture
def shop(workspace: Workspace, tmp_path: Path) -> Shop:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    return Shop(workspace, inbox)


Lines = Callable[..., str]


def csv_text(header: str, rows: Sequence[str]) -> str:
    """A CSV from its header line and row lines."""
    return "\n".join([header, *rows]) + "\n"

"""The command's verbs for notebooks and scripts: the same documents, and tables as Arrow."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from shuke.checkup import queries as checkup
from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.procedures.import_files import import_files
from shuke.procedures.notebook_loyalty import Loyalty
from shuke.procedures.refresh import check
from shuke.procedures.week import week


def _silent(step: str) -> None:
    del step


class Shop:
    """One workspace. Each verb gives the JSON document of the command of the same name; `loyalty` are its points."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.progress: Callable[[str], None] = _silent
        self.loyalty = Loyalty(workspace)

    def import_files(self, *paths: str) -> dict[str, Any]:
        """Reads files as `shuke import` does."""
        found = [Path(path) for path in paths]
        return import_files(SYSTEM, workspace=self.workspace, paths=found, progress=self.progress).as_document()

    def checkup(self, *, as_of: date | None = None) -> dict[str, Any]:
        """The check-up's findings, ranked by money."""
        day = check(SYSTEM, workspace=self.workspace, as_of=as_of, progress=self.progress)
        with open_reader(SYSTEM, self.workspace) as lake:
            report = checkup.report(SYSTEM, lake=lake, as_of=day, language=self.workspace.language)
        return report.as_document()

    def week(self, *, as_of: date | None = None) -> dict[str, Any]:
        """This week's proposals."""
        return week(SYSTEM, workspace=self.workspace, as_of=as_of, progress=self.progress).as_document()

    def table(self, sql: str, **parameters: object) -> Any:
        """The result of a statement over the lake's tables as a `pyarrow.Table`; nothing is masked here."""
        with open_reader(SYSTEM, self.workspace) as lake:
            return lake.arrow(sql, **parameters)

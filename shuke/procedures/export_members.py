"""The people of one segment as a CSV file: the same people, in the same order, as on the segment's page."""

import csv
from pathlib import Path

from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.segments.queries import member_count, members

_COLUMNS = (
    "customer_id", "segment", "as_of", "since", "reason", "why", "name", "phone", "store", "associate", "value_minor",
)  # fmt: skip
_BATCH = 20_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_members(
    actor: Actor, *, lake: Reader, segment: str, language: str, path: Path, store: str | None = None
) -> int:
    """Writes the members that the actor may see, of one store where it is given; returns their number. Journaled.

    CSV in UTF-8 with BOM; names and phones as the reader masks them; money in minor units; a text that a
    spreadsheet could read as a formula gets a leading apostrophe.
    """
    require(actor, Permission.EXPORT_TASKS)
    total = member_count(actor, lake=lake, segment=segment, store=store)
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(_COLUMNS)
        for skip in range(0, total, _BATCH):
            found = members(actor, lake=lake, segment=segment, language=language, limit=_BATCH, skip=skip, store=store)
            for row in found:
                values = {**row, "segment": segment, "since": row["since_on"]}
                rows.writerow([_cell(values.get(name)) for name in _COLUMNS])
    with transaction.atomic():
        note(actor, "exported", object_type="segment", object_id=segment, rows=total, store=store or "", format="csv")
    return total


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not isinstance(value, int) else text

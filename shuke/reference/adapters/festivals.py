"""Days that move sales: definitions/calendar.yaml and the shop's own calendar.yaml, as civil days."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace
from shuke.reference.adapters.lunar import LAST_DAY, LunarDay, solar_day
from shuke.reference.values import Festival

_SHIPPED = Path(__file__).parent.parent / "definitions" / "calendar.yaml"


class BadCalendar(ShukeError):
    """The shop's calendar.yaml cannot be used."""


def festivals(workspace: Workspace, *, first: date, last: date) -> tuple[Festival, ...]:
    """All festivals and sales days from `first` to `last`, both in, by day. Raises `BadCalendar`.

    Those that ship are China's: a shop that sells in another currency has only its own.
    """
    own = workspace.root / "calendar.yaml"
    found: list[Festival] = []
    for path in (*([_SHIPPED] if workspace.currency == "CNY" else []), *([own] if own.is_file() else [])):
        for entry in _entries(path, stamp=path.stat().st_mtime_ns):
            found += _of(entry, path=path, first=first, last=min(last, LAST_DAY))
    return tuple(sorted((one for one in found if first <= one.on <= last), key=lambda one: (one.on, one.en)))


@lru_cache(maxsize=8)
def _entries(path: Path, *, stamp: int) -> tuple[Mapping[str, Any], ...]:
    """The file's entries; `stamp` (when it was written) makes a changed file be read again."""
    del stamp
    try:
        read = yaml.safe_load(path.read_text("utf-8")) or []
    except (yaml.YAMLError, ValueError) as error:
        raise BadCalendar(f"{path.name} cannot be read: {error}", hint="Mend that line.") from error
    if not isinstance(read, list) or not all(isinstance(entry, dict) for entry in read):
        raise BadCalendar(
            f"{path.name} is a list of days.", hint="For example - {day: 2026-05-20, zh: 周年庆, en: Fair}"
        )
    return tuple(read)


def _of(entry: Mapping[str, Any], *, path: Path, first: date, last: date) -> list[Festival]:
    zh, en = str(entry.get("zh", "")), str(entry.get("en", ""))
    named = zh or en
    try:
        if "day" in entry:
            days = [date.fromisoformat(str(entry["day"]))]
        else:
            month, day = (int(part) for part in str(entry["lunar" if "lunar" in entry else "solar"]).split("-"))
            # A lunar year begins up to two months after the civil one.
            years = range(first.year - 1, last.year + 1)
            days = [
                solar_day(LunarDay(year, month, day)) if "lunar" in entry else date(year, month, day) for year in years
            ]
    except (KeyError, ValueError, ShukeError) as error:
        hint = "Each needs one of day: 2026-05-20, solar: 5-20, lunar: 8-15, and a name in zh or en."
        raise BadCalendar(f"{path.name}: the day of {named or entry} cannot be read.", hint=hint) from error
    if not named:
        raise BadCalendar(f"{path.name}: the day {days[0]} has no name.", hint="Write zh: and en: beside it.")
    return [Festival(on=on, zh=zh or en, en=en or zh) for on in days]

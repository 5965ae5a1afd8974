"""Reads of intake: the mappings in force, and the batches imported so far."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from shuke.access.rules import Permission, require
from shuke.intake.models import Batch
from shuke.intake.rules.targets import REQUIRED, TARGETS
from shuke.intake.values import Channel, Choice, Kind, Rule
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace

_DEFINITIONS = Path(__file__).parent / "definitions"
_OWN = 1000


class BadMapping(ShukeError):
    """A mapping file cannot be used."""


@dataclass(frozen=True)
class BatchRow:
    """One imported export, for pages and reports."""

    batch_id: int
    file: str
    part: str
    mapping: str
    source: str
    kind: str
    encoding: str
    rows_read: int
    staged: int
    duplicate: int
    quarantined: int
    reasons: dict[str, int]
    fields: dict[str, str]
    warnings: list[str]
    quarantine_file: str
    first_on: date | None
    last_on: date | None
    imported_at: datetime
    user: str


def batches(actor: Actor, *, limit: int | None = None) -> list[BatchRow]:
    """Imported exports, the newest first. The actor needs no scope: a batch holds counts and names of fields only."""
    del actor
    found = Batch.objects.order_by("-pk")[:limit] if limit else Batch.objects.order_by("-pk")
    return [
        BatchRow(
            batch.pk,
            batch.file,
            batch.part,
            batch.mapping,
            batch.source,
            batch.kind,
            batch.encoding,
            batch.rows_read,
            batch.staged,
            batch.duplicate,
            batch.quarantined,
            batch.reasons,
            batch.fields,
            batch.warnings,
            batch.quarantine_file,
            batch.first_on,
            batch.last_on,
            batch.imported_at,
            batch.user,
        )
        for batch in found
    ]


def proposed_mappings(actor: Actor, *, workspace: Workspace) -> dict[str, str]:
    """Mappings proposed for unknown files and not yet accepted: code -> the text to review."""
    require(actor, Permission.IMPORT_FILES)
    found = sorted(workspace.mappings.glob("*.yaml.proposed")) if workspace.mappings.is_dir() else []
    return {path.name.removesuffix(".yaml.proposed"): path.read_text("utf-8") for path in found}


def channels(workspace: Workspace) -> list[Channel]:
    """All mappings: the workspace's own first (they win), then those that ship with Shuke."""
    own = sorted(workspace.mappings.glob("*.yaml")) if workspace.mappings.is_dir() else []
    found = [_read(path, changed=path.stat().st_mtime_ns, priority=_OWN) for path in own]
    taken = {channel.code for channel in found}
    shipped = (_read(path, changed=0, priority=0) for path in sorted(_DEFINITIONS.glob("*.yaml")))
    return [*found, *(channel for channel in shipped if channel.code not in taken)]


@lru_cache(maxsize=256)
def _read(path: Path, *, changed: int, priority: int) -> Channel:
    """A mapping file; `changed` is part of the memory's key, so that an edited file is read again."""
    del changed
    try:
        text = yaml.safe_load(path.read_text("utf-8"))
        return parse_channel(text, priority=priority)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadMapping(
            f"Mapping {path.name} is not valid YAML: {error}", hint="Mend that line and try again."
        ) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadMapping(
            f"Mapping {path.name} is incomplete: {error}.", hint="Compare it with the mappings in docs."
        ) from error


def parse_channel(text: dict[str, Any], *, priority: int = 0) -> Channel:
    """A mapping from its YAML document. Raises ValueError for a target that its kind does not have."""
    kind = Kind(text["kind"])
    columns = {target: _rule(value) for target, value in text["columns"].items()}
    strange = set(columns) - set(TARGETS[kind])
    if strange:
        raise ValueError(f"unknown target {', '.join(sorted(strange))} (known: {', '.join(TARGETS[kind])})")
    return Channel(
        code=text["code"],
        source=text.get("source", text["code"]),
        version=int(text.get("version", 1)),
        kind=kind,
        signature=tuple((group,) if isinstance(group, str) else tuple(group) for group in text["signature"]),
        columns=columns,
        zh=text.get("zh", ""),
        en=text.get("en", ""),
        share=float(text.get("share", 0)),
        priority=priority + int(text.get("priority", 50)),
        grain=text.get("grain", "line"),
        grain_choice=_choice(text.get("grain_by"), "fee"),
        negative=_choice(text.get("negative"), ""),
        refunded=_choice(text.get("refunded"), ""),
        values={target: {str(k): str(v) for k, v in words.items()} for target, words in text.get("values", {}).items()},
        constants={key: str(value) for key, value in text.get("constants", {}).items()},
        required=tuple(text.get("required", REQUIRED[kind])),
        numbers_lines=bool(text.get("numbers_lines", False)),
        dated_by_number=bool(text.get("dated_by_number", False)),
        currency=text.get("currency", ""),
        timezone=text.get("timezone", ""),
        country=text.get("country", "CN"),
        virtual_phones=bool(text.get("virtual_phones", False)),
        date_order=text.get("date_order", ""),
        split_by=text.get("split_by", ""),
        minor_units=bool(text.get("minor_units", False)),
        rows=text.get("rows", ""),
        lists={str(name): str(how) for name, how in text.get("lists", {}).items()},
        utc=bool(text.get("utc", False)),
        blanks={target: tuple(str(word) for word in words) for target, words in text.get("blanks", {}).items()},
        prefixes={target: str(prefix) for target, prefix in text.get("prefixes", {}).items()},
    )


def _rule(value: Any) -> Rule:
    if isinstance(value, str):
        return Rule((value,))
    if isinstance(value, list):
        return Rule(tuple(str(name) for name in value))
    (how, names), *more = value.items()
    if more or how not in ("first", "sum", "join", "words"):
        raise ValueError(f"{value} is none of a name, a list of names, sum: [...], join: [...] or words: [...]")
    return Rule(tuple(str(name) for name in names), how)


def _choice(value: Any, otherwise: str) -> Choice | None:
    if not value:
        return None
    return Choice(
        value["column"], {str(k): str(v) for k, v in value["words"].items()}, value.get("otherwise", otherwise)
    )

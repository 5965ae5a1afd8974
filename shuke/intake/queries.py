"""Reads of intake: the mappings in force, and the batches imported so far."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from shuke.access.rules import Permission, require
from shuke.intake.adapters.mappings import BadMapping, read_channel, read_document
from shuke.intake.models import Batch
from shuke.intake.values import Channel
from shuke.kernel.actor import Actor
from shuke.kernel.workspace import Workspace

_DEFINITIONS = Path(__file__).parent / "definitions"
_OWN = 1000
# How numbers are dialled where a mapping leaves it to the shop.
_COUNTRIES = {
    "CNY": "CN", "USD": "US", "GBP": "GB", "EUR": "DE", "JPY": "JP", "HKD": "HK", "TWD": "TW", "SGD": "SG",
    "AUD": "AU", "CAD": "CA", "KRW": "KR", "MYR": "MY", "THB": "TH", "CHF": "CH", "SEK": "SE", "NZD": "NZ",
}  # fmt: skip
__all__ = ["BadMapping", "BatchRow", "batches", "channels", "checked_mapping", "proposed_mappings"]


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
    """All mappings: the workspace's own first (they win), then those that ship with Shuke.

    Raises `BadMapping` with file and line for an own file that cannot be used.
    """
    own = sorted(workspace.mappings.glob("*.yaml")) if workspace.mappings.is_dir() else []
    found = [_own(path, changed=path.stat().st_mtime_ns) for path in own]
    codes = [channel.code for channel in found]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice:
        raise BadMapping(f"Two files of mappings/ read '{twice}'.", hint="Keep one, or give one of them another code.")
    shipped = [channel for code, channel in _shipped().items() if code not in codes]
    country = _COUNTRIES.get(workspace.currency, "CN")
    return [replace(one, country=country) if one.country == "shop" else one for one in (*found, *shipped)]


def checked_mapping(text: str, *, name: str) -> Channel:
    """The mapping that a file of the shop with this text would be. Raises `BadMapping` with the line."""
    return read_channel(text, name=name, shipped=_documents(), priority=_OWN)


@lru_cache(maxsize=256)
def _own(path: Path, *, changed: int) -> Channel:
    """An own mapping file; `changed` is part of the memory's key, so that an edited file is read again."""
    del changed
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadMapping(f"mappings/{path.name} is not UTF-8.", hint="Save it as UTF-8 and try again.") from error
    return checked_mapping(text, name=path.name)


@lru_cache(maxsize=1)
def _documents() -> Mapping[str, Mapping[str, Any]]:
    read = (read_document(path.read_text("utf-8"), name=path.name) for path in sorted(_DEFINITIONS.glob("*.yaml")))
    return {str(document["code"]): document for document in read}


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, Channel]:
    paths = sorted(_DEFINITIONS.glob("*.yaml"))
    read = [read_channel(path.read_text("utf-8"), name=path.name, shipped={}, own=False) for path in paths]
    return {channel.code: channel for channel in read}

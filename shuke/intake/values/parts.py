"""What a file holds: headers, parts and what the bytes are like."""

from dataclasses import dataclass
from pathlib import Path

from shuke.intake.values.mapping import Channel


@dataclass(frozen=True)
class Header:
    """The header found: names as written, the same under their group title, and where the data begin.

    `depth` counts the rows (records) up to and with the header, `lines` the physical lines of text.
    """

    names: tuple[str, ...]
    paths: tuple[str, ...]
    depth: int
    lines: int = 0


@dataclass(frozen=True)
class Quirks:
    """What the bytes of a file contain, so that cells are cleaned only of what occurs."""

    blanks: bool = True  # tabs, ideographic or no-break spaces, zero-width marks
    edges: bool = True  # spaces beside a delimiter, a quote or a line end
    guards: bool = True  # ="123"
    apostrophes: bool = True
    damaged: bool = False  # bytes that no encoding explains


@dataclass(frozen=True)
class TextSource:
    """A delimited text file as UTF-8, from which a part can be read once more, slowly and forgivingly."""

    path: Path
    delimiter: str


@dataclass(frozen=True)
class Part:
    """One export inside a file, ready for the engine: `relation` gives text columns c0, c1, ... in file order.

    `width` is the number of header columns; the relation has `spare` columns more, null where a row is not longer.
    A null inside the width means that the row was too short. `text` is there while a second reading is possible.
    """

    name: str
    header: Header
    relation: str
    width: int
    quirks: Quirks
    encoding: str = ""
    spare: int = 4
    text: TextSource | None = None


@dataclass(frozen=True)
class Recognised:
    """A part with the mapping that reads it."""

    part: Part
    channel: Channel


@dataclass(frozen=True)
class Unknown:
    """A table whose header no mapping knows: its name inside the file and its first rows."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Opened:
    """What a file holds: parts that mappings know, and tables that none knows."""

    recognised: tuple[Recognised, ...]
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True)
class Kept:
    """A file copied beside the lake under the hash of its bytes: `name` as the user knows it."""

    name: str
    path: Path
    sha256: str
    size: int
    quirks: Quirks
    head: bytes

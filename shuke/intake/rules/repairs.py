"""Quarantine files that come back: told by four columns beside the export's own."""

from shuke.intake.values import Header, Part

# Beside the export's own columns: batch, row, reason and detail of each rejected row.
EXTRA = ("_batch", "_row", "_reason", "_detail")


def is_repair(header: Header) -> bool:
    """Whether a header is that of a quarantine file."""
    return set(EXTRA) <= set(header.names)


def place(part: Part, name: str) -> str:
    """The relation's column of one of `EXTRA`."""
    return f"c{part.header.names.index(name)}"


def own_places(header: Header) -> list[int]:
    """Columns that are the export's own."""
    return [number for number, name in enumerate(header.names) if name not in EXTRA]


def untouched(part: Part) -> str:
    """SQL: true for a row of wrong width that nobody mended; the file pads it, so its cells are compared by hash."""
    if not is_repair(part.header):
        return "false"
    return f"({place(part, '_reason')} = 'wrong_width' and ends_with({place(part, '_detail')}, {cells_hash(part)}))"


def cells_hash(part: Part) -> str:
    """SQL: the mark of a row's own cells, as the detail of a row of wrong width ends with it."""
    own = ", chr(31), ".join(f"c{number}" for number in own_places(part.header))
    return f"concat('#', stable_hash(concat({own})))"

"""Raw files are copied under the hash of their bytes; what is imported is the copy."""

import hashlib
from collections.abc import Container
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

from shuke.intake.values import Kept, Quirks
from shuke.kernel.errors import ShukeError

_BLOCK = 1 << 20  # a block and its copies stay in the cache; not less than the head
_HEAD = 1 << 20
# Blanks of several bytes, by the byte they begin with: ideographic, no-break, zero-width, byte order mark.
_BLANKS = {
    b"\xe3": b"\xe3\x80\x80",
    b"\xc2": b"\xc2\xa0",
    b"\xe2": b"\xe2\x80",
    b"\xef": b"\xef\xbb\xbf",
}
_EDGES = np.isin(np.arange(256), list(b',;|\t\r\n"'))
_INCOMING = ".incoming-"


class FileMissing(ShukeError):
    """A file that was named cannot be opened."""


class FileEmpty(ShukeError):
    """A file has no bytes."""


def keep(path: Path, *, raw: Path, name: str, place: int) -> Kept:
    """Copies a file into the raw folder under a passing name, hashing it on the way.

    `place` is the file's place in the import; two files of the same bytes share one copy in the end.

    The bytes are looked through for blanks and guards that cells must be cleaned of; a mark cut by two blocks
    is found because blocks overlap by a few bytes.
    """
    raw.mkdir(parents=True, exist_ok=True)
    digest, size, head, tail, quirks = hashlib.sha256(), 0, b"", b"", Quirks(False, False, False, False)
    target = raw / f"{_INCOMING}{place}"
    try:
        with path.open("rb") as source, target.open("wb") as copy, ThreadPoolExecutor(1) as beside:
            while block := source.read(_BLOCK):
                hashed = beside.submit(digest.update, block)
                copy.write(block)
                head = head or block[:_HEAD]
                size += len(block)
                quirks = _quirks(tail + block, quirks)
                tail = block[-4:]
                hashed.result()
            quirks = replace(quirks, edges=quirks.edges or tail.endswith(b" "))
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        hint = "Check the path and that you may read it."
        raise FileMissing(f"{name} cannot be opened: {error.strerror}.", hint=hint) from error
    if not size:
        target.unlink()
        raise FileEmpty(f"{name} is empty.", hint="Export it again; the file on disk has no bytes.")
    sha256 = digest.hexdigest()
    return Kept(name, target.replace(raw / f"{_INCOMING}{sha256}"), sha256, size, quirks, head)


def _quirks(block: bytes, known: Quirks) -> Quirks:
    """What a block adds to what is known of the file; a byte that is rare decides before marks are searched.

    A space at the very end is judged with the next block, which begins with the last bytes of this one.
    """
    tabs = b"\t" in block or b"\v" in block or b"\f" in block
    return Quirks(
        blanks=known.blanks or tabs or any(first in block and mark in block for first, mark in _BLANKS.items()),
        edges=known.edges or _spaced(np.frombuffer(block, np.uint8)),
        guards=known.guards or (b'"' in block and b'="' in block),
        apostrophes=known.apostrophes or b"'" in block or (b"\xe2" in block and b"\xe2\x80\x99" in block),
    )


def _spaced(block: "np.ndarray[tuple[int], np.dtype[np.uint8]]") -> bool:
    """Whether a space stands beside a delimiter, a quote or a line end."""
    spaces = np.flatnonzero(block == 0x20)
    beside = (np.maximum(spaces - 1, 0), np.minimum(spaces + 1, block.size - 1))
    return any(bool(_EDGES[block[places]].any()) for places in beside)


def settle(raw: Path, *, known: Container[str]) -> None:
    """Gives the copies of imported files (`known` hashes) their names for good, and removes all other new copies.

    Called when an import has been published or given up, and by the next one for what a crash left between the two.
    """
    for path in raw.glob(f"{_INCOMING}*"):
        sha256 = path.name.removeprefix(_INCOMING)
        if sha256 in known:
            path.replace(raw / sha256)
        else:
            path.unlink(missing_ok=True)

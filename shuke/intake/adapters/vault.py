"""Raw files are copied under the hash of their bytes; what is imported is the copy."""

import hashlib
from pathlib import Path

from shuke.intake.values import Kept, Quirks
from shuke.kernel.errors import ShukeError

_BLOCK = 1 << 22
_HEAD = 1 << 20
_BLANKS = (b"\t", b"\xe3\x80\x80", b"\xc2\xa0", b"\xe2\x80\x8b", b"\xe2\x81\xa0", b"\xef\xbb\xbf", b"\xa1\xa1", b"\v", b"\f")
_INCOMING = ".incoming-"


class FileMissing(ShukeError):
    """A file that was named cannot be opened."""


class FileEmpty(ShukeError):
    """A file has no bytes."""


def keep(path: Path, *, raw: Path, name: str) -> Kept:
    """Copies a file into the raw folder under a passing name, hashing it on the way.

    The bytes are looked through for blanks and guards that cells must be cleaned of; a mark cut by two blocks
    is found because blocks overlap by a few bytes.
    """
    raw.mkdir(parents=True, exist_ok=True)
    digest, size, head, tail = hashlib.sha256(), 0, b"", b""
    blanks = guards = apostrophes = False
    target = raw / f"{_INCOMING}{hashlib.md5(str(path).encode(), usedforsecurity=False).hexdigest()}"
    try:
        with path.open("rb") as source, target.open("wb") as copy:
            while block := source.read(_BLOCK):
                digest.update(block)
                copy.write(block)
                head = head or block[:_HEAD]
                size += len(block)
                seen = tail + block
                blanks = blanks or any(mark in seen for mark in _BLANKS)
                guards = guards or b'="' in seen or b'="'.replace(b"", b"\0")[1:-1] in seen
                apostrophes = apostrophes or b"'" in seen or b"\xe2\x80\x99" in seen or b"\xa1\xaf" in seen
                tail = block[-4:]
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise FileMissing(f"{name} cannot be opened: {error.strerror}.", hint="Check the path and that you may read it.") from error
    if not size:
        target.unlink()
        raise FileEmpty(f"{name} is empty.", hint="Export it again; the file on disk has no bytes.")
    return Kept(name, target, digest.hexdigest(), size, Quirks(blanks, guards, apostrophes), head)


def settle(kept: Kept, *, raw: Path) -> Path:
    """Gives a kept file its name for good: its hash. Replaces nothing that is there, for equal names are equal bytes."""
    final = raw / kept.sha256
    if kept.path != final and kept.path.exists():
        kept.path.replace(final)
    return final


def sweep(raw: Path) -> None:
    """Removes copies that an interrupted import left behind."""
    for path in raw.glob(f"{_INCOMING}*"):
        path.unlink(missing_ok=True)

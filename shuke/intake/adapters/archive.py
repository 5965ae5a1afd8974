"""Zip archives: members are unpacked one by one, and only such as cannot do harm."""

import errno
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from shuke.kernel.errors import ShukeError

_RATIO = 200
_SMALL = 10 * 1024 * 1024
_MOST = 50 * 1024 * 1024 * 1024
_BLOCK = 1 << 22
_BROKEN = (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, RuntimeError, struct.error, zlib.error)
_LEFT_OUT = ("__MACOSX", ".DS_Store", "Thumbs.db")


class BadArchive(ShukeError):
    """An archive that is broken, locked, or would climb out of its folder or swell beyond reason."""


def unpack(path: Path, *, name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yields (name inside the archive, unpacked file). All members are checked before the first is written."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [item for item in archive.infolist() if not item.is_dir() and not _left_out(item.filename)]
            for item in members:
                _check(item, name)
            if sum(item.file_size for item in members) > _MOST:
                raise BadArchive(
                    f"{name} unpacks to more than 50 GB.", hint="Unpack it yourself and import the files in turn."
                )
            if not members:
                raise BadArchive(f"{name} holds no files.", hint="Zip the exports themselves and import again.")
            folder.mkdir(parents=True, exist_ok=True)
            for number, item in enumerate(members):
                target = folder / f"{number}{PurePosixPath(item.filename).suffix.lower()[:10]}"
                _write(archive, item, target=target)
                yield _readable(item), target
    except (*_BROKEN, OSError) as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:  # a place before the file's begin
            raise
        raise BadArchive(
            f"{name} is a broken zip archive: {error}.", hint="Download or zip it again, then import it."
        ) from error


def _write(archive: zipfile.ZipFile, item: zipfile.ZipInfo, *, target: Path) -> None:
    written = 0
    with archive.open(item) as source, target.open("wb") as out:
        while block := source.read(_BLOCK):
            written += len(block)
            if written > item.file_size:
                raise BadArchive(f"{item.filename} is larger than its archive says.", hint="Do not trust this file.")
            out.write(block)


def _check(item: zipfile.ZipInfo, name: str) -> None:
    path = PurePosixPath(item.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and path.parts[0].endswith(":")):
        raise BadArchive(
            f"{name} holds a path that climbs out of its folder: {item.filename}.",
            hint="Do not trust this file; ask its sender.",
        )
    if stat.S_ISLNK(item.external_attr >> 16):
        raise BadArchive(f"{name} holds a link: {item.filename}.", hint="Zip the exports themselves and import again.")
    if item.flag_bits & 0x1:
        raise BadArchive(f"{name} is locked by a password.", hint="Unpack it with its password and import the files.")
    if item.file_size > _SMALL and item.file_size > _RATIO * max(item.compress_size, 1):
        raise BadArchive(
            f"{name} swells more than {_RATIO} times when unpacked.", hint="Do not trust this file; ask its sender."
        )


def _left_out(name: str) -> bool:
    return any(part in _LEFT_OUT or part.startswith("~$") for part in PurePosixPath(name).parts)


def _readable(item: zipfile.ZipInfo) -> str:
    """Names that an old archiver wrote in GBK, which zip readers take for CP437."""
    if item.flag_bits & 0x800:
        return item.filename
    try:
        return item.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return item.filename

"""Delimited text in any encoding: its header, and a relation that the engine reads in parallel."""

import codecs
import csv
import io
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from shuke.intake.values import Channel, Header, Kept, Opened, Part, Quirks, Recognised, TextSource, Unknown
from shuke.kernel.errors import ShukeError
from shuke.lake.rules import literal

Recogniser = Callable[[Sequence[Sequence[str]]], tuple[Header, Channel] | None]

SPARE = 4
NULL = "\x01"  # stands for a cell that a short row does not have
_DELIMITERS = (",", "\t", ";", "|")
_LEGACY = ("gb18030", "big5", "cp1252")
_ROWS = 60
_BLOCK = 1 << 22
_LONGEST = 1 << 24
# Two lines of the longest kind: the engine's own choice of sixteen leaves threads idle and holds gigabytes.
_BUFFER = 2 * _LONGEST
csv.field_size_limit(_LONGEST)


class NotText(ShukeError):
    """Bytes that are no text in any encoding a retailer's system writes."""


def encodings(head: bytes) -> list[str]:
    """Encodings that can explain the first bytes of a file, the most certain first."""
    if head.startswith(codecs.BOM_UTF8):
        return ["utf-8-sig"]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    even, odd = head[0:2000:2].count(0), head[1:2000:2].count(0)
    if even + odd > len(head[:2000]) // 8:
        return ["utf-16-le"] if odd > even else ["utf-16-be"]
    if decodes(head, "utf-8"):
        return ["utf-8"]
    found = [name for name in _LEGACY if decodes(head, name)]
    return sorted(found, key=lambda name: -_usual(head, name)) or _damaged(head)


def _damaged(head: bytes) -> list[str]:
    """The encoding that explains nearly all bytes; none for bytes that are no text."""
    best = min(("utf-8", "gb18030"), key=lambda name: head.decode(name, "replace").count("\ufffd"))
    text = head.decode(best, "replace")
    controls = sum(1 for char in text if ord(char) < 32 and char not in "\t\r\n")
    high = sum(1 for char in text if ord(char) > 127)
    return [best] if controls <= len(text) // 100 and text.count("\ufffd") * 3 <= high else []


def decodes(sample: bytes, encoding: str) -> bool:
    """Whether bytes decode without error; a character cut at the end is no error."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _usual(sample: bytes, encoding: str) -> float:
    """Share of the characters beyond ASCII that people write every day (level one of GB 2312 or of Big5)."""
    text = codecs.getincrementaldecoder(encoding)("ignore").decode(sample[:200_000])
    high = {char: times for char, times in Counter(text).items() if ord(char) > 127}
    whole = sum(high.values())
    if encoding == "cp1252":
        letters = sum(times for char, times in high.items() if char.isalpha())
        return 0.5 if letters > whole * 0.8 else 0.0
    level = {"gb18030": ("gb2312", 0xA1, 0xD7), "big5": ("big5", 0xA1, 0xC6)}[encoding]
    usual = 0
    for char, times in high.items():
        code = char.encode(level[0], "ignore")
        usual += times if code and level[1] <= code[0] <= level[2] else 0
    return usual / whole if whole else 0.0


def first_rows(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The first records of a text, up to one that cannot be read, and the physical lines up to the end of each."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    lines: list[int] = []
    with suppress(csv.Error):
        for row in islice(reader, _ROWS):
            rows.append(row)
            lines.append(reader.line_num)
    return rows, lines


def open_text(kept: Kept, *, scratch: Path, recognise: Recogniser) -> Opened:
    """Finds encoding, delimiter and header of a delimited text file; the part's relation reads UTF-8.

    Raises `NotText` for bytes that are no text. A header that no mapping knows is given back as `Unknown`.
    """
    options = encodings(kept.head)
    if b"\0" in kept.head[:4096] and not "".join(options).startswith("utf-16"):
        raise NotText(
            f"{kept.name} is not a table that can be read.",
            hint="Give CSV, XLSX, XLS, Parquet, JSON lines or a zip of these.",
        )
    preview: list[list[str]] = []
    for encoding in options:
        text = codecs.getincrementaldecoder(encoding)("replace").decode(kept.head)
        for delimiter in sorted(_DELIMITERS, key=lambda mark: -text[:4000].count(mark)):
            rows, lines = first_rows(text, delimiter)
            known = recognise(rows)
            if known:
                header = known[0]
                whole = Header(header.names, header.paths, header.depth, lines[header.depth - 1])
                part = text_part(kept, header=whole, encoding=encoding, delimiter=delimiter, scratch=scratch)
                return Opened((Recognised(part, known[1]),))
            preview = preview or rows
    if not preview:
        raise NotText(f"{kept.name} is text in no known encoding.", hint="Save it as CSV UTF-8 and import it again.")
    return Opened((), (Unknown("", tuple(tuple(row) for row in preview)),))


def text_part(kept: Kept, *, header: Header, encoding: str, delimiter: str, scratch: Path) -> Part:
    """The part of a text file whose header is known; other text than UTF-8 is written anew to the scratch folder."""
    path, quirks = kept.path, kept.quirks
    returns = b"\n" not in kept.head and b"\r" in kept.head
    if encoding not in ("utf-8", "utf-8-sig") or returns or not decodes(kept.head, encoding):
        path = scratch / f"{kept.sha256[:16]}.utf8"
        quirks = transcode(kept.path, path, encoding=encoding, known=quirks)
    source = TextSource(path, delimiter)
    width = len(header.names)
    part = Part(
        "",
        header,
        _relation(path, width=width, delimiter=delimiter, skip=header.lines),
        width,
        quirks,
        encoding,
        SPARE,
        source,
    )
    return part if header.lines == header.depth else rewritten(part, scratch=scratch)


def transcode(source: Path, target: Path, *, encoding: str, known: Quirks) -> Quirks:
    """Writes a text as UTF-8 and tells its quirks, which a search of the first bytes may have missed.

    Bytes that the encoding does not explain become U+FFFD; rows that hold it are set aside.
    """
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    with source.open("rb") as raw, target.open("wb") as out:
        while block := raw.read(_BLOCK):
            known = _written(decoder.decode(block), out, known=known)
        return _written(decoder.decode(b"", final=True), out, known=known)


def _written(text: str, out: BinaryIO, *, known: Quirks) -> Quirks:
    out.write(text.encode("utf-8", "replace"))
    return replace(
        known,
        blanks=known.blanks or "\u3000" in text or "\u00a0" in text or "\u2060" in text or "\u200b" in text,
        edges=True,
        apostrophes=known.apostrophes or "’" in text,
        guards=known.guards or '="' in text,
        damaged=known.damaged or "\ufffd" in text,
    )


def _relation(path: Path, *, width: int, delimiter: str, skip: int, padding: bool = True, more: str = "") -> str:
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(width + SPARE))
    return (
        f"read_csv({literal(str(path))}, columns = {{{columns}}}, auto_detect = false, header = false, skip = {skip},"
        f" delim = {literal(delimiter)}, quote = '\"', escape = '\"', nullstr = {literal(NULL)}, strict_mode = true,"
        f" null_padding = {'true' if padding else 'false'}, max_line_size = {_LONGEST}, buffer_size = {_BUFFER}{more})"
    )


def serial(part: Part) -> Part:
    """The same part read by one thread, for text whose quoted cells hold line breaks."""
    return replace(part, relation=part.relation.removesuffix(")") + ", parallel = false)")


def redecoded(part: Part, *, scratch: Path) -> Part:
    """The same part where bytes far down are not UTF-8: in another encoding if one explains the whole file."""
    if part.text is None:
        return part
    path = part.text.path
    with path.open("rb") as raw:
        plain = raw.read(_BLOCK).isascii()
    encoding = next((name for name in ("gb18030", "big5") if plain and _whole_decodes(path, name)), "utf-8")
    target = scratch / f"{path.name[:24]}.again"
    quirks = transcode(path, target, encoding=encoding, known=part.quirks)
    source = TextSource(target, part.text.delimiter)
    relation = _relation(target, width=part.width, delimiter=source.delimiter, skip=part.header.lines)
    return replace(part, relation=relation, text=source, encoding=encoding, quirks=quirks)


def _whole_decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as raw:
            while block := raw.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def rewritten(part: Part, *, scratch: Path) -> Part:
    """The same part through Python's reader, which forgives stray quotes, mixed line ends and overlong rows."""
    if part.text is None:
        return part
    with part.text.path.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        records = _whole_records((line.replace("\0", "") for line in text), part.text.delimiter, width=part.width)
        rows = (row for number, row in enumerate(records) if number >= part.header.depth)
        path = write_rows(rows, scratch / f"{part.text.path.stem[:16]}.rows", width=part.width)
    return replace(part, relation=rows_relation(path, part.width), text=None)


def _whole_records(lines: Iterable[str], delimiter: str, *, width: int) -> Iterator[list[str]]:
    """Records of a text; where a last quote is never closed (a file cut off), its lines are records of their own.

    The line with the open quote comes out longer than `width`, so that it is set aside and never taken for whole.
    """
    source, again, taken = iter(lines), deque[str](), list[str]()

    def noted() -> Iterator[str]:
        while (line := again.popleft() if again else next(source, None)) is not None:
            taken.append(line)
            yield line

    reader = csv.reader(noted(), delimiter=delimiter)
    while True:
        try:
            row = next(reader, None)
        except csv.Error:  # a cell longer than any: its quote was opened by mistake, and what it took is read again
            first, *rest = taken
            again.extendleft(reversed(rest))
            yield _overlong(first, delimiter, width=width)
        else:
            if row is None:
                return
            if _is_open(taken, delimiter):
                first, *rest = taken
                yield _overlong(first, delimiter, width=width)
                yield from csv.reader(rest, delimiter=delimiter)
            else:
                yield row
        taken.clear()


def _overlong(line: str, delimiter: str, *, width: int) -> list[str]:
    """The cells of a line with an open quote, with more cells than the header has."""
    cells = next(csv.reader([line], delimiter=delimiter))
    return [*cells, *[""] * (width + 1 - len(cells))]


def _is_open(lines: Sequence[str], delimiter: str) -> bool:
    """Whether a record ended in the middle of a quoted cell."""
    if not "".join(lines).count('"') % 2:
        return False
    try:
        deque(csv.reader(lines, delimiter=delimiter, strict=True), maxlen=0)
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def write_rows(rows: Iterable[Sequence[str]], path: Path, *, width: int) -> Path:
    """Writes records of exactly `width` and the spare cells; missing cells are `NULL`, blank lines left out."""
    with path.open("w", encoding="utf-8", errors="replace", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows(_padded(rows, width))
    return path


def _padded(rows: Iterable[Sequence[str]], width: int) -> Iterator[list[str]]:
    whole = width + SPARE
    for row in rows:
        if row:
            cells = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row[:whole]]
            yield cells + [NULL] * (whole - len(cells))


def rows_relation(path: Path, width: int) -> str:
    """The relation over a file made by `write_rows`."""
    return _relation(path, width=width, delimiter=",", skip=0, padding=False)

"""QR codes (ISO/IEC 18004): byte mode, error level M, versions 1 to 10, drawn as one SVG path."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shuke.kernel.errors import WrongUse

# Error words a block, then how many blocks of how many data words, for level M (table 9).
_BLOCKS = {
    1: (10, ((1, 16),)), 2: (16, ((1, 28),)), 3: (26, ((1, 44),)), 4: (18, ((2, 32),)), 5: (24, ((2, 43),)),
    6: (16, ((4, 27),)), 7: (18, ((4, 31),)), 8: (22, ((2, 38), (2, 39))), 9: (22, ((3, 36), (2, 37))),
    10: (26, ((4, 43), (1, 44))),
}  # fmt: skip
_ALIGNED = {
    2: (6, 18), 3: (6, 22), 4: (6, 26), 5: (6, 30), 6: (6, 34), 7: (6, 22, 38), 8: (6, 24, 42), 9: (6, 26, 46),
    10: (6, 28, 50),
}  # fmt: skip
_QUIET = 4
_LEVEL_M = 0

Square = list[list[int | None]]


class TooLong(WrongUse):
    """The text does not fit the largest square that is drawn here."""


@dataclass(frozen=True)
class Qr:
    """A QR code: `path` fills the dark squares of a picture `size` squares wide, quiet zone included."""

    label: str
    size: int
    path: str
    template: str = "frame/draw/qr.html"


def qr(text: str, *, label: str) -> Qr:
    """The code of a text of at most 213 bytes; raises `TooLong`."""
    rows = matrix(text)
    dark = [f"M{x + _QUIET} {y + _QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, value in enumerate(row) if value]
    return Qr(label=label, size=len(rows) + 2 * _QUIET, path="".join(dark))


def matrix(text: str) -> list[list[int]]:
    """Rows of 0 and 1 without the quiet zone; of the eight masks that with the fewest faults (section 7.8)."""
    data = text.encode("utf-8")
    version = _version(len(data))
    words = _interleaved(_data_words(data, version=version), version=version)
    drawn = [_drawn(words, version=version, mask=mask) for mask in range(8)]
    return min(drawn, key=_faults)


def _version(size: int) -> int:
    for version, (_, groups) in _BLOCKS.items():
        if size + (2 if version < 10 else 3) <= sum(blocks * words for blocks, words in groups):
            return version
    raise TooLong("The text is too long for a QR code.", hint="Show it as text only.")


def _data_words(data: bytes, *, version: int) -> list[int]:
    """Mode, length, bytes, then padding up to the capacity."""
    capacity = sum(blocks * words for blocks, words in _BLOCKS[version][1])
    bits = "0100" + format(len(data), "08b" if version < 10 else "016b") + "".join(format(byte, "08b") for byte in data)
    bits += "0" * min(4, capacity * 8 - len(bits))
    bits += "0" * (-len(bits) % 8)
    words = [int(bits[i : i + 8], 2) for i in range(0, len(bits), 8)]
    return words + [0xEC if i % 2 == 0 else 0x11 for i in range(capacity - len(words))]


def _interleaved(words: Sequence[int], *, version: int) -> list[int]:
    """Data and error words of all blocks, taken in turn."""
    wanted, groups = _BLOCKS[version]
    blocks: list[Sequence[int]] = []
    start = 0
    for count, size in groups:
        for _ in range(count):
            blocks.append(words[start : start + size])
            start += size
    errors = [_error_words(block, count=wanted) for block in blocks]
    longest = max(len(block) for block in blocks)
    told = [block[i] for i in range(longest) for block in blocks if i < len(block)]
    return told + [error[i] for i in range(wanted) for error in errors]


def _times(left: int, right: int) -> int:
    """A product in the field of 256 elements with the polynomial 285."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left = (left << 1) ^ (285 if left & 128 else 0)
        right >>= 1
    return product


def _error_words(block: Sequence[int], *, count: int) -> list[int]:
    """The remainder by the Reed-Solomon generator of degree `count`."""
    generator, root = [1], 1
    for _ in range(count):
        moved = [*generator, 0]
        generator = [moved[i] ^ (_times(generator[i - 1], root) if i else 0) for i in range(len(moved))]
        root = _times(root, 2)
    rest = [0] * count
    for word in block:
        factor = word ^ rest[0]
        rest = [value ^ _times(generator[i + 1], factor) for i, value in enumerate([*rest[1:], 0])]
    return rest


def _drawn(words: Sequence[int], *, version: int, mask: int) -> list[list[int]]:
    size = 17 + 4 * version
    square: Square = [[None] * size for _ in range(size)]
    _draw_signs(square, version=version)
    _draw_format(square, mask=mask)
    bits = (word >> (7 - i) & 1 for word in words for i in range(8))
    for x, y in _way(size):
        if square[y][x] is None:
            square[y][x] = next(bits, 0) ^ _masked(mask, x, y)
    return [[int(value or 0) for value in row] for row in square]


def _draw_signs(square: Square, *, version: int) -> None:
    """Finders with their white edge, timing, alignment, version."""
    size = len(square)
    for left, top in ((0, 0), (size - 7, 0), (0, size - 7)):
        for y in range(max(0, top - 1), min(size, top + 8)):
            for x in range(max(0, left - 1), min(size, left + 8)):
                far = max(abs(x - left - 3), abs(y - top - 3))
                square[y][x] = int(far in (0, 1, 3))
    for i in range(8, size - 8):
        square[6][i] = square[i][6] = 1 - i % 2
    places = _ALIGNED.get(version, ())
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    for middle_x, middle_y in ((x, y) for x in places for y in places if (x, y) not in corners):
        for y in range(middle_y - 2, middle_y + 3):
            for x in range(middle_x - 2, middle_x + 3):
                square[y][x] = int(max(abs(x - middle_x), abs(y - middle_y)) != 1)
    if version >= 7:
        told = version << 12 | _remainder(version << 12, by=0b1111100100101, degree=12)
        for i in range(18):
            square[i // 3][size - 11 + i % 3] = square[size - 11 + i % 3][i // 3] = told >> i & 1


def _draw_format(square: Square, *, mask: int) -> None:
    """Level and mask twice, and the one square that is always dark."""
    size, told = len(square), _LEVEL_M << 13 | mask << 10
    told = (told | _remainder(told, by=0b10100110111, degree=10)) ^ 0b101010000010010
    bits = [told >> i & 1 for i in range(15)]
    upright = [0, 1, 2, 3, 4, 5, 7, 8, *range(size - 7, size)]
    level = [*range(size - 1, size - 9, -1), 7, 5, 4, 3, 2, 1, 0]
    for bit, y, x in zip(bits, upright, level, strict=True):
        square[y][8] = bit
        square[8][x] = bit
    square[size - 8][8] = 1


def _remainder(value: int, *, by: int, degree: int) -> int:
    """The remainder of a polynomial division over two elements."""
    while value.bit_length() > degree:
        value ^= by << (value.bit_length() - degree - 1)
    return value


def _way(size: int) -> Iterator[tuple[int, int]]:
    """The squares in the order in which bits are laid: pairs of columns from the right, up and down in turn."""
    rightmost = [*range(size - 1, 6, -2), 5, 3, 1]
    for turn, right in enumerate(rightmost):
        for step in range(size):
            y = size - 1 - step if turn % 2 == 0 else step
            yield right, y
            yield right - 1, y


def _masked(mask: int, x: int, y: int) -> int:
    tests = (
        (x + y) % 2, y % 2, x % 3, (x + y) % 3, (y // 2 + x // 3) % 2, x * y % 2 + x * y % 3,
        (x * y % 2 + x * y % 3) % 2, ((x + y) % 2 + x * y % 3) % 2,
    )  # fmt: skip
    return int(tests[mask] == 0)


def _faults(rows: Sequence[Sequence[int]]) -> int:
    """Long runs and an uneven share of dark squares: what makes a code hard to read."""
    found = 0
    for line in [*rows, *zip(*rows, strict=True)]:
        run, before = 0, -1
        for value in line:
            run = run + 1 if value == before else 1
            before = value
            found += 3 if run == 5 else 1 if run > 5 else 0
    cells = len(rows) ** 2
    dark = sum(map(sum, rows))
    return found + 10 * (abs(dark * 20 - cells * 10) // cells)

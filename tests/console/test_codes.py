"""QR codes and barcodes: read back from their squares and bars by the standard's own rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuke.console.frame.drawings import barcode, qr
from shuke.console.frame.drawings.barcodes import NotPlain
from shuke.console.frame.drawings.squares import _BLOCKS, TooLong, matrix

# (i + j) % 2 and so on, as the standard's table 10 writes them: i is the row, j the column.
MASKS = {
    0b000: lambda i, j: (i + j) % 2 == 0,
    0b001: lambda i, j: i % 2 == 0,
    0b010: lambda i, j: j % 3 == 0,
    0b011: lambda i, j: (i + j) % 3 == 0,
    0b100: lambda i, j: (i // 2 + j // 3) % 2 == 0,
    0b101: lambda i, j: (i * j) % 2 + (i * j) % 3 == 0,
    0b110: lambda i, j: ((i * j) % 2 + (i * j) % 3) % 2 == 0,
    0b111: lambda i, j: ((i + j) % 2 + (i * j) % 3) % 2 == 0,
}


def is_sign(i: int, j: int, *, size: int) -> bool:
    """Whether a square belongs to finders, timing, format, version or alignment."""
    version = (size - 17) // 4
    if (i < 9 and j < 9) or (i < 9 and j >= size - 8) or (i >= size - 8 and j < 9) or i == 6 or j == 6:
        return True
    if version >= 7 and ((i < 6 and j >= size - 11) or (j < 6 and i >= size - 11)):
        return True
    if version == 1:
        return False
    between = version // 7 + 1
    last = size - 7
    step = -(-(last - 6) // (2 * between)) * 2
    places = [6] + [last - step * k for k in reversed(range(between))]
    near = [(a, b) for a in places for b in places if abs(i - a) <= 2 and abs(j - b) <= 2]
    return any((a, b) not in ((6, 6), (6, last), (last, 6)) for a, b in near)


def read(rows: list[list[int]]) -> str:
    """The text of a code of one block a group, taken by the rules of reading; faults are not mended."""
    size = len(rows)
    told = sum(rows[8][j] << place for place, j in zip(range(14, 8, -1), (0, 1, 2, 3, 4, 5), strict=True))
    mask = MASKS[(told ^ 0b101010000010010) >> 10 & 7]
    assert (told ^ 0b101010000010010) >> 13 == 0, "the level is M"
    bits, up, right = [], True, size - 1
    while right > 0:
        if right == 6:
            right -= 1
        for step in range(size):
            i = size - 1 - step if up else step
            bits += [rows[i][j] ^ mask(i, j) for j in (right, right - 1) if not is_sign(i, j, size=size)]
        up, right = not up, right - 2
    words = [int("".join(map(str, bits[n : n + 8])), 2) for n in range(0, len(bits) - 7, 8)]
    version = (size - 17) // 4
    sizes = [length for count, length in _BLOCKS[version][1] for _ in range(count)]
    blocks: list[list[int]] = [[] for _ in sizes]
    turn = iter(words)
    for place in range(max(sizes)):
        for block, length in zip(blocks, sizes, strict=True):
            if place < length:
                block.append(next(turn))
    stream = "".join(format(word, "08b") for block in blocks for word in block)
    assert stream[:4] == "0100"
    wide = 8 if version < 10 else 16
    length = int(stream[4 : 4 + wide], 2)
    start = 4 + wide
    return bytes(int(stream[start + 8 * n : start + 8 * n + 8], 2) for n in range(length)).decode()


@given(st.text(min_size=1, max_size=70))
def test_a_square_reads_back_as_its_text(text: str) -> None:
    assert read(matrix(text)) == text


@pytest.mark.parametrize("size", [14, 15, 26, 42, 62, 84, 106, 122, 152, 180, 213])
def test_every_version_up_to_its_last_byte(size: int) -> None:
    text = ("https://shop.example/card/" * 9)[:size]
    assert read(matrix(text)) == text
    assert qr(text, label="x").size == len(matrix(text)) + 8


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(TooLong):
        matrix("x" * 214)
    for text in ("", "券", "a\n"):
        with pytest.raises(NotPlain):
            barcode(text, label="x")


def test_a_barcode_has_its_check_sign_and_its_edges() -> None:
    # The example of the standard's articles: PJJ123C in set B has check value 55 of start 104.
    made = barcode("PJJ123C", label="x")
    widths = [width for _, width in made.bars]
    assert made.bars[0] == (10, 2) and len(widths) == 3 * (1 + 7 + 1) + 4
    values = [104, 48, 42, 42, 17, 18, 19, 35]
    check = (values[0] + sum(place * value for place, value in enumerate(values) if place)) % 103
    assert check == 55
    # Value 55 is drawn 311321: bars 3, 1, 2.
    assert widths[3 * 8 : 3 * 9] == [3, 1, 2] and widths[-4:] == [2, 3, 1, 2]

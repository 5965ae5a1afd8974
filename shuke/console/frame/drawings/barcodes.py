"""Barcodes (Code 128, ISO/IEC 15417, set B): what a till's reader takes from a screen."""

from dataclasses import dataclass

from shuke.kernel.errors import WrongUse

# Widths of bars and spaces in turn, by value; 104 begins set B, 106 ends.
_WIDTHS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112"
).split()
_START, _STOP = 104, 106
_QUIET = 10


class NotPlain(WrongUse):
    """The text has signs that a Code 128 barcode of set B cannot hold."""


@dataclass(frozen=True)
class Barcode:
    """A barcode: `bars` are (place, width) in modules of a picture `width` modules wide."""

    label: str
    width: int
    bars: tuple[tuple[int, int], ...]
    template: str = "frame/draw/barcode.html"


def barcode(text: str, *, label: str) -> Barcode:
    """The barcode of printable ASCII; raises `NotPlain`."""
    if not text or not all(32 <= ord(sign) < 127 for sign in text):
        raise NotPlain("A barcode holds letters, digits and signs of ASCII only.", hint="Show the text alone.")
    values = [_START] + [ord(sign) - 32 for sign in text]
    check = (_START + sum(place * value for place, value in enumerate(values))) % 103
    bars, at = [], _QUIET
    for value in [*values, check, _STOP]:
        for place, width in enumerate(map(int, _WIDTHS[value])):
            if place % 2 == 0:
                bars.append((at, width))
            at += width
    return Barcode(label=label, width=at + _QUIET, bars=tuple(bars))

"""Barcodes (Code 128, ISO/IEC 15417, set B): what a till's reader takes from a screen."""

from dataclasses import dataclass

from shuke.kernel.errors import WrongUse

# Widths of bars and spaces in turn, six a value; 104 begins set B, 106 ends and has seven.
_WIDTHS = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222"
    "123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321"
    "232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121"
    "313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224"
    "111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111"
    "111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113"
    "1143114111134113111131411141313111414111312114122112142112322331112"
)
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
        for place, width in enumerate(map(int, _WIDTHS[6 * value : 6 * value + (7 if value == _STOP else 6)])):
            if place % 2 == 0:
                bars.append((at, width))
            at += width
    return Barcode(label=label, width=at + _QUIET, bars=tuple(bars))

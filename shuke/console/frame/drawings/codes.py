"""QR codes for telephones to read from a screen."""

from dataclasses import dataclass

import segno

_QUIET = 4


@dataclass(frozen=True)
class Qr:
    """A QR code: `path` fills the dark squares of a picture `size` squares wide, quiet zone included."""

    label: str
    size: int
    path: str
    template: str = "frame/draw/qr.html"


def qr(text: str, *, label: str) -> Qr:
    """The code of a text, with error level M or better."""
    rows = segno.make_qr(text, error="m").matrix
    dark = [(x + _QUIET, y + _QUIET) for y, row in enumerate(rows) for x, value in enumerate(row) if value]
    return Qr(label=label, size=len(rows) + 2 * _QUIET, path="".join(f"M{x} {y}h1v1h-1z" for x, y in dark))

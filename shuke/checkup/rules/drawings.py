"""Pictures of the printed page as plain SVG."""

from collections.abc import Sequence
from datetime import date
from html import escape

from shuke.checkup.rules.figures import say_share

_ACCENT, _MONEY, _LINE, _INK, _NOTE = "#14655a", "#c98b5c", "#e7e2d8", "#23231f", "#6b665b"


def ring(share: float) -> str:
    """The share of sales with a person behind it."""
    around = 2 * 3.14159265 * 40
    part = around * max(0.0, min(share, 1.0))
    return (
        f'<svg class="ring" viewBox="0 0 100 100" role="img" aria-label="{say_share(share)}">'
        f'<circle cx="50" cy="50" r="40" fill="none" stroke="{_LINE}" stroke-width="11"/>'
        f'<circle cx="50" cy="50" r="40" fill="none" stroke="{_ACCENT}" stroke-width="11"'
        f' transform="rotate(-90 50 50)" stroke-dasharray="{part:.1f} {around:.1f}"/>'
        f'<text x="50" y="56" text-anchor="middle" font-size="18" font-weight="600" fill="{_INK}">'
        f"{say_share(share)}</text></svg>"
    )


def trend(points: Sequence[tuple[date, float]], *, label: str) -> str:
    """The same share month by month, the first and the last with their value; nothing with fewer than three months."""
    shown = list(points)[-24:]
    if len(shown) < 3:
        return ""
    shares = [share for _, share in shown]
    low, high = max(0.0, min(shares) - 0.08), min(1.0, max(shares) + 0.08)
    places = [
        (4 + 212 * number / (len(shown) - 1), 8 + 60 * (1 - (share - low) / max(high - low, 0.01)))
        for number, share in enumerate(shares)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    (first_x, first_y), (last_x, last_y) = places[0], places[-1]
    month = "<text x='{x}' y='86' font-size='9' fill='{fill}'{anchor}>{words}</text>"
    value = "<text x='{x:.1f}' y='{y:.1f}' font-size='10' font-weight='600' fill='{fill}'{anchor}>{words}</text>"
    end = " text-anchor='end'"
    return (
        f'<svg class="trend" viewBox="0 0 252 90" role="img" aria-label="{escape(label)}">'
        f'<line x1="4" y1="74" x2="216" y2="74" stroke="{_LINE}"/>'
        f'<polyline points="{line}" fill="none" stroke="{_ACCENT}" stroke-width="1.8"/>'
        f'<circle cx="{last_x:.1f}" cy="{last_y:.1f}" r="3" fill="{_ACCENT}"/>'
        + value.format(x=first_x, y=max(first_y - 6, 9), fill=_NOTE, anchor="", words=f"{shares[0] * 100:.0f}%")
        + value.format(x=last_x + 7, y=last_y + 3.5, fill=_ACCENT, anchor="", words=f"{shares[-1] * 100:.0f}%")
        + month.format(x=4, fill=_NOTE, anchor="", words=f"{shown[0][0]:%Y-%m}")
        + month.format(x=216, fill=_NOTE, anchor=end, words=f"{shown[-1][0]:%Y-%m}")
        + "</svg>"
    )


def money_bar(money: int, *, before: int | None, most: int) -> str:
    """The money of a problem; a tick where it stood at the last check-up."""
    width = 100 * abs(money) / max(most, 1)
    tick = ""
    if before:
        place = min(100 * abs(before) / max(most, 1), 98.4)
        tick = f'<rect x="{place:.1f}" y="0" width="1.6" height="10" fill="{_INK}"/>'
    return (
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect y="2.5" width="{max(width, 0.6):.1f}" height="5" fill="{_MONEY}"/>{tick}</svg>'
    )

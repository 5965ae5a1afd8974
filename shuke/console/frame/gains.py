"""Expected gains as every page says and draws them: a range in words, an interval on a scale shared by its list."""

from collections.abc import Sequence
from typing import Protocol

from django.utils.translation import gettext as _

from shuke.console.frame import formats
from shuke.console.frame.drawings import Interval, Marks, Scale, axis_marks, interval, shared_scale, ticks
from shuke.kernel.money import exponent, symbol


class HasGain(Protocol):
    """Whatever carries an expected gain with its range, in minor units of its currency."""

    @property
    def gain_low_minor(self) -> int:
        """The lower end."""

    @property
    def gain_minor(self) -> int:
        """The middle."""

    @property
    def gain_high_minor(self) -> int:
        """The upper end."""

    @property
    def currency(self) -> str:
        """Its currency."""


def gain_words(one: HasGain, *, language: str) -> str:
    """The expected gain as a sentence; a range across zero says so."""
    low, high = (
        formats.money_short(abs(minor), one.currency, language=language)
        for minor in (one.gain_low_minor, one.gain_high_minor)
    )
    if one.gain_low_minor >= 0:
        return _("about %(low)s to %(high)s more") % {"low": low, "high": high}
    if one.gain_high_minor > 0:
        return _("from %(low)s less to %(high)s more") % {"low": low, "high": high}
    return _("about %(high)s to %(low)s less") % {"low": low, "high": high}


def gain_pictures(ones: Sequence[HasGain], *, language: str) -> tuple[list[Interval], Marks]:
    """The intervals of a list on one scale, and the numbers of the axis above them."""
    scale = shared_scale([float(v) for one in ones for v in (one.gain_low_minor, one.gain_high_minor)])
    pictures = [
        interval(
            (one.gain_low_minor, one.gain_minor, one.gain_high_minor),
            scale=scale,
            label=gain_words(one, language=language),
        )
        for one in ones
    ]
    return pictures, _axis(scale, currency=ones[0].currency if ones else "CNY", language=language)


def _axis(scale: Scale, *, currency: str, language: str) -> Marks:
    unit = 10 ** exponent(currency)
    labels = [(value, formats.number(value / unit, language)) for value in ticks(scale, most=3)]
    return axis_marks(scale, labels=[(v, text if v else f"{symbol(currency)}0") for v, text in labels])

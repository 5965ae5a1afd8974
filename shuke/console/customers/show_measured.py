"""What the labelled sample says about the matching, in plain words with its intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuke.console.frame import formats, words
from shuke.console.frame.drawings import Interval as Picture
from shuke.console.frame.drawings import Scale, interval
from shuke.customers.values import Interval, Measured


@dataclass(frozen=True)
class Share:
    """One measured share: what it means, the sentence with its interval, and the interval drawn from 0 to 100."""

    name: str
    sentence: str
    picture: Picture


@dataclass(frozen=True)
class Stratum:
    """One kind of pairs in the sample."""

    name: str
    population: int
    labels: int
    same: int


@dataclass(frozen=True)
class Quality:
    """What was measured; `shares` is empty while there are too few answers."""

    labels: int
    unsure: int
    shares: tuple[Share, ...]
    strata: tuple[Stratum, ...]


def measured(found: Measured) -> Quality:
    """The measured shares in words."""
    merged = _("%(mid)s of the merged pairs (95%% interval %(low)s to %(high)s) really are one person")
    sure = _("%(mid)s of the pairs merged by itself (95%% interval %(low)s to %(high)s) really are one person")
    caught = _("Of the pairs with any clue that are one person, %(mid)s (95%% interval %(low)s to %(high)s) were found")
    every: Sequence[tuple[str, str, Interval | None]] = [
        (_("Merged rightly"), merged, found.precision),
        (_("Merged by itself, rightly"), sure, found.automatic),
        (_("Found"), caught, found.recall),
    ]
    return Quality(
        labels=found.labels,
        unsure=found.unsure,
        shares=tuple(_share(name, sentence, share=share) for name, sentence, share in every if share is not None),
        strata=tuple(
            Stratum(words.word(words.STRATA, one.name), one.population, one.labels, one.same) for one in found.by_band
        ),
    )


def _share(name: str, sentence: str, *, share: Interval) -> Share:
    text = sentence % {"mid": _percent(share.mid), "low": _percent(share.low), "high": _percent(share.high)}
    picture = interval((share.low, share.mid, share.high), scale=Scale(0.0, 1.0), label=text)
    return Share(name=name, sentence=text, picture=picture)


def _percent(value: float) -> str:
    """Whole per cent; never rounded to all or none: 99.96% is told as 99.9%."""
    if 0 < value < 0.005 or 0.995 <= value < 1:
        return formats.share(min(max(value, 0.001), 0.999), places=1)
    return formats.share(value, places=0)

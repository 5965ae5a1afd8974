"""Cohorts, sources and campaigns as pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from shuke.console.frame import formats, words
from shuke.console.frame.charts import Chart, Series, trend
from shuke.console.frame.measures import value_text
from shuke.metrics.queries.campaigns import Campaign
from shuke.metrics.queries.cohorts import SPANS, Cohort, CohortCell, Source

# Shades of a cell, from the palest: the share that bought reaches these.
_SHADES = (0.05, 0.10, 0.15, 0.20, 0.30)
_MOST_AGES = 12
_LINES = ("now", "then", "c1", "c2")


@dataclass(frozen=True)
class Shade:
    """One cell of the table: its text and how dark it is (0 to 5); `told` says it in full."""

    text: str
    depth: int
    told: str


@dataclass(frozen=True)
class CohortRow:
    """One cohort: its month, people, and a cell a month since."""

    month: str
    people: str
    cells: tuple[Shade, ...]
    note: str


@dataclass(frozen=True)
class SourceRow:
    """What the new customers of one channel brought."""

    channel: str
    people: str
    again: str
    values: tuple[str, ...]
    cost: str
    payback: str
    few: bool


@dataclass(frozen=True)
class CampaignRow:
    """One campaign and month: people, used, money before and after, and how all others moved."""

    name: str
    days: str
    people: str
    used: str
    before: str
    after: str
    growth: str
    others: str
    note: str


def ages(cohorts: Sequence[Cohort]) -> range:
    """The months since the first one that have a column."""
    return range(min(_MOST_AGES + 1, max((len(one.cells) for one in cohorts), default=0)))


def rows(cohorts: Sequence[Cohort], *, measure: str, currency: str, language: str) -> list[CohortRow]:
    """The cohorts, the newest first; `measure` is 'share' (who bought) or 'value' (money a head up to then)."""
    return [
        CohortRow(
            month=formats.month(one.month_on, language),
            people=formats.count(one.people),
            cells=tuple(
                _shade(cell, measure=measure, currency=currency, language=language)
                for cell in one.cells[: _MOST_AGES + 1]
            ),
            note=_cohort_note(one),
        )
        for one in reversed(cohorts)
    ]


def _cohort_note(one: Cohort) -> str:
    if one.is_small:
        return _("fewer than 30 people")
    return _("old customers may be among them") if one.is_early else ""


def _shade(cell: CohortCell, *, measure: str, currency: str, language: str) -> Shade:
    money = value_text(cell.per_head_minor, unit="money", currency=currency, language=language)
    share = formats.share(cell.share, places=0)
    told = _("month %(age)s: %(buyers)s bought (%(share)s), %(money)s a head so far") % {
        "age": cell.age,
        "buyers": formats.count(cell.buyers),
        "share": share,
        "money": money,
    }
    depth = sum(1 for bound in _SHADES if cell.share >= bound) if measure == "share" and cell.age else 0
    return Shade(money if measure == "value" else share, depth, told)


def curves(cohorts: Sequence[Cohort], *, currency: str, language: str, download: str) -> Chart | None:
    """Money a head since the first purchase, a line a year of first purchase; None without two months of anybody."""
    years: dict[int, list[Cohort]] = {}
    for one in cohorts:
        if not one.is_early:
            years.setdefault(one.month_on.year, []).append(one)
    lengths = {year: max(len(one.cells) for one in held) for year, held in years.items()}
    longest = min(_MOST_AGES + 1, max(lengths.values(), default=0))
    if longest < 2:
        return None
    lines = [
        _line(year, held=years[year], longest=longest, role=role, write=(currency, language))
        for year, role in zip(sorted(years, reverse=True), _LINES, strict=False)
    ]
    return trend(
        title=_("Money a head since the first purchase"),
        label=_("Money a head by month since the first purchase; the table below holds the same numbers"),
        periods=[(str(age), _("month %(age)s") % {"age": age}) for age in range(longest)],
        series=lines,
        unit="money",
        currency=currency,
        language=language,
        download=download,
    )


def _line(year: int, *, held: Sequence[Cohort], longest: int, role: str, write: tuple[str, str]) -> Series:
    values: list[float | None] = []
    for age in range(longest):
        old = [one for one in held if len(one.cells) > age]
        # A line over ever fewer cohorts would bend by who is left: it ends with the oldest half of the year's people.
        people, everyone = sum(one.people for one in old), sum(one.people for one in held)
        told = people * 2 >= everyone and people > 0
        values.append(sum(one.cells[age].per_head_minor * one.people for one in old) / people if told else None)
    currency, language = write
    texts = [
        value_text(value, unit="money", currency=currency, language=language) if value is not None else ""
        for value in values
    ]
    return Series(name=_("First bought in %(year)s") % {"year": year}, values=values, texts=texts, role=role)


def source_rows(
    found: Sequence[Source], *, payback: Mapping[str, float | None], currency: str, language: str
) -> list[SourceRow]:
    """A row a channel; `payback` are days by channel, where the shop tells its costs."""

    def money(value: float | None) -> str:
        return value_text(value, unit="money", currency=currency, language=language)

    return [
        SourceRow(
            channel=words.source_word(one.channel),
            people=formats.count(one.people),
            again=formats.share(one.again_share) if one.again_share is not None else "—",
            values=tuple(money(one.value_minor[span]) for span in SPANS),
            cost=money(one.cost_minor),
            payback=value_text(payback.get(one.channel), unit="days", currency=currency, language=language),
            few=one.is_small,
        )
        for one in found
    ]


def campaign_rows(found: Sequence[Campaign], *, currency: str, language: str, near: date | None) -> list[CampaignRow]:
    """A row a campaign and month, the newest first."""

    def money(value: int) -> str:
        return value_text(float(value), unit="money", currency=currency, language=language)

    return [
        CampaignRow(
            name=one.name,
            days=f"{formats.day(one.first_on, language, near=near)}–{formats.day(one.last_on, language, near=near)}",
            people=formats.count(one.people),
            used=formats.share(one.used_share, places=0),
            before=money(one.before_minor),
            after=money(one.after_minor),
            growth=_moved(one.growth_share if one.is_over else None),
            others=_moved(one.others_share if one.is_over else None),
            note=_note(one),
        )
        for one in found
    ]


def _note(one: Campaign) -> str:
    if not one.is_over:
        return _("28 days are not over")
    return _("fewer than 30 people") if one.is_small else ""


def _moved(share: float | None) -> str:
    """▲ 12%; ▼ 8%; an em dash where there is nothing to compare with."""
    if share is None:
        return "—"
    return f"{'▲' if share >= 0 else '▼'} {formats.share(abs(share), places=0)}"


def file_address(*, measure: str, channel: str) -> str:
    """Where the table of cohorts is downloaded."""
    return f"{reverse('cohorts_file')}?measure={measure}&channel={channel}"

"""`/api/v1/metrics`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Schema

from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader, open_reader
from shuke.metrics import queries, rules

router = Router(tags=["metrics"])
Language = Literal["zh-hans", "en"]
# Beyond it there are no rows; a number larger than the engine's would be no answer either.
_MOST_SKIPPED = 1_000_000_000
Grain = Literal["week", "month", "quarter", "year"]


class DefinitionOut(Schema):
    """A metric's definition in the language asked for."""

    code: str
    name: str
    what: str
    unit: str
    better: str
    simple: bool
    numerator: str
    denominator: str
    window: str
    refunds: str
    identity: str
    dedupe: str
    stand: str
    days: int
    grains: list[str]
    dimensions: list[str]
    additive: bool
    file: str
    missing: str


class PointOut(Schema):
    """A value in one period; money in minor units, `period_end` the day after the last."""

    period_start: date
    period_end: date
    member: str
    member_name: str
    value: float | None
    numerator: float
    denominator: float | None
    people: float
    mature: bool
    note: str


class SeriesOut(Schema):
    """A metric over time, or by the members of a dimension in one period."""

    metric: str
    name: str
    unit: str
    grain: str
    dimension: str
    points: list[PointOut]


class RowsOut(Schema):
    """Rows behind a number: `total` counts all of them, `sum` adds up what they count."""

    columns: list[str]
    names: list[str]
    rows: list[list[Any]]
    total: int
    sum: float


class Cut(Schema):
    """Which cells: the kind of period, and one member of a dimension."""

    grain: Grain = "week"
    dimension: str = "all"
    member: str = ""
    language: Language | None = None

    @property
    def words(self) -> str:
        """The language of texts: the one asked for, else the shop's."""
        return self.language or settings.WORKSPACE.language


class Span(Cut):
    """Over time, or with `period_start` all members of the dimension in that period."""

    period_start: date | None = None
    last: int = 26


class RowsOf(Cut):
    """One cell, and which part of it to open."""

    period_start: date
    part: Literal["numerator", "denominator"] = "numerator"
    limit: int = 100
    skip: int = 0


@contextmanager
def _lake(request: HttpRequest) -> Iterator[tuple[Actor, Reader]]:
    """The asker and a reader with their scope."""
    actor: Actor = vars(request)["auth"]
    with open_reader(actor, settings.WORKSPACE) as lake:
        yield actor, lake


@router.get("", response=list[DefinitionOut])
def definitions(request: HttpRequest, language: Language | None = None) -> list[dict[str, Any]]:
    """All metrics with their definitions."""
    with _lake(request) as (actor, _):
        found = queries.definitions(actor, language=language or settings.WORKSPACE.language)
    return [rules.definition_document(about) for about in found]


@router.get("/{code}", response=SeriesOut)
def series(request: HttpRequest, *, code: str, cut: Query[Span]) -> dict[str, Any]:
    """A metric over its last periods; with `period_start` and a dimension, its members in that period."""
    with _lake(request) as (actor, lake):
        about = queries.definition(actor, code=code, language=cut.words)
        if cut.period_start is not None:
            found = queries.breakdown(
                actor,
                lake=lake,
                metric=code,
                grain=cut.grain,
                period_start=cut.period_start,
                dimension=cut.dimension,
                language=cut.words,
            )
            points = [rules.point_document(point, member=member, name=name) for member, name, point in found]
        else:
            over_time = queries.series(
                actor,
                lake=lake,
                metric=code,
                grain=cut.grain,
                dimension=cut.dimension,
                member=cut.member,
                last=max(1, min(cut.last, 2000)),
            )
            points = [rules.point_document(point, member=cut.member) for point in over_time]
    return rules.series_document(about, grain=cut.grain, dimension=cut.dimension, points=points)


@router.get("/{code}/rows", response=RowsOut)
def rows(request: HttpRequest, *, code: str, cut: Query[RowsOf]) -> dict[str, Any]:
    """The rows behind the numerator or denominator of one cell."""
    with _lake(request) as (actor, lake):
        page = queries.rows(
            actor,
            lake=lake,
            metric=code,
            grain=cut.grain,
            period_start=cut.period_start,
            dimension=cut.dimension,
            member=cut.member,
            part=cut.part,
            limit=max(1, min(cut.limit, 10_000)),
            skip=max(0, min(cut.skip, _MOST_SKIPPED)),
            language=cut.words,
        )
    return rules.rows_document(page)

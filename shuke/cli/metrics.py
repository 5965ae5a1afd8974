"""`shuke metrics [CODE]`."""

import argparse
from datetime import date
from typing import Any

from django.conf import settings

from shuke.cli.screen import day, say, table
from shuke.kernel.actor import SYSTEM
from shuke.kernel.errors import WrongUse
from shuke.lake.queries import NotBuilt, Reader, open_reader
from shuke.metrics import queries, rules
from shuke.metrics.rules.words import say_value
from shuke.metrics.values import Definition, Point


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Prints the list of metrics, one over time or by members, or the rows behind a number."""
    with open_reader(SYSTEM, settings.WORKSPACE) as lake:
        if not lake.has("metric_cells"):
            raise NotBuilt("There are no metrics yet.", hint="Run 'shuke week' once.")
        if arguments.code is None:
            return _list(lake, grain=arguments.grain)
        about = queries.definition(SYSTEM, code=arguments.code, language=_language())
        if arguments.rows:
            return _rows(lake, about=about, arguments=arguments)
        return _one(lake, about=about, arguments=arguments)


def _language() -> str:
    language: str = settings.WORKSPACE.language
    return language


def _list(lake: Reader, *, grain: str) -> dict[str, Any]:
    found = queries.definitions(SYSTEM, language=_language())
    cards = {card.definition.code: card for card in queries.cards(SYSTEM, lake=lake, language=_language(), grain=grain)}
    shown = []
    rows = [("metric", "", "value", "period from", "")]
    for about in found:
        card = cards.get(about.code)
        point = card.point if card else None
        rows.append((about.code, about.name, *_said(point, about=about)))
        document = rules.point_document(point) if point else None
        shown.append({**rules.definition_document(about), "latest": document})
    table(rows, right=frozenset({2}))
    return {"grain": grain, "metrics": shown}


def _one(lake: Reader, *, about: Definition, arguments: argparse.Namespace) -> dict[str, Any]:
    dimension = arguments.by or "all"
    if arguments.by and not arguments.member:
        start = _period(lake, about=about, arguments=arguments)
        members = queries.breakdown(
            SYSTEM, lake=lake, metric=about.code, grain=arguments.grain, period_start=start, dimension=dimension
        )
        named = [(member, name, point) for member, name, point in members]
    else:
        points = queries.series(
            SYSTEM,
            lake=lake,
            metric=about.code,
            grain=arguments.grain,
            dimension=dimension,
            member=arguments.member,
            last=arguments.last,
        )
        named = [(arguments.member, "", point) for point in points]
    say(f"{about.name}: {about.what}")
    table(
        [("", "value", "period from", ""), *((name, *_said(p, about=about)) for _, name, p in named)],
        right=frozenset({1}),
    )
    return rules.series_document(
        about,
        grain=arguments.grain,
        dimension=dimension,
        points=[rules.point_document(point, member=member, name=name) for member, name, point in named],
    )


def _rows(lake: Reader, *, about: Definition, arguments: argparse.Namespace) -> dict[str, Any]:
    page = queries.rows(
        SYSTEM,
        lake=lake,
        metric=about.code,
        grain=arguments.grain,
        period_start=_period(lake, about=about, arguments=arguments),
        dimension=arguments.by or "all",
        member=arguments.member,
        part=arguments.rows,
        limit=arguments.limit,
    )
    table([page.names, *(tuple("" if value is None else str(value) for value in row) for row in page.rows)])
    say(f"{page.total:,} rows, {page.sum:,.2f} in all")
    return rules.rows_document(page)


def _period(lake: Reader, *, about: Definition, arguments: argparse.Namespace) -> date:
    """The first day of the period asked for, or of the latest that stands."""
    asked = day(arguments.period)
    grain = next((one for one in about.grains if one == arguments.grain), None)
    if asked is not None and grain is not None:
        return rules.start_of(asked, grain=grain)
    found = queries.latest_period(SYSTEM, lake=lake, metric=about.code, grain=arguments.grain)
    if found is None:
        raise WrongUse(f"{about.code} has no {arguments.grain} that stands yet.", hint="Name one with --period.")
    return found.start_on


def _said(point: Point | None, *, about: Definition) -> tuple[str, str, str]:
    if point is None:
        return "", "", about.missing
    value = say_value(point.value, unit=about.unit, currency=settings.WORKSPACE.currency, language=_language())
    note = queries.note_label(SYSTEM, note=point.note, language=_language())
    return value, point.period.start_on.isoformat(), note

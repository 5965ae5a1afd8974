"""`shuke week`."""

import argparse
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from shuke.cli.screen import day, progress_printer, say, table
from shuke.kernel.actor import SYSTEM
from shuke.kernel.money import exponent
from shuke.procedures.week import week


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Runs the week and prints its plays."""
    workspace = settings.WORKSPACE
    report = week(SYSTEM, workspace=workspace, as_of=day(arguments.as_of), progress=progress_printer())
    document = report.as_document()
    unit = 10 ** exponent(workspace.currency)
    plays: dict[str, list[dict[str, Any]]] = {}
    for proposal in document["proposals"]:
        plays.setdefault(proposal["play"], []).append(proposal)
    count = len(document["proposals"])
    say(f"As of {document['as_of']}: {document['customers']:,} customers, {len(plays)} plays, {count} proposals.")
    rows: list[tuple[str, ...]] = [
        ("ids", "play", "stores", "people", "held out", f"gain ({workspace.currency})", "basis")
    ]
    rows += [_row(play, stores=stores, unit=unit) for play, stores in plays.items()]
    table(rows, right=frozenset({2, 3, 4, 5}))
    for rest in document["not_proposed"]:
        say(f"  rests: {rest['play']}" + (f" ({rest['why']})" if rest["why"] else ""))
    if document["last_week"]:
        say("What earlier plays changed:")
    for result in document["last_week"]:
        say(f"  {result['play']}: {result['sentence']}")
    say("Next: 'shuke approve --all', then 'shuke export tasks --out tasks/'.")
    return document


def _row(play: str, *, stores: Sequence[dict[str, Any]], unit: int) -> tuple[str, ...]:
    """One play over its stores (headquarters counts as one); its gain adds up, for the stores share one lift."""
    ids = [proposal["id"] for proposal in stores]
    whole = {name: sum(proposal[name] for proposal in stores) for name in ("people", "holdout")}
    low, high = (sum(proposal[name] for proposal in stores) for name in ("gain_low_minor", "gain_high_minor"))
    return (
        str(ids[0]) if len(ids) == 1 else f"{min(ids)}-{max(ids)}",
        play,
        f"{len(stores):,}",
        f"{whole['people']:,}",
        f"{whole['holdout']:,}",
        f"{round(low / unit):,} to {round(high / unit):,}",
        stores[0]["basis"],
    )

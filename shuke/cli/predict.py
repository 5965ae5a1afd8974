"""`shuke predict` and `shuke predict evaluate`."""

import argparse
from typing import Any

from django.conf import settings

from shuke.cli.screen import day, progress_printer, say, table
from shuke.kernel.actor import SYSTEM
from shuke.kernel.errors import WrongUse


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Computes predictions, or back-tests them on the shop's own past."""
    return _evaluate(arguments) if arguments.deed == "evaluate" else _predict(arguments)


def _predict(arguments: argparse.Namespace) -> dict[str, Any]:
    """Prints how many customers are in each stage and segment, and what the models are made of."""
    from shuke.procedures.predict import predict

    document = predict(SYSTEM, workspace=settings.WORKSPACE, as_of=day(arguments.as_of), progress=progress_printer())
    say(f"As of {document['as_of']}: {document['buyers']:,} buyers of {document['customers']:,} customers.")
    rows = [(code, f"{people:,}") for part in ("stages", "segments") for code, people in document[part].items()]
    table(rows, right=frozenset({1}))
    for model in document["models"]:
        name = f"{model['model']} {model['horizon_days'] or ''}".strip()
        say(f"  {name}: {model['state']} {model['method']}, {model['rows']:,} customers")
    say("Next: 'shuke predict evaluate' for how well they do, 'shuke export customers', or 'shuke week'.")
    return document


def _evaluate(arguments: argparse.Namespace) -> dict[str, Any]:
    """Prints each figure of each cut, the model's beside the simple rules'."""
    from shuke.procedures.evaluate_predictions import evaluate

    if not 1 <= arguments.cuts <= 24:
        raise WrongUse("--cuts takes a number from 1 to 24.", hint="Three cuts are the default.")
    document = evaluate(
        SYSTEM,
        workspace=settings.WORKSPACE,
        as_of=day(arguments.as_of),
        cuts=arguments.cuts,
        progress=progress_printer(),
    )
    rows = [("model", "days", "cut", "metric", "method", "figure", "90 % interval", "")]
    rows += [
        (
            f["model"], str(f["horizon_days"]), f["cut_on"], f["metric"], f["method"], _figure(f["value"]),
            f"{_figure(f['low'])} - {_figure(f['high'])}", "used" if f["is_used"] else "",
        )
        for f in document["figures"]
    ]  # fmt: skip
    table(rows, right=frozenset({1, 5}))
    if not document["figures"]:
        say("Nothing to back-test yet: the data must reach back two months before a window that has ended.")
    return document


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"

"""Predictions: what each model is, how well it did on this shop's own past, and what trials say of targeting."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from shuke.access.rules import Permission
from shuke.console.frame.page import PageRequest, page
from shuke.console.metrics import files
from shuke.console.predictions import show
from shuke.plays.queries import library
from shuke.predictions import queries


@page(Permission.SEE_WEEK)
def predictions(request: PageRequest) -> HttpResponse:
    """Model cards, each with its scoreboard, and the trials of plays."""
    if not request.lake.has("model_cards"):
        return render(request, "frame/nothing.html")
    language = get_language() or "zh-hans"
    write = show.Writing(currency=request.workspace.currency, language=language)
    boards = show.boards(queries.scoreboard(request.actor, lake=request.lake))
    cards = show.cards(queries.model_cards(request.actor, lake=request.lake))
    names = {play.code: play.name(language) for play in library(request.actor, workspace=request.workspace)}
    context = {
        "cards": [(card, boards.get(card.anchor, [])) for card in cards],
        "others": [
            (show.model_name(*_parts(anchor)), held)
            for anchor, held in boards.items()
            if anchor not in {card.anchor for card in cards}
        ],
        "trials": show.trials(queries.trials(request.actor, lake=request.lake), names=names, write=write),
        "doubtful": sum(1 for card in cards if not card.is_sure),
    }
    return render(request, "predictions/all.html", context)


@page(Permission.SEE_WEEK)
def scoreboard_file(request: PageRequest) -> HttpResponse:
    """Every figure of every back-test as CSV."""
    head = ["model", "horizon_days", "cut_on", "metric", "method", "customers", "value", "low", "high"]
    rows = [
        [one.model, one.horizon_days, one.cut_on.isoformat(), one.metric, one.method, one.customers, one.value, one.low,
         one.high, one.is_baseline, one.is_winner, one.is_used]
        for one in queries.scoreboard(request.actor, lake=request.lake)
    ]  # fmt: skip
    return files.table("scoreboard", head=[*head, "is_baseline", "is_winner", "is_used"], rows=rows)


def _parts(anchor: str) -> tuple[str, int]:
    model, _, days = anchor.rpartition("-")
    return model, int(days)

"""Model cards and the scoreboard in words: what it is, how well it did, where not to trust it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shuke.console.frame import formats
from shuke.console.frame.measures import value_text
from shuke.predictions.queries.trials import TrialCard
from shuke.predictions.values import ModelCard, ScoreLine

# Metrics in the order in which a reader asks.
_METRICS = ("auc", "level", "ece", "top_tenth_share", "bias", "recall_at_10", "new_recall_at_10")
_SHARES = ("ece", "top_tenth_share", "recall_at_10", "new_recall_at_10")


@dataclass(frozen=True)
class Writing:
    """How the reader reads numbers."""

    currency: str
    language: str


@dataclass(frozen=True)
class Card:
    """One model in words. `facts` are (name, value); `notes` say what stands against it."""

    name: str
    what: str
    state: str
    is_sure: bool
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    version: str
    anchor: str


@dataclass(frozen=True)
class Method:
    """One method's figure on one cut."""

    name: str
    value: str
    span: str
    is_winner: bool
    is_used: bool
    is_baseline: bool


@dataclass(frozen=True)
class Board:
    """One model and metric: its methods on the newest cut, the best first."""

    metric: str
    what: str
    cut_on: date
    customers: str
    methods: tuple[Method, ...]


@dataclass(frozen=True)
class Trial:
    """What a play's trials say, in words."""

    play: str
    outcome: str
    verdict: str
    tone: str
    sentence: str
    effect: str
    qini: str
    top30: str


def model_name(model: str, horizon_days: int) -> str:
    """A model as people call it."""
    names = {
        "value": _("What a customer is worth"),
        "return": _("Who buys again"),
        "spend": _("How much they will spend"),
        "next_basket": _("What they buy next"),
        "recommendations": _("What they buy next"),
    }
    name = names.get(model, model)
    return _("%(name)s, within %(days)s days") % {"name": name, "days": horizon_days} if horizon_days else name


def method_name(method: str) -> str:
    """A method as people call it."""
    names = {
        "told": _("what was told"),
        "blend": _("mean of both models"),
        "value": _("purchases to expect x usual spend"),
        "bgnbd": _("purchase model (BG/NBD)"),
        "boosting": _("boosted trees"),
        "rfm": _("RFM rank"),
        "recency": _("last purchase"),
        "frequency": _("number of purchases"),
        "last_spend": _("spend of the last window"),
        "popularity": _("best sellers"),
        "popular_new": _("best sellers they never bought"),
        "next_basket": _("learned ranking"),
        "top_frequent": _("own favourites"),
        "tifu_knn": _("neighbours (TIFU-KNN)"),
    }
    return names.get(method, method)


def metric_words(metric: str) -> tuple[str, str]:
    """A metric's name, and what it means."""
    names = {
        "auc": (
            _("Ranking (AUC)"),
            _("how often somebody who came back ranks above somebody who did not; 0.5 is chance"),
        ),
        "level": (_("Level"), _("buyers predicted over buyers who came; 1.00 is right")),
        "ece": (_("Calibration error"), _("how far the told chance is from what happened, on average")),
        "top_tenth_share": (_("Top tenth"), _("share of the real spend that the tenth ranked highest brought")),
        "bias": (_("Level of spend"), _("spend predicted over spend; 1.00 is right")),
        "recall_at_10": (_("Hits among ten"), _("share of the next basket found among ten products named")),
        "new_recall_at_10": (_("New ones among ten"), _("the same for products never bought before")),
    }
    return names.get(metric, (metric, ""))


def cards(found: Sequence[ModelCard]) -> list[Card]:
    """Every model of the last run."""
    return [_card(one) for one in found]


def _card(one: ModelCard) -> Card:
    state = str(one.details.get("state", "fitted"))
    words = {
        "fitted": _("learned from this shop"),
        "fallback": _("too little history: the shop's average, with a wide interval"),
        "nobody": _("nobody to predict for"),
    }
    method = one.details.get("method")
    facts = [(_("Customers scored"), formats.count(one.rows))]
    if method:
        facts.append((_("Made of"), method_name(str(method))))
    facts += _level(one.details.get("level"))
    facts += _value_facts(one.details)
    share = one.details.get("reasons_explain_share")
    if isinstance(share, int | float):
        facts.append((_("Reasons explain"), formats.share(float(share), places=0)))
    return Card(
        name=model_name(one.model, one.horizon_days),
        what=_what(one.model),
        state=words.get(state, state),
        is_sure=state == "fitted",
        facts=tuple(facts),
        notes=tuple(note for note in (_note(told) for told in one.details.get("notes", ())) if note),
        version=one.version,
        anchor=f"{one.model}-{one.horizon_days}",
    )


def _what(model: str) -> str:
    texts = {
        "value": _(
            "Chance to be still a customer, purchases and margin to expect, each with the range that holds nine of ten."
        ),
        "return": _("The chance to buy within the days; what is missing to 100 is the risk of losing them."),
        "spend": _("Sales to expect within the days, in the shop's money."),
    }
    return texts.get(model, "")


def _level(level: Any) -> list[tuple[str, str]]:
    if not isinstance(level, Mapping):
        return []
    bases = {
        "last_year": _("set by the same weeks of last year"),
        "recent": _("set by the last windows"),
        "none": _("as the model tells it"),
    }
    basis = str(level.get("basis", "none"))
    return [(_("Level"), bases.get(basis, basis))]


def _value_facts(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    fitted = details.get("bgnbd")
    if isinstance(fitted, Mapping):
        names = [name for name in ("r", "alpha", "a", "b") if isinstance(fitted.get(name), int | float)]
        told = ", ".join(f"{name} {fitted[name]:.3f}" for name in names)
        found.append((_("Purchase model (BG/NBD)"), told))
    if isinstance(details.get("margin_share"), int | float):
        found.append((_("Margin"), formats.share(float(details["margin_share"]), places=0)))
    return [(name, text) for name, text in found if text]


def _note(told: Any) -> str:
    code = told.get("code", "") if isinstance(told, Mapping) else str(told)
    texts = {
        "little_data": _("Fewer than 500 buyers or 180 days: take it as a hint, the range is wide."),
        "baseline_wins": _("A simple rule did better on this shop's own past, so the rule is used."),
        "no_season_yet": _("No same season last year to set the level by."),
        "no_back_test": _("Not tested on the past yet: the history is too short to hide a part of it."),
    }
    return texts.get(code, "")


def boards(lines: Sequence[ScoreLine]) -> dict[str, list[Board]]:
    """The newest cut of each model and metric, by the anchor of its card."""
    found: dict[str, list[Board]] = {}
    by: dict[tuple[str, int, str], list[ScoreLine]] = {}
    for line in lines:
        by.setdefault((line.model, line.horizon_days, line.metric), []).append(line)
    order = {metric: place for place, metric in enumerate(_METRICS)}
    for (model, days, metric), held in sorted(by.items(), key=lambda one: order.get(one[0][2], len(order))):
        newest = max(line.cut_on for line in held)
        here = [line for line in held if line.cut_on == newest and line.value is not None]
        if here:
            found.setdefault(f"{model}-{days}", []).append(_board(metric, lines=here))
    return found


def _board(metric: str, *, lines: Sequence[ScoreLine]) -> Board:
    name, what = metric_words(metric)
    return Board(
        metric=name,
        what=what,
        cut_on=lines[0].cut_on,
        customers=formats.count(lines[0].customers),
        methods=tuple(
            Method(
                name=method_name(line.method),
                value=_figure(line.value, metric=metric),
                span=f"{_figure(line.low, metric=metric)}–{_figure(line.high, metric=metric)}"
                if line.low is not None and line.high is not None
                else "",
                is_winner=line.is_winner,
                is_used=line.is_used,
                is_baseline=line.is_baseline,
            )
            for line in lines
        ),
    )


def _figure(value: float | None, *, metric: str) -> str:
    if value is None:
        return "—"
    return formats.share(value) if metric in _SHARES else formats.decimal(value, places=3 if metric == "auc" else 2)


def trials(found: Sequence[TrialCard], *, names: Mapping[str, str], write: Writing) -> list[Trial]:
    """What each play's trials say about whom it moves; spend only where something was estimated."""
    return [
        _trial(one, name=names.get(one.play, one.play), write=write)
        for one in found
        if one.outcome == "bought" or one.effect is not None
    ]


def _trial(one: TrialCard, *, name: str, write: Writing) -> Trial:
    unit = "money" if one.outcome == "spend" else "share"
    words = {
        "proven": _("targeting proven"),
        "not_proven": _("targeting not proven"),
        "refused": _("cannot be told yet"),
    }
    people = {"people": formats.count(one.people), "held": formats.count(one.holdout)}
    people["needed"] = formats.count(max(one.people_needed - one.people, 0))
    sentences = {
        "proven": _("%(people)s people, %(held)s held out: whom the model ranks high is moved more than others."),
        "not_proven": _(
            "%(people)s people, %(held)s held out: as far as this can tell, nobody is moved more than anybody else."
            " About %(needed)s more people would decide it."
        ),
        "refused": _(
            "%(people)s people, %(held)s held out: too few to look for differences. About %(needed)s more are needed."
        ),
    }
    sentence = sentences[one.verdict] % people

    def told(*parts: float | None) -> str:
        if None in parts:
            return "—"
        texts = [value_text(part, unit=unit, currency=write.currency, language=write.language) for part in parts]
        return _("%(value)s (%(low)s to %(high)s)") % {"value": texts[0], "low": texts[1], "high": texts[2]}

    return Trial(
        play=name,
        outcome=_("money a person") if one.outcome == "spend" else _("share that buys"),
        verdict=words[one.verdict],
        tone="good" if one.verdict == "proven" else "warn" if one.verdict == "refused" else "",
        sentence=sentence,
        effect=told(one.effect, one.effect_low, one.effect_high),
        qini=told(one.qini, one.qini_low, one.qini_high),
        top30=told(one.top30, one.top30_low, one.top30_high),
    )

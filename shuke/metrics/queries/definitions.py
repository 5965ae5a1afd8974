"""What is written about the metrics."""

from collections.abc import Mapping, Sequence

from django.conf import settings

from shuke.access.rules import Permission, require
from shuke.checkup.rules import tongue
from shuke.kernel.actor import Actor
from shuke.kernel.errors import WrongUse
from shuke.lake.queries import current_generation
from shuke.metrics.adapters import load_metrics, words
from shuke.metrics.models import MetricSetting
from shuke.metrics.rules.words import member_name
from shuke.metrics.values import Counting, Definition, Metric

SIMPLE = "simple"


class UnknownMetric(WrongUse):
    """There is no metric of that code."""


def metric_of(actor: Actor, *, code: str) -> Metric:
    """The metric itself, as this shop has it; raises `UnknownMetric`."""
    known = all_metrics(actor)
    if code not in known:
        raise UnknownMetric(f"There is no metric '{code}'.", hint=f"Known: {', '.join(known)}.")
    return known[code]


def all_metrics(actor: Actor) -> Mapping[str, Metric]:
    """All metrics by code, those that ship changed and added to by the workspace."""
    require(actor, Permission.SEE_WEEK)
    return load_metrics(settings.WORKSPACE)


def definitions(actor: Actor, *, language: str) -> list[Definition]:
    """All metrics in the order of their pages; those that are off say in `missing` what they need.

    Raises `adapters.BadMetric` where a shop's own file cannot be used.
    """
    require(actor, Permission.SEE_WEEK)
    return [_definition(actor, metric=metric, language=language) for metric in all_metrics(actor).values()]


def definition(actor: Actor, *, code: str, language: str) -> Definition:
    """One metric; raises `UnknownMetric`."""
    require(actor, Permission.SEE_WEEK)
    return _definition(actor, metric=metric_of(actor, code=code), language=language)


def dimensions_of(actor: Actor, *, metric: Metric) -> tuple[str, ...]:
    """The dimensions that an actor may see: with a store scope no channels, which hold other stores' sales."""
    if actor.stores is None:
        return metric.dimensions
    return tuple(name for name in metric.dimensions if name not in ("channel", "source"))


def _definition(actor: Actor, *, metric: Metric, language: str) -> Definition:
    here = tongue(language)
    texts = metric.texts[here]
    return Definition(
        code=metric.code,
        name=texts.name,
        what=texts.what,
        unit=metric.unit,
        better=metric.better,
        simple=metric.simple,
        numerator=texts.numerator,
        denominator=texts.denominator,
        window=texts.window,
        refunds=texts.refunds,
        identity=texts.identity,
        dedupe=texts.dedupe,
        stand=texts.stand,
        days=metric.days,
        grains=metric.grains,
        dimensions=dimensions_of(actor, metric=metric),
        additive=metric.additive,
        file=f"metrics/{metric.code}.yaml",
        missing=_missing(metric, here=here),
        numerator_unit=_part_unit(metric.numerator),
        denominator_unit=_part_unit(metric.numerator if metric.is_whole else metric.denominator),
    )


def _part_unit(countings: Sequence[Counting]) -> str:
    """Money where its amounts are minor units, else a count; '' of nothing."""
    if not countings:
        return ""
    return "money" if any("_minor" in counting.amount for counting in countings) else "count"


def _missing(metric: Metric, *, here: str) -> str:
    if not metric.needs:
        return ""
    current = current_generation()
    has_rows = current is not None and current.tables.get(metric.needs, {}).get("rows", 0) > 0
    return "" if has_rows else str(words()["missing"][metric.needs][here])


def member_label(actor: Actor, *, metric: str, dimension: str, member: str, language: str) -> str:
    """A member of a dimension as people call it."""
    require(actor, Permission.SEE_WEEK)
    return member_name(
        member,
        dimension=dimension,
        split=metric_of(actor, code=metric).split,
        currency=settings.WORKSPACE.currency,
        language=language,
        words=words(),
    )


def note_label(actor: Actor, *, note: str, language: str) -> str:
    """A point's note in words; '' for none."""
    require(actor, Permission.SEE_WEEK)
    return str(words()["notes"][note][tongue(language)]) if note else ""


def is_simple(actor: Actor) -> bool:
    """Whether the shop shows three numbers only."""
    require(actor, Permission.SEE_WEEK)
    return MetricSetting.objects.filter(name=SIMPLE, is_on=True).exists()


def shown(actor: Actor, *, language: str) -> Sequence[Definition]:
    """The metrics that this shop shows on its pages: all, or the simple ones."""
    found = definitions(actor, language=language)
    return [one for one in found if one.simple] if is_simple(actor) else found

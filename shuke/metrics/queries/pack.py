"""The meeting pack: one page of the last finished week against the same lunar week last year, and why."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from shuke.access.rules import Permission, require
from shuke.checkup.rules import tongue
from shuke.kernel.actor import Actor
from shuke.kernel.errors import NotAllowed
from shuke.kernel.period import Period
from shuke.lake.queries import NotBuilt, Reader
from shuke.metrics import rules
from shuke.metrics.adapters import words
from shuke.metrics.queries.definitions import metric_of
from shuke.metrics.queries.points import as_of as day_of
from shuke.metrics.queries.points import members
from shuke.metrics.rules.change import Effects, Trade, effects
from shuke.metrics.rules.words import change, member_name, say_value
from shuke.metrics.values import MeetingPack, Metric, PackLine, PackStore, Point

LINES = (
    *("sales", "orders", "average_order", "new_customer_share", "repurchase_rate", "member_penetration"),
    *("active_rate", "churn_rate"),
)
_TRADE = """
select {store} as store, period,
  cast(sum(net_minor) as bigint) as sales_minor,
  cast(sum(case when is_known then net_minor else 0 end) as bigint) as known_minor,
  cast(sum(case when is_known then 1 else 0 end) as bigint) as orders,
  count(distinct case when is_known then customer_id end) as buyers
from (
  select store, customer_id, net_minor, is_purchase and customer_id is not null as is_known,
    case when ordered_on >= $now_on then 'now' else 'then' end as period
  from metric_orders
  where (ordered_on >= $now_on and ordered_on < $now_end) or (ordered_on >= $then_on and ordered_on < $then_end)
) o
group by 1, 2
order by 1, 2
"""
Spans = tuple[Period, Period | None]
Points = dict[tuple[str, str, str, date], Point]
# The key of the whole shop: '' is the member of orders without a store.
_WHOLE = "*"
_NOBODY = Trade(sales_minor=0, known_minor=0, orders=0, buyers=0)


def meeting_pack(actor: Actor, *, lake: Reader, language: str, store: str | None = None) -> MeetingPack:
    """The pack of the whole shop and of each store the actor sees, or of one store.

    Raises `NotBuilt` before the first week, `NotAllowed` for a store outside the actor's scope.
    """
    require(actor, Permission.SEE_WEEK)
    if store is not None and actor.stores is not None and store not in actor.stores:
        raise NotAllowed(f"{actor.name} may not see {store}.", hint="Choose a store of your own.")
    as_of = day_of(actor, lake=lake)
    if as_of is None:
        raise NotBuilt("There are no metrics yet.", hint="Run 'shuke week' once.")
    week = rules.last_finished(as_of, grain="week")
    then = rules.lunar_week(week)
    totals, stores = _trades(lake, week=week, then=then)
    has_then = bool(totals.get("then") and totals["then"].sales_minor)
    shown = [store] if store is not None else ["", *stores]
    spans = (week, then if has_then else None)
    points = _points(actor, lake=lake, spans=spans)
    everything = str(words()["members"]["all"][tongue(language)])
    return MeetingPack(
        as_of=as_of,
        week=week,
        lunar_week=then if has_then else None,
        stores=tuple(
            PackStore(
                name,
                name=name or everything,
                lines=_lines(actor, points=points, store=name, spans=spans, language=language),
            )
            for name in shown
        ),
        why=_why(
            stores.get(store, {}) if store is not None else totals,
            stores={} if store is not None else stores,
            week=week,
            then=then,
            language=language,
        ),
    )


def _trades(lake: Reader, *, week: Period, then: Period) -> tuple[dict[str, Trade], dict[str, dict[str, Trade]]]:
    """What was sold now and then: of all, and by store with a name."""
    days = {"now_on": week.start_on, "now_end": week.end_on, "then_on": then.start_on, "then_end": then.end_on}
    names = ("sales_minor", "known_minor", "orders", "buyers")
    found: dict[str, dict[str, Trade]] = {}
    for column in ("''", "store"):
        for row in lake.rows(_TRADE.format(store=column), **days):
            key = _WHOLE if column == "''" else row["store"]
            found.setdefault(key, {})[row["period"]] = Trade(**{name: row[name] for name in names})
    totals = found.pop(_WHOLE, {})
    return totals, {name: trades for name, trades in sorted(found.items()) if name}


def _points(actor: Actor, *, lake: Reader, spans: Spans) -> Points:
    """Every point of the page, by (metric, store, band, first day)."""
    starts = [span.start_on for span in spans if span is not None]
    found: Points = {}
    asked = ((LINES, "all"), (LINES, "store"), (("order_bands",), "band"), (("order_bands",), "store_band"))
    for codes, dimension in asked:
        metrics = [metric_of(actor, code=code) for code in codes]
        read = members(actor, lake=lake, metrics=metrics, grain="week", dimension=dimension, starts=starts)
        for (code, member, start), point in read.items():
            store, _, band = member.partition("/") if "store" in dimension else (_WHOLE, "", member)
            found[code, store, band, start] = point
    return found


def _lines(actor: Actor, *, points: Points, store: str, spans: Spans, language: str) -> tuple[PackLine, ...]:
    """The metrics of the whole ('') or a store, then its order structure: a line a band."""
    metrics = [metric_of(actor, code=code) for code in LINES if any(key[0] == code for key in points)]
    bands = metric_of(actor, code="order_bands")
    named = [(metric, "", metric.texts[tongue(language)].name) for metric in metrics]
    for number in range(1, len(bands.split.edges) + 2 if bands.split else 1):
        name = member_name(
            str(number),
            dimension="band",
            split=bands.split,
            currency=settings.WORKSPACE.currency,
            language=language,
            words=words(),
        )
        named.append((bands, str(number), name))
    found = []
    for metric, band, name in named:
        now, then = (
            points.get((metric.code, store or _WHOLE, band, s.start_on)) if s is not None else None for s in spans
        )
        found.append(_line(metric, name=name, now=now, then=then, language=language))
    return tuple(found)


def _line(metric: Metric, *, name: str, now: Point | None, then: Point | None, language: str) -> PackLine:
    before = then if then is not None and then.mature else None
    told = change(
        now.value if now else None,
        before.value if before else None,
        unit=metric.unit,
        currency=settings.WORKSPACE.currency,
        language=language,
        words=words(),
    )
    return PackLine(code=metric.code, name=name, unit=metric.unit, now=now, then=before, change=told)


def _why(
    totals: Mapping[str, Trade],
    *,
    stores: Mapping[str, Mapping[str, Trade]],
    week: Period,
    then: Period,
    language: str,
) -> tuple[str, ...]:
    """Sentences on what changed: the whole, its four parts, and the stores that moved most."""
    here = tongue(language)
    texts: Mapping[str, Any] = words()["pack"]
    now, before = totals.get("now", _NOBODY), totals.get("then", _NOBODY)
    if not before.sales_minor:
        return (str(texts["no_then"][here]),)
    parts = effects(now, before)
    told = [
        str(texts["total"][here]).format(
            week=_days(week, language=language),
            then_week=_days(then, language=language),
            now=_money(now.sales_minor, language=language),
            then=_money(before.sales_minor, language=language),
            change=_by(parts.total_minor, share_of=before.sales_minor, language=language),
        )
    ]
    told += _factors(now, before, parts=parts, language=language)
    told += _movers(stores, language=language)
    return (*told, str(texts["method"][here]))


def _factors(now: Trade, then: Trade, *, parts: Effects, language: str) -> list[str]:
    """A sentence a cause, the greatest effect first."""
    here = tongue(language)
    texts: Mapping[str, Any] = words()["pack"]

    def ratio(above: int, below: int) -> float | None:
        return rules.value_of(above, below)

    def say(value: float | None, *, unit: str) -> str:
        return say_value(value, unit=unit, currency=settings.WORKSPACE.currency, language=language)

    known = [
        (parts.buyers_minor, "buyers", say(now.buyers, unit="count"), say(then.buyers, unit="count")),
        (
            parts.frequency_minor,
            "frequency",
            say(ratio(now.orders, now.buyers), unit="ratio"),
            say(ratio(then.orders, then.buyers), unit="ratio"),
        ),
        (
            parts.average_minor,
            "average",
            say(ratio(now.known_minor, now.orders), unit="money"),
            say(ratio(then.known_minor, then.orders), unit="money"),
        ),
        (parts.rest_minor, "", say(now.rest_minor, unit="money"), say(then.rest_minor, unit="money")),
    ]
    found = []
    for effect, factor, after, before in sorted(known, key=lambda entry: -abs(entry[0])):
        shape = texts["factor"] if factor else texts["unknown"]
        named = str(texts[factor][here]) if factor else ""
        told = _by(effect, share_of=0, language=language)
        found.append(str(shape[here]).format(factor=named, now=after, then=before, effect=told))
    return found


def _movers(stores: Mapping[str, Mapping[str, Trade]], *, language: str) -> list[str]:
    """The store that added most and the one that took away most."""
    moved = sorted(
        (trades.get("now", _NOBODY).sales_minor - trades.get("then", _NOBODY).sales_minor, store)
        for store, trades in stores.items()
    )
    found = []
    for key, entry in (("store_up", moved[-1:]), ("store_down", moved[:1])):
        for effect, store in entry:
            if (effect > 0) == (key == "store_up") and effect:
                told = _by(effect, share_of=0, language=language)
                found.append(str(words()["pack"][key][tongue(language)]).format(store=store, effect=told))
    return found


def _by(minor: int, *, share_of: int, language: str) -> str:
    """多 ¥3,200（12.0%）, 少 ¥100; without a share where none is asked."""
    here = tongue(language)
    if share_of:
        shape = words()["pack"]["more" if minor > 0 else "less" if minor < 0 else "equal"][here]
        share = say_value(abs(minor / share_of), unit="share", currency="", language=language)
        return str(shape).format(by=_money(abs(minor), language=language), share=share)
    return change(
        float(minor), 0.0, unit="money", currency=settings.WORKSPACE.currency, language=language, words=words()
    )


def _money(minor: int, *, language: str) -> str:
    return say_value(float(minor), unit="money", currency=settings.WORKSPACE.currency, language=language)


def _days(period: Period, *, language: str) -> str:
    """The first and the last day as they are said: 11月16日—22日, 16–22 Nov."""
    first, last = period.start_on, period.end_on - timedelta(days=1)
    same = first.month == last.month
    if tongue(language) == "zh":
        return f"{first.month}月{first.day}日—" + (f"{last.day}日" if same else f"{last.month}月{last.day}日")
    return f"{first.day}–{last.day} {last:%b}" if same else f"{first.day} {first:%b} – {last.day} {last:%b}"

"""Sentences about findings. Every number in them is a computed value."""

from collections.abc import Mapping, Sequence
from datetime import date

from shuke.checkup.rules.figures import say_count, say_day, say_money, say_share
from shuke.checkup.rules.words import source_name, text, tongue
from shuke.checkup.values import Change, ImportStep, Parameter, Past

_STORES_NAMED = 2
_CHANGES_NAMED = 2


class _Known(dict[str, str]):
    """Leaves a dash where a value could not be computed, so that a sentence is never lost."""

    def __missing__(self, key: str) -> str:
        return "—"


def said(name: str, value: Parameter, *, currency: str, language: str) -> str:
    """A computed value in words: the ending of its name tells its kind (_share, _minor, _on, _source)."""
    if name.endswith("_share") or name == "share":
        return say_share(float(value))
    if name.endswith("_minor"):
        return say_money(int(value), currency=currency, language=language)
    if name.endswith("_on"):
        return say_day(date.fromisoformat(str(value)), language=language)
    if name.endswith("_source"):
        return source_name(str(value), language=language)
    if name.endswith("_hours"):
        return str(abs(int(float(value))))
    return say_count(value) if isinstance(value, int) else str(value)


def tell(
    template: str, *, parameters: Mapping[str, Parameter], stores: Sequence[str], currency: str, language: str
) -> str:
    """A sentence with its places filled; `{money}` and `{top_money}` take the parameters ending in _minor."""
    values = _Known()
    for name, value in parameters.items():
        words = said(name, value, currency=currency, language=language)
        values[name] = words
        if name.endswith("_minor"):
            values[f"{name.removesuffix('_minor')}_money" if name != "money_minor" else "money"] = words
    values["first"] = values["first_on"]
    values["last"] = values["last_on"]
    values["stores"] = _stores(stores, language=language)
    return template.format_map(values)


def _stores(stores: Sequence[str], *, language: str) -> str:
    if not stores:
        return text("all_stores", language=language)
    joint = "、" if tongue(language) == "zh" else ", "
    named = joint.join(stores[:_STORES_NAMED])
    if len(stores) <= _STORES_NAMED:
        return named
    return text("more_stores", language=language, stores=named, count=len(stores))


def headline(share: float | None, *, language: str) -> str:
    """The one sentence on top: of every 100 in sales so many have a person behind them."""
    if share is None:
        return text("headline_empty", language=language)
    return text("headline", language=language, hundred=round(share * 100))


def sentence(
    *, sales_minor: int, attached_minor: int, first_on: date | None, last_on: date | None, currency: str, language: str
) -> str:
    """The sentence under the headline, with the money."""

    def money(minor: int) -> str:
        return say_money(minor, currency=currency, language=language)

    return text(
        "sentence",
        language=language,
        first=say_day(first_on, language=language),
        last=say_day(last_on, language=language),
        sales=money(sales_minor),
        attached=money(attached_minor),
        missing=money(sales_minor - attached_minor),
    )


def share_of(part: int | None, whole: int | None) -> float | None:
    """A part of a whole, 0 to 1 where nothing is negative; None where there is no whole."""
    return part / whole if part is not None and whole is not None and whole > 0 else None


def comparison_sentences(
    *,
    shares: tuple[float | None, float | None],
    previous_on: date,
    brought: Mapping[Past, tuple[int, Sequence[ImportStep]]],
    currency: str,
    language: str,
) -> tuple[str, ...]:
    """What changed since the last check-up: the share, then what was brought back."""
    told = [
        _points(shares, previous_on=previous_on, language=language),
        *(
            _brought(money, base=base, steps=steps, currency=currency, language=language)
            for base, (money, steps) in brought.items()
        ),
    ]
    return tuple(one for one in told if one)


def _points(shares: tuple[float | None, float | None], *, previous_on: date, language: str) -> str:
    before, now = shares
    if before is None or now is None:
        return ""
    # Of the shares as they are shown, so that equal ones never differ.
    points = round(round(now * 100, 1) - round(before * 100, 1), 1)
    day = say_day(previous_on, language=language)
    if points == 0:
        return text("as_before", language=language, day=day)
    return text("better" if points > 0 else "worse", language=language, day=day, points=f"{abs(points):.1f}")


def _brought(minor: int, *, base: Past, steps: Sequence[ImportStep], currency: str, language: str) -> str:
    """What came back to the days of the last check-up; small change is not told."""
    if abs(minor) < max(1, base.sales_minor // 2_000):
        return ""
    money = say_money(abs(minor), currency=currency, language=language)
    if minor < 0:
        return text("lost_again", language=language, money=money, until=say_day(base.as_of, language=language))
    if not steps:
        return text("brought_back", language=language, money=money, until=say_day(base.as_of, language=language))
    days = sorted({step.imported_on for step in steps})
    fixed = text("fixed_on", language=language, day=say_day(days[-1], language=language))
    if len(days) > 1:
        first, last = (say_day(day, language=language) for day in (days[0], days[-1]))
        fixed = text("fixed_between", language=language, first=first, last=last)
    files = text("file_1", language=language) if len(steps) == 1 else text("files_n", language=language, n=len(steps))
    return text("fix_brought_back", language=language, fixed=fixed, files=files, money=money)


def change_sentences(changes: Sequence[Change], *, currency: str, language: str) -> tuple[str, ...]:
    """The problems that moved most by name: those mended first, then the less, the new and the grown."""
    told = (
        _problems(changes, kind=kind, currency=currency, language=language)
        for kind in ("gone", "better", "new", "worse")
    )
    return tuple(one for one in told if one)


def _problems(changes: Sequence[Change], *, kind: str, currency: str, language: str) -> str:
    """The dearest problems of one kind by name."""
    named = [change for change in changes if change.kind == kind][:_CHANGES_NAMED]
    if not named:
        return ""
    words = [
        text(
            "one_problem",
            language=language,
            title=change.title,
            money=say_money(abs(change.now_minor - change.before_minor), currency=currency, language=language),
        )
        for change in named
    ]
    return text(f"problems_{kind}", language=language, problems=text("joint", language=language).join(words))

"""Reading definitions/*.yaml and a shop's own metrics/*.yaml: every mistake is told with its file, line and repair."""

import csv
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlglot
import yaml
from sqlglot import exp

from shuke.kernel.errors import ShukeError
from shuke.kernel.money import exponent, to_minor
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import specs
from shuke.metrics.values import DIMENSIONS, GRAINS, UNITS, Counting, Metric, Split, Texts

DEFINITIONS = Path(__file__).parent / "definitions"
_TOP = {
    *("zh", "en", "unit", "better", "order", "days", "wait_days", "history_days", "simple", "additive", "grains"),
    *("dimensions", "split", "count", "needs"),
}
_COUNT = {"numerator", "denominator", "people"}
_COUNTING = {"table", "day", "from", "until", "where", "amount", "each", "period", "at"}
_TEXTS = {field.name for field in fields(Texts)}
_PLACES = ("all", "store", "channel", "associate")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_DAYS = 1100
# A period as long as a metric's days would lose people of its own: days for `at: start` and the lapse are longer.
_QUARTER_DAYS = 92


class BadMetric(ShukeError):
    """A metric's file cannot be used; the message names file, line and what is wrong."""


@dataclass(frozen=True)
class _File:
    """A YAML file read with the line of every key."""

    path: Path
    values: Mapping[str, Any]
    lines: Mapping[tuple[str, ...], int]

    def wrong(self, key: tuple[str, ...], *, what: str, hint: str) -> BadMetric:
        """The error of one key."""
        place = next((self.lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in self.lines), 1)
        return BadMetric(f"metrics/{self.path.name} line {place}: {what}", hint=hint)


def load_metrics(workspace: Workspace) -> Mapping[str, Metric]:
    """All metrics by code in the order of their pages: those that ship, changed and added to by the workspace's folder
    `metrics/`. Raises `BadMetric`.
    """
    own = workspace.root / "metrics"
    found = sorted(DEFINITIONS.glob("*.yaml")) + (sorted(own.glob("*.yaml")) if own.is_dir() else [])
    stamps = tuple((path, path.stat().st_mtime_ns) for path in found)
    return _load(stamps, currency=workspace.currency)


@lru_cache(maxsize=8)
def _load(stamps: tuple[tuple[Path, int], ...], *, currency: str) -> Mapping[str, Metric]:
    read: dict[str, _File] = {}
    for path, _ in stamps:
        file = _read(path)
        shipped = read.get(path.stem)
        if shipped is not None:
            file = _File(path, values=_merged(shipped.values, file.values), lines=file.lines)
        read[path.stem] = file
    metrics = [_metric(code, file=file, currency=currency) for code, file in read.items()]
    return {metric.code: metric for metric in sorted(metrics, key=lambda metric: (metric.order, metric.code))}


def _read(path: Path) -> _File:
    loader = _LOADER(path.read_text("utf-8"))
    lines: dict[tuple[str, ...], int] = {}
    try:
        root = loader.get_single_node()
        _refuse_aliases(root)
        values = _plain(loader, root, place=(), lines=lines)
    except (ValueError, RecursionError, yaml.reader.ReaderError) as error:
        raise BadMetric(
            f"metrics/{path.name}: a number, a day or a sign in it cannot be read.", hint="Mend it."
        ) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadMetric(
            f"metrics/{path.name} line {line}: {error.problem}.", hint="Mend the indentation or quotes there."
        ) from error
    finally:
        loader.dispose()
    file = _File(path, values=values if isinstance(values, dict) else {}, lines=lines)
    _check_keys(file, at=(), known=_TOP)
    for language in ("zh", "en"):
        _check_keys(file, at=(language,), known=_TEXTS)
    _check_keys(file, at=("count",), known=_COUNT)
    for part in _COUNT:
        _check_keys(file, at=("count", part), known=_COUNTING)
    return file


def _refuse_aliases(root: Any) -> None:
    """A few lines of aliases stand for more values than any machine holds: nothing is read twice."""
    waiting, met = [root], set()
    while waiting:
        node = waiting.pop()
        if not isinstance(node, yaml.CollectionNode):
            continue
        if id(node) in met:
            raise yaml.MarkedYAMLError(problem="a name with * is not read here", problem_mark=node.start_mark)
        met.add(id(node))
        inner = (part for pair in node.value for part in (pair if isinstance(pair, tuple) else (pair,)))
        waiting.extend(inner)


def _plain(loader: Any, node: Any, *, place: tuple[str, ...], lines: dict[tuple[str, ...], int]) -> Any:
    """A YAML node as Python values; the line of every key is written to `lines`. Items of lists share their key."""
    if isinstance(node, yaml.MappingNode):
        found = {}
        for key, value in node.value:
            lines.setdefault((*place, str(key.value)), key.start_mark.line + 1)
            found[str(key.value)] = _plain(loader, value, place=(*place, str(key.value)), lines=lines)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(loader, item, place=place, lines=lines) for item in node.value]
    return None if node is None else loader.construct_object(node)


def _check_keys(file: _File, *, at: tuple[str, ...], known: set[str]) -> None:
    inner: Any = file.values
    for key in at:
        inner = inner.get(key, {}) if isinstance(inner, dict) else {}
    for entry in inner if isinstance(inner, list) else [inner]:
        for key in entry if isinstance(entry, dict) else ():
            if key not in known:
                near = difflib.get_close_matches(key, sorted(known), n=1)
                hint = f"Did you mean '{near[0]}'?" if near else f"Known here: {', '.join(sorted(known))}."
                raise file.wrong((*at, key), what=f"nobody knows the key '{key}'.", hint=hint)


def _merged(shipped: Mapping[str, Any], own: Mapping[str, Any]) -> Mapping[str, Any]:
    """The shop's file over the shipped one: texts one by one, everything else whole."""
    merged = dict(shipped) | dict(own)
    for part in ("zh", "en", "count"):
        if isinstance(own.get(part), dict):
            merged[part] = {**shipped.get(part, {}), **own[part]}
    return merged


def _metric(code: str, *, file: _File, currency: str) -> Metric:
    values = file.values
    for key in ("zh", "en", "unit", "count"):
        if not values.get(key):
            raise file.wrong(
                (key,), what=f"'{key}' is missing.", hint="Compare it with a metric that ships with Shuke."
            )
    days = _number(file, "days", default=0)
    count = values["count"]
    is_whole = count.get("denominator") == "whole"
    split = _split(file, currency=currency)
    parts = {
        part: () if part == "denominator" and is_whole else _countings(file, part=part, days=days)
        for part in ("numerator", "denominator", "people")
    }
    _check_span(file, parts=parts, days=days)
    if not parts["numerator"]:
        raise file.wrong(("count",), what="'numerator' is missing.", hint="Say which rows count.")
    return Metric(
        code=code,
        texts={language: _texts(file, language=language, days=days) for language in ("zh", "en")},
        unit=_choice(file, "unit", known=UNITS, default=""),
        better=_choice(file, "better", known=("up", "down", "none"), default="none"),
        order=_number(file, "order", default=900),
        days=days,
        wait_days=_number(file, "wait_days", default=0, days=days),
        history_days=_number(file, "history_days", default=0, days=days),
        simple=bool(values.get("simple", False)),
        additive=bool(values.get("additive", True)),
        grains=_choices(file, "grains", known=GRAINS, default=GRAINS),
        dimensions=_choices(file, "dimensions", known=DIMENSIONS, default=_PLACES),
        split=split,
        is_whole=is_whole,
        needs=str(values.get("needs", "")),
        **parts,
    )


def _check_span(file: _File, *, parts: Mapping[str, tuple[Counting, ...]], days: int) -> None:
    """A metric of what was lost between two moments needs days longer than its longest period."""
    lost = any("{period}" in counting.where and "days" in file.values for counting in parts["numerator"])
    if lost and days <= _QUARTER_DAYS:
        what = f"'days' is {days}, but must be longer than a quarter."
        raise file.wrong(("days",), what=what, hint=f"Take at least {_QUARTER_DAYS + 1}.")


def _texts(file: _File, *, language: str, days: int) -> Texts:
    written = file.values[language]
    shown = {"days": days, "history_days": _number(file, "history_days", default=0, days=days)}
    try:
        return Texts(**{key: str(text).format_map(shown) for key, text in written.items()})
    except KeyError as error:
        raise file.wrong(
            (language,), what=f"the text names {error}.", hint="Only {days} and {history_days}."
        ) from error
    except (TypeError, ValueError) as error:
        missing = sorted(_TEXTS - set(written) - {"denominator"})
        what = f"'{language}' lacks {', '.join(missing)}." if missing else f"a text cannot be read: {error}."
        raise file.wrong((language,), what=what, hint="Copy it from the file that ships with Shuke.") from error


def _number(file: _File, key: str, *, default: int, days: int = 0) -> int:
    value = file.values.get(key, default)
    if value == "days" and key != "days":
        return days
    low, high = (0, 10_000) if key == "order" else (0, _MOST_DAYS)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise file.wrong(
            (key,), what=f"'{key}' is a whole number from {low} to {high}, not {value!r}.", hint="Mend it."
        )
    return value


def _choice(file: _File, key: str, *, known: tuple[str, ...], default: str) -> str:
    value = file.values.get(key, default)
    if value not in known:
        raise file.wrong((key,), what=f"'{key}' is not {value!r}.", hint=f"Known: {', '.join(known)}.")
    return str(value)


def _choices(file: _File, key: str, *, known: tuple[Any, ...], default: tuple[Any, ...]) -> tuple[Any, ...]:
    value = file.values.get(key, list(default))
    if not isinstance(value, list) or not value or set(value) - set(known):
        raise file.wrong((key,), what=f"'{key}' is a list of {', '.join(known)}.", hint="For example [all, store].")
    return tuple(value)


def _split(file: _File, *, currency: str) -> Split | None:
    written = file.values.get("split")
    if written is None:
        return None
    edges = written.get("edges", {}) if isinstance(written, dict) else {}
    chosen = edges.get(currency, edges.get("other"))
    if not chosen or sorted(set(chosen)) != list(chosen) or not all(isinstance(edge, int) for edge in chosen):
        raise file.wrong(("split",), what="'edges' are growing whole numbers by currency.", hint="CNY: [50, 100, 200]")
    return Split(str(written["column"]), tuple(edge * 10 ** exponent(currency) for edge in chosen))


def _countings(file: _File, *, part: str, days: int) -> tuple[Counting, ...]:
    written = file.values["count"].get(part)
    found = []
    for entry in written if isinstance(written, list) else [written] if written else []:
        renamed = {
            {"from": "start"}.get(key, key): str(value).replace("{days}", str(days)) for key, value in entry.items()
        }
        try:
            counting = Counting(**renamed)
        except TypeError as error:
            raise file.wrong(("count", part), what=f"{part}: 'table' is missing.", hint="Name a table.") from error
        for key, known in (("each", ("row", "customer")), ("period", ("own", "next")), ("at", ("end", "start"))):
            if getattr(counting, key) not in known:
                what = f"'{key}' is one of {', '.join(known)}."
                raise file.wrong(("count", part, key), what=what, hint="Mend that line.")
        _check_sql(file, counting=counting, part=part)
        found.append(counting)
    return tuple(found)


def _check_sql(file: _File, *, counting: Counting, part: str) -> None:
    """Every expression can be read and names columns of its table only."""
    spec = specs().get(counting.table)
    if spec is None or spec.room != "metrics":
        known = ", ".join(sorted(name for name, spec in specs().items() if spec.room == "metrics"))
        raise file.wrong(
            ("count", part, "table"), what=f"there is no table '{counting.table}'.", hint=f"Known: {known}."
        )
    if bool(counting.day) == bool(counting.start and counting.until):
        raise file.wrong(
            ("count", part), what="rows count by 'day', or by 'from' and 'until'.", hint="Give one of them."
        )
    columns = _columns(counting.table)
    for key in ("day", "start", "until", "where", "amount"):
        text = getattr(counting, key)
        plain = text.replace("{period}", "day_on").replace("{end}", "day_on").replace("{after}", "day_on")
        at = ("count", part, {"start": "from"}.get(key, key))
        try:
            tree = sqlglot.parse_one(f"select {plain or 1}", dialect="duckdb")
        except sqlglot.errors.ParseError as error:
            raise file.wrong(
                at, what=f"this is no SQL expression: {text}", hint="Look for a comma or bracket."
            ) from error
        for column in tree.find_all(exp.Column):
            if column.name not in columns and column.name != "day_on":
                near = difflib.get_close_matches(column.name, sorted(columns), n=1)
                hint = f"Did you mean '{near[0]}'?" if near else f"Its columns: {', '.join(sorted(columns))}."
                raise file.wrong(at, what=f"{counting.table} has no column '{column.name}'.", hint=hint)


@lru_cache(maxsize=16)
def _columns(table: str) -> frozenset[str]:
    spec = specs()[table]
    tree = sqlglot.parse_one(spec.sql, dialect="duckdb")
    if spec.is_model:
        return frozenset(tree.named_selects if isinstance(tree, exp.Query) else ())
    return frozenset(column.name for column in tree.find_all(exp.ColumnDef))


@lru_cache(maxsize=1)
def words() -> Mapping[str, Any]:
    """definitions/texts/words.yaml."""
    read: Mapping[str, Any] = yaml.safe_load((DEFINITIONS / "texts" / "words.yaml").read_text("utf-8"))
    return read


def load_costs(workspace: Workspace) -> list[dict[str, Any]]:
    """The workspace's `metrics/acquisition_costs.csv` (channel, month, amount) as rows of metric_costs; none without
    the file. Several rows of a channel and month are added up. Raises `BadMetric` with the line.
    """
    path = workspace.root / "metrics" / "acquisition_costs.csv"
    if not path.is_file():
        return []
    found: dict[tuple[str, date], int] = {}
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text)
        if not {"channel", "month", "amount"} <= set(reader.fieldnames or ()):
            raise BadMetric(f"metrics/{path.name} line 1: a column is missing.", hint="channel,month,amount")
        for line, row in enumerate(reader, 2):
            try:
                day = date.fromisoformat(f"{row['month'].strip()[:7]}-01")
                amount = to_minor(Decimal(row["amount"].strip().replace(",", "")), workspace.currency)
            except (ValueError, ArithmeticError, AttributeError) as error:
                raise BadMetric(
                    f"metrics/{path.name} line {line}: month or amount cannot be read.",
                    hint="Write a month as 2026-11 and an amount as 1234.50.",
                ) from error
            channel = row["channel"].strip()
            found[channel, day] = found.get((channel, day), 0) + amount
    return [
        {"channel": channel, "day_on": day, "amount_minor": amount} for (channel, day), amount in sorted(found.items())
    ]

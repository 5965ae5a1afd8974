"""Looking at what an export is like, and keeping what it told differently than expected."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa
from django.db.models import Max

from shuke.intake.models import Batch
from shuke.intake.rules import final, schema, veils
from shuke.intake.rules.familiar import reads_of
from shuke.intake.rules.targets import TARGETS
from shuke.intake.values import Field, NoteKind, Observed, Recognised, SchemaNote
from shuke.lake.actions import Run

_LOOKED_AT = 20_000
_EXPORTS = 5
_WORDS = 50


def last_exports(mapping: str, *, pending: Sequence[Batch] = ()) -> list[Observed]:
    """What the last exports of a mapping looked like, the latest first; `pending` are batches not yet saved.

    Mended quarantine files are no exports of their own.
    """
    saved = Batch.objects.filter(mapping=mapping, repairs=None).exclude(observed={}).order_by("-pk")[:_EXPORTS]
    waiting = [one for one in reversed(pending) if one.mapping == mapping and one.repairs is None and one.observed]
    return [Observed.from_document(one.observed) for one in (*waiting, *saved)][:_EXPORTS]


def last_headers(*, pending: Sequence[Batch] = ()) -> dict[str, tuple[str, ...]]:
    """The columns of the last export of each mapping."""
    latest = Batch.objects.filter(repairs=None).exclude(observed={}).values("mapping").annotate(last=Max("pk"))
    saved = Batch.objects.filter(pk__in=[row["last"] for row in latest])
    return {one.mapping: tuple(one.observed.get("columns", ())) for one in (*saved, *pending) if one.observed}


@dataclass(frozen=True)
class Described:
    """What a batch keeps of an export: what it looked like, what changed, and its control totals."""

    observed: Observed
    notes: tuple[SchemaNote, ...]
    totals: Mapping[str, int]


def describe(
    cursor: duckdb.DuckDBPyConnection, recognised: Recognised, *, repairs: int | None, pending: Sequence[Batch]
) -> Described:
    """Looks at a part that was just staged, through the temp view `incoming` of its new rows.

    A mended quarantine file holds a few rows of an export and is compared with nothing.
    """
    header, channel = recognised.part.header, recognised.channel
    columns = {str(row[0]) for row in cursor.execute("describe select * from incoming").fetchall()}
    observed = _observed(cursor, recognised, columns=columns)
    notes = [*schema.twice(header, channel), *_told(cursor, recognised, columns=columns)]
    if repairs is None:
        before = last_exports(channel.code, pending=pending)
        notes += schema.compare_columns(observed.columns, reads_of(header, channel), before=before)
        notes += schema.compare_fields(observed, before=before)
    return Described(observed, tuple(notes), _totals(cursor, columns=columns))


def _observed(cursor: duckdb.DuckDBPyConnection, recognised: Recognised, *, columns: Collection[str]) -> Observed:
    """What a part looks like, by its first new rows."""
    reads, shapes = reads_of(recognised.part.header, recognised.channel), TARGETS[recognised.channel.kind]
    asked: dict[str, str] = {}
    for target in reads:
        column = f"{target}_minor" if f"{target}_minor" in columns else target
        if column in columns:
            asked[target] = _questions(f'"{column}"', schema.shape_of(shapes[target]), is_minor=column != target)
    selected = ", ".join(["count(*)", *asked.values()])
    found = cursor.execute(f"select {selected} from (select * from incoming limit {_LOOKED_AT})").fetchall()[0]
    rows, told = int(found[0]), iter(found[1:])
    fields = {}
    for target in asked:
        filled, whole, middle = int(next(told)), int(next(told) or 0), float(next(told) or 0)
        shape = _shape(schema.shape_of(shapes[target]), filled=filled, whole=whole)
        fields[target] = Field(reads[target], round(filled / max(rows, 1), 4), shape, middle)
    return Observed(schema.names(recognised.part.header), fields, rows)


def _questions(column: str, kind: str, *, is_minor: bool) -> str:
    """SQL of three answers: rows filled, rows with a whole amount or nothing but digits, the median amount."""
    if kind == "money":
        whole = f"{column} % 100 = 0" if is_minor else f"{column} = trunc({column})"
        return f"count({column}), count_if({whole}), cast(median({column}) as double){' / 100' if is_minor else ''}"
    digits = f"count_if(regexp_full_match({column}, '\\d+'))" if kind == "word" else "null"
    return f"count({column}), {digits}, null"


def _shape(kind: str, *, filled: int, whole: int) -> str:
    if not kind or not filled:
        return ""
    if kind == "money":
        return "whole" if whole == filled else "decimal"
    return "digits" if whole >= filled * 0.98 else "text" if whole <= filled * 0.02 else "mixed"


def _told(
    cursor: duckdb.DuckDBPyConnection, recognised: Recognised, *, columns: Collection[str]
) -> Iterator[SchemaNote]:
    """Words that no code is known for and buyer fields that are hidden, among the new rows."""
    reads = reads_of(recognised.part.header, recognised.channel)
    own = final.money(columns)
    whole = "max(order_paid_minor), " if "order_paid_minor" in columns else ""
    group = ", order_no" if "order_no" in columns else ", row_no"
    found = cursor.execute(
        "select odd_code, sum(times), count(*), coalesce(sum(money), 0) from ("
        f" select odd_code, count(*) as times, coalesce({whole}sum({own})) as money"
        f" from incoming where odd_code is not null group by odd_code{group})"
        f" group by 1 order by 2 desc, 1 limit {_WORDS}"
    ).fetchall()
    for odd, rows, orders, money in found:
        target, _, word = str(odd).partition(": ")
        column = ", ".join(reads.get(target, ()))
        yield SchemaNote(NoteKind.UNKNOWN_WORD, target, column, word, int(rows), int(orders), int(money))
    hidden = cursor.execute("select veils, count(*) from incoming where veils > 0 group by 1").fetchall()
    for target, how in veils.BITS:
        rows = sum(int(count) for bits, count in hidden if int(bits) & veils.bit(target, how))
        if rows:
            yield SchemaNote(NoteKind(how), target, ", ".join(reads.get(target, ())), rows=rows)


def _totals(cursor: duckdb.DuckDBPyConnection, *, columns: Collection[str]) -> dict[str, int]:
    """Control totals of the rows staged: how many members bring opening points, and all of these points."""
    if "opening_points" not in columns:
        return {}
    counted = "select count(opening_points), coalesce(sum(opening_points), 0) from incoming"
    members, points = cursor.execute(counted).fetchall()[0]  # to the end: a session with an open result takes no work
    return {"opening_points_members": int(members), "opening_points": int(points)} if members else {}


def write_notes(run: Run, batches: Sequence[Batch]) -> None:
    """Adds the notes of all batches of an import to the lake, in one file."""
    keys = ("kind", "field", "column", "word", "rows", "orders", "amount_minor")
    rows = [(one.pk, one.source, one.mapping, *(note[key] for key in keys)) for one in batches for note in one.notes]
    if not rows:
        return
    texts = {"source", "mapping", "kind", "field", "column_name", "word"}
    names = ("batch_id", "source", "mapping", "kind", "field", "column_name", "word", "rows", "orders", "amount_minor")
    types = {name: pa.string() if name in texts else pa.int64() for name in names}
    table = pa.table({name: pa.array([row[place] for row in rows], types[name]) for place, name in enumerate(names)})
    cursor = run.reader().cursor
    cursor.register("schema_notes_now", table)
    run.append("import_schema_notes", sql="select * from schema_notes_now")
    cursor.unregister("schema_notes_now")

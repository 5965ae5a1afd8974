"""What changed at the source: an export compared with the last ones that the same mapping read."""

import difflib
from collections.abc import Iterator, Mapping, Sequence

from shuke.intake.rules.header import normal
from shuke.intake.rules.repairs import EXTRA
from shuke.intake.rules.targets import REQUIRED
from shuke.intake.values import Channel, Field, Header, NoteKind, Observed, SchemaNote, Shape

# Without these an order's worth, day or state is another one: a file that renamed such a column is refused.
_CORE = frozenset({
    "order_no", "ordered_at", "status", "order_paid", "line_amount", "quantity", "unit_price", "order_refund",
    "line_refund", "source_row_id", "coupon_no", "sku", "unit_cost", "state", "at", "opening_points",
})  # fmt: skip
_HIDDEN = {
    NoteKind.MASKED: ("打码", "masked"),
    NoteKind.ENCRYPTED: ("加密", "encrypted"),
    NoteKind.VIRTUAL: ("虚拟号", "virtual"),
}
_ALIKE = 0.5
# What a column's last words say about its values: a time is never the new name of an amount.
_ENDINGS = {
    "time": ("时间", "日期", "time", "date", "at", "on"),
    "money": ("金额", "价格", "单价", "价", "款", "费", "费用", "实付", "实收", "amount", "price", "total", "paid"),
    "state": ("状态", "status", "state"),
    "count": ("数量", "件数", "quantity", "qty"),
    "number": ("编号", "单号", "号", "编码", "id", "no", "number", "code"),
}
_ENOUGH = 20
# A shop's price list is no sign of a change; amounts a hundred times as large as before, and never a cent, are.
_CENTS = 20


def names(header: Header) -> tuple[str, ...]:
    """The header's own columns, blank ones and those of quarantine files left out."""
    return tuple(name for name in header.names if name and name not in EXTRA)


def places(header: Header) -> dict[str, str]:
    """The column of each normalised name, as written; the first wins, names under a group's title work as well."""
    found: dict[str, str] = {}
    for listed in (header.names, header.paths):
        for place, name in enumerate(listed):
            if name:
                found.setdefault(normal(name), header.names[place])
    return found


def twice(header: Header, channel: Channel) -> Iterator[SchemaNote]:
    """Columns that the mapping reads and the header names more than once: the first of them is read."""
    read = {normal(name): target for target, rule in channel.columns.items() for name in rule.columns}
    paths = [normal(path) for path in header.paths]
    for name in dict.fromkeys(names(header)):
        among = [place for place, other in enumerate(header.names) if normal(other) == normal(name)]
        if len(among) > 1 and name == header.names[among[0]] and normal(name) in read:
            told_apart = len({paths[place] for place in among}) == len(among) and any(paths[p] in read for p in among)
            if not told_apart:
                yield SchemaNote(NoteKind.COLUMN_TWICE, read[normal(name)], name, f"{len(among)}x")


def compare_columns(
    header: Sequence[str], reads: Mapping[str, Sequence[str]], *, before: Sequence[Observed]
) -> list[SchemaNote]:
    """Columns renamed, gone and new against the most similar of the last exports (`before`, the latest first).

    `reads` says which columns fill each target now. Nothing is told where one of them had the same columns, nor for
    the first export of a mapping. A renamed column that the mapping does not read has `unread`.
    """
    now = {normal(name): name for name in header}
    known = max(before, key=lambda one: len(now.keys() & {normal(name) for name in one.columns}), default=None)
    if known is None:
        return []
    then = {normal(name): name for name in known.columns}
    new = [name for key, name in now.items() if key not in then]
    notes = []
    for key, name in then.items():
        if key in now:
            continue
        target = next((target for target, field in known.fields.items() if name in field.columns), "")
        other = _instead(name, target, new=new, reads=reads, was=list(then), now=list(now))
        if other:
            new.remove(other)
            read = any(other in columns for columns in reads.values())
            notes.append(SchemaNote(NoteKind.COLUMN_RENAMED, target, name, other, unread=not read))
        else:
            notes.append(SchemaNote(NoteKind.COLUMN_GONE, target, name, unread=target not in reads))
    return [*notes, *(SchemaNote(NoteKind.NEW_COLUMN, _target(name, reads), name) for name in new)]


def _target(name: str, reads: Mapping[str, Sequence[str]]) -> str:
    return next((target for target, columns in reads.items() if name in columns), "")


def _instead(
    name: str, target: str, *, new: Sequence[str], reads: Mapping[str, Sequence[str]], was: list[str], now: list[str]
) -> str:
    """The new column that stands for one that is gone: read for the same target, in its place, or alike by name."""
    same = [other for other in new if target and other in reads.get(target, ())]
    if same:
        return same[0]
    unread = [other for other in new if not _target(other, reads)]
    alone = len(was) == len(now) and len(set(was) - set(now)) == 1
    if alone and unread and now.index(normal(unread[0])) == was.index(normal(name)):
        return unread[0]
    return alike(name, unread)


def alike(name: str, others: Sequence[str]) -> str:
    """The name that looks most like another and tells values of the same kind, empty where none does."""
    possible = [other for other in others if not {_ending(name), _ending(other)} - {"", _ending(name)}]
    scored = [(difflib.SequenceMatcher(None, normal(name), normal(other)).ratio(), other) for other in possible]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= _ALIKE else ""


def _ending(name: str) -> str:
    return next((kind for kind, words in _ENDINGS.items() if normal(name).endswith(words)), "")


def fatal(notes: Sequence[SchemaNote], *, channel: Channel) -> list[SchemaNote]:
    """The changes for which a file is refused: a core or required column that nothing stands for any more."""
    needed = {*channel.required, *REQUIRED[channel.kind]}
    return [
        note
        for note in notes
        if note.unread
        and (
            (note.kind is NoteKind.COLUMN_RENAMED and note.field in _CORE | needed)
            or (note.kind is NoteKind.COLUMN_GONE and note.field in needed)
        )
    ]


def compare_fields(now: Observed, *, before: Sequence[Observed]) -> Iterator[SchemaNote]:
    """Targets whose values are of another kind than in the last export of the mapping."""
    known = next((one for one in before if one.rows >= _ENOUGH), None)
    if known is None or now.rows < _ENOUGH:
        return
    for target, field in now.fields.items():
        then = known.fields.get(target)
        change = _change(then, field) if then is not None else ""
        if change:
            yield SchemaNote(NoteKind.COLUMN_CHANGED, target, ", ".join(field.columns), change, rows=now.rows)


def _change(then: Field, now: Field) -> str:
    if then.filled >= 0.5 and now.filled <= 0.02:
        return f"{then.filled:.0%} filled -> empty"
    if now.filled < 0.1 or then.filled < 0.1:
        return ""
    if then.shape == "decimal" and now.shape == "whole" and then.median > 0 and now.median >= then.median * _CENTS:
        return f"{then.median:g} -> {now.median:g}"
    if {then.shape, now.shape} == {"digits", "text"}:
        return f"{then.shape} -> {now.shape}"
    return ""


def shape_of(shape: Shape) -> str:
    """What is asked of a target's values: `money`, `word` or nothing."""
    if shape in (Shape.MONEY, Shape.PRICE):
        return "money"
    return "word" if shape is Shape.ID else ""


def sentences(notes: Sequence[SchemaNote]) -> list[str]:
    """Changes in words, Chinese and English, for the command line and the import page; one line for what is hidden.

    Words never seen are told by the staging itself.
    """
    changed = [_sentence(note) for note in notes if note.kind not in (*_HIDDEN, NoteKind.UNKNOWN_WORD)]
    hidden = "，".join(
        f"{note.column or note.field} {' '.join(_HIDDEN[note.kind])} {note.rows:,}"
        for note in notes
        if note.kind in _HIDDEN
    )
    return (
        [*changed, f"平台藏起来的买家信息（行）· buyer fields hidden by the platform (rows): {hidden}"]
        if hidden
        else changed
    )


def _sentence(note: SchemaNote) -> str:
    of = f" ({note.field})" if note.field else ""
    column, word = note.column, note.word
    return {
        NoteKind.NEW_COLUMN: f"多了一列 · new column: {column}{of}",
        NoteKind.COLUMN_GONE: f"少了一列 · column gone: {column}{of}",
        NoteKind.COLUMN_RENAMED: f"列名变了 · column renamed: {column} → {word}{of}",
        NoteKind.COLUMN_CHANGED: f"列的内容变了 · values of another kind: {column}{of}: {word}",
        NoteKind.COLUMN_TWICE: f"同名的列，只读第一列 · column named twice, the first is read: {column}{of} {word}",
    }[note.kind]

"""A file that nearly is an export already known: which column was renamed, and the lines of a mapping that mend it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shuke.intake.rules.header import candidates, knows, normal, unread
from shuke.intake.rules.schema import alike, compare_columns, fatal, names, places
from shuke.intake.values import Channel, Header, NoteKind, Observed

# The share of the last export's columns that must be there again for a file to pass as its successor.
_SUCCESSOR = 0.6
_FEWEST_GROUPS = 3


@dataclass(frozen=True)
class Lost:
    """A target without a column: the names it had or may have, and the column that may be it now (or empty)."""

    target: str
    known: tuple[str, ...]
    instead: str


@dataclass(frozen=True)
class Change:
    """What a source calls otherwise now."""

    channel: Channel
    lost: tuple[Lost, ...]

    @property
    def words(self) -> str:
        """The change in one line, Chinese and English."""
        told = "；".join(
            f"'{one.known[0]}' → '{one.instead}'？" if one.instead else f"'{one.known[0]}'" for one in self.lost
        )
        name = self.channel.zh or self.channel.code
        targets = ", ".join(one.target for one in self.lost)
        return (
            f"像是「{name}」，但必要的列不见了或改了名 · looks like {self.channel.en or self.channel.code},"
            f" but a needed column is gone or renamed ({targets}): {told}"
        )

    @property
    def lines(self) -> str:
        """The lines of a mapping of the shop that make the file readable; empty where no column is in sight."""
        named = [one for one in self.lost if one.instead]
        if not named:
            return ""
        body = "".join(f"  {one.target}: {quoted(one.instead)}\n" for one in named)
        return f"extends: {self.channel.code}\ncolumns:\n{body}"


def quoted(name: str) -> str:
    """A column's name as YAML text."""
    return '"' + " ".join(name.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'


def successor(
    rows: Sequence[Sequence[str]],
    channels: Sequence[Channel],
    *,
    heads: Mapping[str, Sequence[str]],
    taken: Channel | None = None,
) -> Change | None:
    """The known export whose next version a table seems to be, though its mapping does not read it any more.

    `heads` are the columns of the last export by mapping. A table that the general mapping `taken` reads is asked too:
    the orders of a platform must not turn into orders of nobody because one column was renamed.
    """
    if taken is not None and not taken.share:
        return None
    best: tuple[float, Change] | None = None
    for header in candidates(rows):
        floor = max(_SUCCESSOR, _likeness(heads.get(taken.code, ()), header)) if taken is not None else _SUCCESSOR
        for channel in channels:
            # general files share most of their columns with one another: they are nobody's successors
            if channel.share or (taken is not None and channel.kind is not taken.kind) or knows(channel, header):
                continue
            head = heads.get(channel.code, ())
            likeness, change = _likeness(head, header), _unfulfilled(channel, header, head=head)
            if change is None or not any(one.instead for one in change.lost):
                continue
            near = likeness > floor or (taken is None and _is_near(channel, header, change=change))
            if near and (best is None or likeness > best[0]):
                best = (likeness, change)
    return best[1] if best else None


def _likeness(head: Sequence[str], header: Header) -> float:
    now, then = {normal(name) for name in header.names if name}, {normal(name) for name in head}
    return len(now & then) / len(then) if then else 0.0


def _is_near(channel: Channel, header: Header, *, change: Change) -> bool:
    """Without an earlier export: all but one group of a long signature, and a column that may be the lost one."""
    long = len(channel.signature) > _FEWEST_GROUPS and not channel.share
    return long and len(_open_groups(channel, header)) == 1 and all(one.instead for one in change.lost)


def _open_groups(channel: Channel, header: Header) -> list[tuple[str, ...]]:
    present = {normal(name) for name in (*header.names, *header.paths) if name}
    return [group for group in channel.signature if not any(normal(name) in present for name in group)]


def _unfulfilled(channel: Channel, header: Header, *, head: Sequence[str]) -> Change | None:
    """The targets behind the groups of the signature that a header does not fulfil."""
    lost, free = [], list(unread(channel, header))
    for group in _open_groups(channel, header):
        target = next((target for target, rule in channel.columns.items() if set(rule.columns) & set(group)), "")
        if not target:
            return None
        known = tuple(sorted(group, key=lambda name: name not in head))
        lost.append(Lost(target, known, _candidate(known, header, head=head, free=free)))
        free = [name for name in free if name != lost[-1].instead]
    return Change(channel, tuple(lost)) if lost else None


def _candidate(known: Sequence[str], header: Header, *, head: Sequence[str], free: Sequence[str]) -> str:
    """The unread column that stands where a lost one stood, else the one alike by name."""
    own = names(header)
    gone = [name for name in head if name not in own]
    if len(own) == len(head) and len(gone) == 1 and gone[0] in known and own[head.index(gone[0])] in free:
        return own[head.index(gone[0])]
    for name in known:
        found = alike(name, free)
        if found:
            return found
    return ""


def lost_columns(header: Header, channel: Channel, *, before: Sequence[Observed]) -> Change | None:
    """The needed columns that a recognised file has under no name its mapping knows.

    Against the last exports where there are any: a column about money, state or day that was read then and has another
    name now. Without one: what the mapping requires.
    """
    reads = reads_of(header, channel)
    free = list(unread(channel, header))
    lost = [
        Lost(note.field, (note.column,), note.word if note.kind is NoteKind.COLUMN_RENAMED else "")
        for note in fatal(compare_columns(names(header), reads, before=before), channel=channel)
    ]
    told = {one.target for one in lost}
    for target in channel.required:
        constant = target in channel.constants or (target == "ordered_at" and channel.dated_by_number)
        rule = channel.columns.get(target)
        if target in reads or target in told or constant or rule is None or target == "source_row_id":
            continue
        lost.append(Lost(target, rule.columns, _candidate(rule.columns, header, head=(), free=free)))
    return Change(channel, tuple(lost)) if lost else None


def reads_of(header: Header, channel: Channel) -> dict[str, tuple[str, ...]]:
    """The columns of a header that fill each target of a mapping, as written."""
    known = places(header)
    found = {
        target: tuple(dict.fromkeys(known[key] for key in map(normal, rule.columns) if key in known))
        for target, rule in channel.columns.items()
    }
    return {target: columns for target, columns in found.items() if columns}

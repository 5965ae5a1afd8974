"""Who moved from where to where between two days: two columns of states and the bands between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_GAP = 10.0
_BLOCK = 10.0
_HAIR = 1.2
_LABEL = 17.0
_TOP, _FLOOR = 26.0, 8.0


@dataclass(frozen=True)
class Stream:
    """People of one state who are in another (or the same) at the later day; `tone` is stay, better or worse."""

    from_code: str
    to_code: str
    people: int
    tone: str
    title: str


@dataclass(frozen=True)
class Block:
    """One state in one column: a bar, and its words at a place where they touch no others."""

    x: float
    y: float
    height: float
    text_x: float
    text_y: float
    anchor: str
    text: str


@dataclass(frozen=True)
class Ribbon:
    """One stream as a closed path; narrow ones are a hair wide."""

    path: str
    tone: str
    title: str


@dataclass(frozen=True)
class Flow:
    """The picture: `heads` are the words above the two columns."""

    label: str
    width: float
    height: float
    heads: tuple[str, str]
    blocks: tuple[Block, ...]
    ribbons: tuple[Ribbon, ...]
    right: float
    template: str = "frame/draw/flow.html"


def flow(
    streams: Sequence[Stream],
    *,
    states: Mapping[str, str],
    heads: tuple[str, str],
    label: str,
    width: float = 640.0,
    height: float = 320.0,
    margin: float = 118.0,
) -> Flow:
    """Streams between two columns of `states` (code -> words, in the order from top to bottom).

    States without people on a side are not drawn there. The height of everything is people on one scale; a state is
    never lower than its ribbons need.
    """
    left = {code: sum(s.people for s in streams if s.from_code == code) for code in states}
    right = {code: sum(s.people for s in streams if s.to_code == code) for code in states}
    used = max(sum(n > 0 for n in left.values()), sum(n > 0 for n in right.values()), 1)
    room = height - _TOP - _FLOOR - _GAP * (used - 1)
    scale = room / max(sum(left.values()), 1)
    x0, x1 = margin, width - margin - _BLOCK
    tops = (_stack(left, scale=scale), _stack(right, scale=scale))
    return Flow(
        label=label,
        width=width,
        height=height,
        heads=heads,
        blocks=(
            *_blocks(left, tops=tops[0], states=states, scale=scale, x=x0, text_x=x0 - 8, anchor="end"),
            *_blocks(right, tops=tops[1], states=states, scale=scale, x=x1, text_x=x1 + _BLOCK + 8, anchor="start"),
        ),
        ribbons=tuple(_ribbons(streams, order=list(states), tops=tops, scale=scale, xs=(x0 + _BLOCK, x1))),
        right=x1 + _BLOCK,
    )


def _stack(people: Mapping[str, int], *, scale: float) -> dict[str, float]:
    """The upper edge of each state that has people."""
    tops, at = {}, _TOP
    for code, n in people.items():
        if n:
            tops[code] = at
            at += n * scale + _GAP
    return tops


def _blocks(
    people: Mapping[str, int],
    *,
    tops: Mapping[str, float],
    states: Mapping[str, str],
    scale: float,
    x: float,
    text_x: float,
    anchor: str,
) -> list[Block]:
    made: list[Block] = []
    below = 0.0
    for code, top in tops.items():
        tall = max(people[code] * scale, _HAIR)
        text_y = max(top + tall / 2 + 4, below + _LABEL)
        below = text_y
        text = f"{states[code]} {people[code]:,}"
        made.append(Block(x, round(top, 1), round(tall, 1), text_x, round(text_y, 1), anchor, text))
    return made


def _ribbons(
    streams: Sequence[Stream],
    *,
    order: Sequence[str],
    tops: tuple[Mapping[str, float], Mapping[str, float]],
    scale: float,
    xs: tuple[float, float],
) -> list[Ribbon]:
    """Streams leave and arrive in the order of the states, so that they cross as little as they can."""
    place = {code: n for n, code in enumerate(order)}
    shown = [s for s in streams if s.people and s.from_code in place and s.to_code in place]
    starts = _edges(sorted(shown, key=lambda s: (place[s.from_code], place[s.to_code])), tops=tops[0], scale=scale)
    ends = _edges(
        sorted(shown, key=lambda s: (place[s.to_code], place[s.from_code])), tops=tops[1], scale=scale, arriving=True
    )
    made = []
    # The wide and quiet ones lie below, what moved lies on top.
    for s in sorted(shown, key=lambda s: (s.tone != "stay", -s.people)):
        key = (s.from_code, s.to_code)
        tall = max(s.people * scale, _HAIR)
        made.append(Ribbon(_path(xs, starts[key], end=ends[key], tall=tall), s.tone, s.title))
    return made


def _edges(
    streams: Sequence[Stream], *, tops: Mapping[str, float], scale: float, arriving: bool = False
) -> dict[tuple[str, str], float]:
    at = dict(tops)
    found = {}
    for s in streams:
        code = s.to_code if arriving else s.from_code
        found[(s.from_code, s.to_code)] = at[code]
        at[code] += s.people * scale
    return found


def _path(xs: tuple[float, float], start: float, *, end: float, tall: float) -> str:
    x0, x1 = xs
    middle = round((x0 + x1) / 2, 1)
    a, b, c, d = (round(value, 1) for value in (start, end, end + tall, start + tall))
    return f"M{x0} {a}C{middle} {a} {middle} {b} {x1} {b}L{x1} {c}C{middle} {c} {middle} {d} {x0} {d}Z"

"""Putting the library together: shipped plays, the shop's own, and those that must rest."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from shuke.plays.values import Idle, Play


def in_order(shipped: Sequence[Play], *, own: Sequence[Play]) -> tuple[Play, ...]:
    """All plays, the shop's own in place of the shipped ones of the same code, first priority first.

    Priorities become places (1, 2, 3 ...; by code where two are equal), so that no two plays can claim one person.
    """
    chosen = {play.code: play for play in shipped} | {play.code: play for play in own}
    ordered = sorted(chosen.values(), key=lambda play: (play.priority, play.code))
    return tuple(replace(play, priority=place) for place, play in enumerate(ordered, start=1))


def working(
    plays: Sequence[Play], *, segments: Sequence[str], missing: Mapping[str, Mapping[str, str]]
) -> tuple[tuple[Play, ...], tuple[Idle, ...]]:
    """The plays that can propose somebody, and the others with their reason.

    `segments` are the segments that exist; `missing` says by segment what its data lack, as zh and en.
    """
    able, idle = [], []
    for play in plays:
        reason = _reason(play, segments=segments, missing=missing)
        if reason is None:
            able.append(play)
        else:
            idle.append(Idle(play, *reason))
    return tuple(able), tuple(idle)


def _reason(play: Play, *, segments: Sequence[str], missing: Mapping[str, Mapping[str, str]]) -> tuple[str, str] | None:
    if play.paused:
        return f"已暂停（{play.file}）", f"Paused in {play.file}"
    if play.segment not in segments:
        near = difflib.get_close_matches(play.segment, segments, n=1)
        line = play.lines.get("segment", 0)
        return (
            f"{play.file} 第 {line} 行：没有“{play.segment}”这个人群" + (f"，是不是“{near[0]}”" if near else ""),
            f"{play.file} line {line}: there is no segment '{play.segment}'"
            + (f"; did you mean '{near[0]}'?" if near else ""),
        )
    if play.segment in missing:
        return missing[play.segment]["zh"], missing[play.segment]["en"]
    return None

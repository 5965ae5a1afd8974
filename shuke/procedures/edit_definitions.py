"""Editing the shop's own files in the browser: the brand policy, and the plays with their words.

A text is checked in full before it replaces anything; a wrong one leaves the file as it was. Whoever saves names the
text they opened by its stamp, so that two people never overwrite each other unseen. The text before goes into the
journal, so that nothing is lost.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace
from shuke.plays import rules as play_rules
from shuke.plays.adapters import DEFINITIONS, BadPlay, is_code, load_policy, parse_play, parse_policy
from shuke.plays.queries import library
from shuke.plays.values import Play

_LONGEST = 200_000


class StaleText(ShukeError):
    """Somebody else saved the file after it was opened."""


class UnknownPlay(ShukeError):
    """There is no play of this code."""


@dataclass(frozen=True)
class Opened:
    """A file as it stands: its text and stamp, where it lies, and whether it is the shop's own or the one shipped."""

    text: str
    stamp: str
    place: str
    is_own: bool


def policy_text(actor: Actor, *, workspace: Workspace) -> Opened:
    """The brand policy as text."""
    require(actor, Permission.EDIT_SETTINGS)
    return _open(workspace.policy, shipped=DEFINITIONS / "policy.yaml", root=workspace.root)


def play_text(actor: Actor, *, workspace: Workspace, play: str) -> Opened:
    """A play's file as text, also where it cannot be used as it is. Raises `UnknownPlay`."""
    require(actor, Permission.EDIT_SETTINGS)
    own, shipped = _own_play(workspace, play), DEFINITIONS / f"{play}.yaml"
    if not is_code(play) or not (own.is_file() or shipped.is_file()):
        raise UnknownPlay(f"There is no play '{play}'.", hint="Choose one from the list.")
    return _open(own, shipped=shipped, root=workspace.root)


def play_codes(actor: Actor, *, workspace: Workspace) -> list[str]:
    """The codes of all files of plays, whether or not they can be used."""
    require(actor, Permission.EDIT_SETTINGS)
    files = [*DEFINITIONS.glob("*.yaml"), *workspace.plays.glob("*.yaml")]
    return sorted({path.stem for path in files if is_code(path.stem)})


def save_policy(actor: Actor, *, workspace: Workspace, text: str, stamp: str) -> None:
    """Replaces the policy.

    Raises `BadPolicy` (file, line and cause), `PlayAgainstPolicy` where a play breaks it, or `StaleText`; then
    nothing was changed.
    """
    require(actor, Permission.EDIT_SETTINGS)
    _check_length(text, name="policy.yaml")
    wanted = parse_policy(text)
    for play in _usable(actor, workspace=workspace):
        play_rules.check_play(play, policy=wanted)
    opened = policy_text(actor, workspace=workspace)
    _replace(actor, path=workspace.policy, text=text, opened=opened, stamp=stamp, what=("policy_saved", "policy", ""))


def save_play(actor: Actor, *, workspace: Workspace, play: str, text: str, stamp: str) -> None:
    """Replaces a play by the shop's own. Raises `BadPlay`, `PlayAgainstPolicy` (the clause quoted) or `StaleText`."""
    require(actor, Permission.EDIT_SETTINGS)
    opened = play_text(actor, workspace=workspace, play=play)
    _check_length(text, name=f"{play}.yaml")
    play_rules.check_play(parse_play(text, code=play, is_own=True), policy=load_policy(workspace.policy))
    path = _own_play(workspace, play)
    _replace(actor, path=path, text=text, opened=opened, stamp=stamp, what=("play_saved", "play", play))


def save_words(
    actor: Actor, *, workspace: Workspace, play: str, scripts: Mapping[tuple[str, str], str], stamp: str
) -> None:
    """Replaces a play's words by (tone, language); all else in its file stays as it is, comments too."""
    opened = play_text(actor, workspace=workspace, play=play)
    text = with_words(opened.text, scripts=scripts)
    save_play(actor, workspace=workspace, play=play, text=text, stamp=stamp)


def with_words(text: str, *, scripts: Mapping[tuple[str, str], str]) -> str:
    """A play's YAML text with other script words at their places. Raises `BadPlay` where a place is not in the text."""
    places: list[tuple[int, int, str]] = []
    tones = _children(_children(yaml.compose(text, Loader=yaml.SafeLoader)).get("scripts"))
    for (tone, language), words in scripts.items():
        node = _children(tones.get(tone)).get(language)
        if node is None:
            raise BadPlay(f"The file has no words '{tone}' in '{language}'.", hint="Add them in the file itself.")
        places.append((node.start_mark.index, node.end_mark.index, json.dumps(words.strip(), ensure_ascii=False)))
    for start, end, words in sorted(places, reverse=True):
        # A block scalar ends after its line break; a quoted one does not.
        text = text[:start] + words + ("\n" if text[start:end].endswith("\n") else "") + text[end:]
    return text


def _children(node: Any) -> dict[str, Any]:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return {str(key.value): value for key, value in pairs}


def _own_play(workspace: Workspace, play: str) -> Path:
    return workspace.plays / f"{play}.yaml"


def _usable(actor: Actor, *, workspace: Workspace) -> Sequence[Play]:
    """The plays as they stand; none where they are broken already, so that the policy can be mended first."""
    try:
        return library(actor, workspace=workspace)
    except ShukeError:
        return ()


def _open(path: Path, *, shipped: Path, root: Path) -> Opened:
    is_own = path.is_file() or not shipped.is_file()
    text = (path if is_own else shipped).read_text("utf-8")
    stamp = hashlib.sha256(text.encode()).hexdigest()
    return Opened(text=text, stamp=stamp, place=path.relative_to(root).as_posix(), is_own=is_own)


def _check_length(text: str, *, name: str) -> None:
    if len(text) > _LONGEST:
        raise BadPlay(f"{name} is longer than {_LONGEST:,} characters.", hint="Shorten it.")


@transaction.atomic
def _replace(actor: Actor, *, path: Path, text: str, opened: Opened, stamp: str, what: tuple[str, str, str]) -> None:
    # The note takes the database's one write lock, so that of two savers the second sees the first one's text.
    verb, kind, number = what
    note(actor, verb, object_type=kind, object_id=number, before=opened.text)
    now = path.read_text("utf-8") if path.is_file() else opened.text
    if hashlib.sha256(now.encode()).hexdigest() != stamp:
        raise StaleText(
            "Somebody else saved this file after you opened it.", hint="Look at their text, then bring yours in again."
        )
    path.parent.mkdir(exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, "utf-8")
    fresh.replace(path)

"""Settings as pages show them: files with the line that is wrong, plays with their words, stores with their names."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from shuke.console.frame import formats, words
from shuke.console.settings.troubles import said
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace
from shuke.plays.adapters import BadPolicy, load_variables
from shuke.plays.queries import library, policy
from shuke.plays.values import TONES, Clause, Play, Policy
from shuke.procedures.edit_definitions import Opened
from shuke.reference.queries import Store, WrittenName

LANGUAGES = ("zh", "en")
TONES_AND_LANGUAGES = tuple((tone, language) for tone in TONES for language in LANGUAGES)
Words = Mapping[tuple[str, str], str]

_AROUND = 2
_LINE = re.compile(r"line (\d+)")
_POLICY_LINE = re.compile(r"line (\d+) of the policy")
_STALE = gettext_lazy(
    "Somebody else saved this while you were editing. Your text is still below; theirs stands beside it."
)


@dataclass(frozen=True)
class Excerpt:
    """One line of a file near a mistake."""

    number: int
    text: str
    is_wrong: bool


@dataclass(frozen=True)
class Form:
    """A file in a form: what is typed, the stamp of what was opened, and what is wrong with it, if anything."""

    text: str
    stamp: str
    place: str
    is_own: bool
    trouble: str | Promise
    hint: str
    line: int
    excerpt: tuple[Excerpt, ...]
    is_stale: bool
    theirs: str


@dataclass(frozen=True)
class PlayRow:
    """A play as the list of scripts shows it."""

    code: str
    name: str
    goal: str
    offer: str
    channels: str
    when: str
    warm: str
    brief: str


@dataclass(frozen=True)
class ScriptField:
    """One text of a play: its tone and language in words, and what stands there."""

    name: str
    tone: str
    language: str
    code: str
    text: str


@dataclass(frozen=True)
class StoreRow:
    """One store with the names that files use for it, each with the sources that write it so."""

    store: Store
    staff: int
    names: tuple[tuple[str, tuple[str, ...]], ...]


def form(opened: Opened, *, text: str | None, error: ShukeError | None) -> Form:
    """The form of a file: as it stands, or as it was typed with what is wrong."""
    typed = opened.text if text is None else text
    line = _line(error, place=opened.place) if text is not None else 0
    stale = type(error).__name__ == "StaleText"
    trouble, hint = ("", "") if error is None or stale else said(error, language=get_language() or "zh-hans")
    return Form(
        text=typed,
        # After a clash the next save is against what the other one wrote: it was shown.
        stamp=opened.stamp,
        place=opened.place,
        is_own=opened.is_own,
        trouble=_STALE if stale else trouble,
        hint=hint,
        line=line,
        excerpt=_excerpt(typed, line=line),
        is_stale=stale,
        theirs=opened.text if stale else "",
    )


def _line(error: ShukeError | None, *, place: str) -> int:
    """The line of this very file that a message names; 0 where it names none."""
    text = str(error or "")
    of_policy = _POLICY_LINE.search(text)
    if of_policy and place.endswith("policy.yaml"):
        return int(of_policy[1])
    found = _LINE.search(text)
    return int(found[1]) if found and Path(place).name in text else 0


def _excerpt(text: str, *, line: int) -> tuple[Excerpt, ...]:
    if not line:
        return ()
    lines = text.split("\n")
    first, last = max(line - _AROUND, 1), min(line + _AROUND, len(lines))
    return tuple(Excerpt(number, lines[number - 1], number == line) for number in range(first, last + 1))


def day_starts(workspace: Workspace) -> str:
    """The hour at which the business day begins: 00:00."""
    return f"{workspace.day_starts_hour:02d}:00"


def policy_or_trouble(actor: Actor, *, workspace: Workspace) -> Policy | str:
    """The policy, or what is wrong with its file: the page that mends it must open."""
    try:
        return policy(actor, workspace=workspace)
    except BadPolicy as error:
        return " ".join(said(error, language=get_language() or "zh-hans")).strip()


def plays_or_none(actor: Actor, *, workspace: Workspace) -> Sequence[Play]:
    """The library; empty where the policy or a play cannot be read, which their own pages tell."""
    try:
        return library(actor, workspace=workspace)
    except ShukeError:
        return ()


def chapters(actor: Actor, *, workspace: Workspace, language: str) -> list[list[tuple[Clause, str]]]:
    """The clauses with their words, by chapter; empty where the file cannot be read."""
    held = policy_or_trouble(actor, workspace=workspace)
    if isinstance(held, str):
        return []
    found: dict[str, list[tuple[Clause, str]]] = {}
    for number, clause in held.clauses.items():
        found.setdefault(number.split(".")[0], []).append((clause, clause.words(language)))
    return list(found.values())


def plays(found: Sequence[Play], *, language: str) -> list[PlayRow]:
    """The plays of the library in their order."""
    return [play(one, language=language) for one in found]


def play(found: Play, *, language: str) -> PlayRow:
    """One play with its warm and brief words in the reader's language."""
    short = "zh" if formats.is_chinese(language) else "en"
    listed = formats.listed([words.word(words.CHANNELS, code) for code in found.channels], language)
    days = formats.listed([formats.weekday_name(day, language) for day in found.best_time.weekdays], language)
    return PlayRow(
        code=found.code,
        name=found.name(language),
        goal=found.goal_zh if short == "zh" else found.goal_en,
        offer=found.offer.words(language),
        channels=listed,
        when=f"{days} {found.best_time.words}",
        warm=found.scripts["warm"][short],
        brief=found.scripts["brief"][short],
    )


def script_fields(found: Play, *, words: Words | None) -> list[ScriptField]:
    """The four texts of a play; what was typed goes before what is stored."""
    tones = {"warm": _("In full: WeCom, phone, in the store"), "brief": _("Short: SMS, e-mail, mass messages")}
    languages = {"zh": "中文", "en": "English"}
    return [
        ScriptField(
            name=f"{tone}-{language}",
            tone=tones.get(tone, tone),
            language=languages[language],
            code=language,
            text=words[tone, language] if words else found.scripts[tone][language],
        )
        for tone, language in TONES_AND_LANGUAGES
    ]


def variables() -> list[tuple[str, str]]:
    """What a script may name, each with the words for a person without a value."""
    known = load_variables()
    return [(f"{{{name}}}", text) for language in LANGUAGES for name, text in known[language].items()]


def stores(found: Sequence[Store], *, names: Sequence[WrittenName], staff: Callable[[str], int]) -> list[StoreRow]:
    """Stores first, online shops after them, each with its names and their sources, the commonest name first."""
    written: dict[str, dict[str, list[str]]] = {}
    for name in names:
        written.setdefault(name.store, {}).setdefault(name.written, []).append(words.source_word(name.source))
    ordered = sorted(found, key=lambda one: (one.channel != "store", one.store))
    return [
        StoreRow(
            store=one,
            staff=staff(one.store),
            names=tuple(
                (text, tuple(sources))
                for text, sources in sorted(written.get(one.store, {}).items(), key=lambda it: (-len(it[1]), it[0]))
            ),
        )
        for one in ordered
    ]

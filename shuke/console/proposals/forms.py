"""The editor's form: what was typed, kept as typed, and the change to a proposal that it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from django.http import QueryDict
from django.utils.translation import gettext as _

from shuke.proposals.values import Edit, Editor

_LONGEST = 1000
_WEEK = range(1, 8)


@dataclass(frozen=True)
class Typed:
    """The fields of the editor as texts; shares in per cent, hours as 18:00."""

    scripts: Mapping[str, str]
    offer: str
    strength: str
    weekdays: tuple[int, ...]
    best_from: str
    best_until: str
    holdout: str
    version: int


class BadField(ValueError):
    """A field that cannot be read; its argument is the sentence that says so."""


def of_editor(editor: Editor, *, version: int) -> Typed:
    """What stands in the form before anything is typed."""
    return Typed(
        scripts=dict(editor.scripts),
        offer=editor.offer_words,
        strength=_percent(editor.strength_share),
        weekdays=editor.weekdays,
        best_from=f"{editor.best_from:%H:%M}",
        best_until=f"{editor.best_until:%H:%M}",
        holdout=_percent(editor.holdout_share),
        version=version,
    )


def of_form(form: QueryDict, *, editor: Editor) -> Typed:
    """What was typed."""
    days = {int(text) for text in form.getlist("weekday") if text in {str(day) for day in _WEEK}}
    version = form.get("version", "")
    return Typed(
        scripts={
            tone: form.get(f"words-{tone}", words).replace("\r\n", "\n").strip()[:_LONGEST]
            for tone, words in editor.scripts.items()
        },
        offer=form.get("offer", editor.offer_words).strip()[:_LONGEST],
        strength=form.get("strength", _percent(editor.strength_share)).strip()[:12],
        weekdays=tuple(sorted(days)),
        best_from=form.get("best_from", "").strip()[:5],
        best_until=form.get("best_until", "").strip()[:5],
        holdout=form.get("holdout", "").strip()[:12],
        version=int(version) if version.isdecimal() and len(version) < 9 else 0,
    )


def edit_of(typed: Typed, *, editor: Editor, language: str) -> Edit:
    """The change that the typed fields mean; what is as it was stays None. Raises `BadField`."""
    if not typed.weekdays:
        raise BadField(_("Choose at least one weekday."))
    best_from, best_until = _hour(typed.best_from), _hour(typed.best_until)
    holdout = _share(typed.holdout, name=_("The share held out"))
    strength = _share(typed.strength, name=_("The strength of the offer")) if editor.has_strength else None
    return Edit(
        scripts=dict(typed.scripts) if dict(typed.scripts) != dict(editor.scripts) else None,
        offer_strength_share=strength if strength is not None and _moved(strength, editor.strength_share) else None,
        offer_words=typed.offer if typed.offer != editor.offer_words else None,
        weekdays=typed.weekdays if typed.weekdays != editor.weekdays else None,
        best_from=best_from if best_from != editor.best_from else None,
        best_until=best_until if best_until != editor.best_until else None,
        holdout_share=holdout if _moved(holdout, editor.holdout_share) else None,
        language=language,
    )


def is_empty(edit: Edit) -> bool:
    """Whether nothing would change."""
    return edit == Edit(language=edit.language)


def _moved(share: float, before: float) -> bool:
    """Whether a share differs from what the form showed before, which was rounded."""
    return _percent(share) != _percent(before)


def _percent(share: float) -> str:
    return f"{share * 100:.1f}".removesuffix(".0")


def _share(text: str, *, name: str) -> float:
    try:
        value = float(text.rstrip("%％ "))
    except ValueError as error:
        raise BadField(_("%(name)s is a number of per cent, for example 20.") % {"name": name}) from error
    if not 0 <= value <= 100:
        raise BadField(_("%(name)s lies between 0 and 100 per cent.") % {"name": name})
    return value / 100


def _hour(text: str) -> time:
    try:
        found = time.fromisoformat(text)
    except ValueError as error:
        raise BadField(_("Write hours like 18:00.")) from error
    if found.tzinfo is not None:
        raise BadField(_("Write hours like 18:00."))
    return found

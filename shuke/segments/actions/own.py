"""The shop's own segments: saved in versions, journaled, never lost to a second editor."""

from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import ShukeError
from shuke.segments import rules
from shuke.segments.adapters import catalogue, own_id
from shuke.segments.models import OwnSegment, OwnSegmentVersion
from shuke.segments.values import OWN, Rule


class Stale(ShukeError):
    """Somebody else changed the segment in the meantime."""


class UnknownSegment(ShukeError):
    """There is no own segment of that code."""


class NameTaken(ShukeError):
    """Another own segment has that name, or the name is empty."""


@transaction.atomic
def save_own(actor: Actor, *, name: str, rule: Rule, code: str | None = None, version: int | None = None) -> str:
    """Saves a new segment, or a new version of `code` over the `version` that its editor read; returns the code.

    Raises `BadRule`, `NameTaken`, `UnknownSegment`, and `Stale` where somebody was quicker (nothing is changed then).
    Journaled. A count of it is `queries.preview`; it joins the other segments with the next week.
    """
    require(actor, Permission.REVIEW_PROPOSALS)
    rules.parse(rule, catalogue=catalogue())
    held = _held(code) if code else None
    if held is not None and version != held.version:
        raise Stale(
            f"{held.changed_by} changed this segment in the meantime (you read version {version}, now it is"
            f" {held.version}).",
            hint="Look at the present version, then save again.",
        )
    title = _title(name, held=held)
    now = utc_now()
    if held is None:
        held = OwnSegment(created_by=actor.name, created_at=now, version=0)
    held.name, held.rule = title, dict(rule)
    held.version += 1
    held.changed_by, held.changed_at = actor.name, now
    held.save()
    _keep(actor, held=held, verb="save_segment")
    return f"{OWN}{held.pk}"


@transaction.atomic
def remove_own(actor: Actor, *, code: str) -> None:
    """Takes an own segment off the lists; its versions stay. Raises `UnknownSegment`. Journaled."""
    require(actor, Permission.REVIEW_PROPOSALS)
    held = _held(code)
    held.removed_at = utc_now()
    held.version += 1
    held.changed_by, held.changed_at = actor.name, held.removed_at
    held.save()
    _keep(actor, held=held, verb="remove_segment")


def _held(code: str) -> OwnSegment:
    held = OwnSegment.objects.select_for_update().filter(pk=own_id(code), removed_at__isnull=True).first()
    if held is None:
        raise UnknownSegment(f"There is no own segment {code!r}.", hint="Choose one from the list of segments.")
    return held


def _title(name: str, *, held: OwnSegment | None) -> str:
    title = " ".join(name.split())
    if not 1 <= len(title) <= 60 or not title.isprintable():
        raise NameTaken("A segment needs a name of 1 to 60 letters.", hint="Type one and save again.")
    others = OwnSegment.objects.filter(name=title, removed_at__isnull=True)
    if (others.exclude(pk=held.pk) if held else others).exists():
        raise NameTaken(f"Another segment is already called {title!r}.", hint="Choose another name.")
    return title


def _keep(actor: Actor, *, held: OwnSegment, verb: str) -> None:
    OwnSegmentVersion.objects.create(
        segment=held,
        version=held.version,
        verb=verb,
        name=held.name,
        rule=held.rule,
        actor=actor.name,
        user_id=actor.user_id,
        at=held.changed_at,
    )
    note(actor, verb, object_type="segment", object_id=f"{OWN}{held.pk}", version=held.version)

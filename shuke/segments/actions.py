"""Computing stages and segments in a run of the lake."""

from collections.abc import Mapping

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.actions import Run
from shuke.segments import rules
from shuke.segments.adapters import definition
from shuke.segments.values import SEGMENTS

TABLES = ("lapse_limits", "lifecycle", *(f"segment_{name}" for name in SEGMENTS), "segment_members")


def build(actor: Actor, *, run: Run, parameters: Mapping[str, object]) -> None:
    """Builds this room's tables as of `parameters['as_of']`."""
    require(actor, Permission.IMPORT_FILES)
    settings = rules.sql_settings(definition("lifecycle"), segments={name: definition(name) for name in SEGMENTS})
    run.build(TABLES, parameters={**parameters, **settings})

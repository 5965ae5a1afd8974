"""Asking the gate for a whole week."""

from collections.abc import Mapping

from shuke.access.rules import Permission, require
from shuke.gate import rules
from shuke.kernel.actor import Actor
from shuke.lake.actions import Run
from shuke.plays.values import Policy

TABLES = ("gate_people", "gate_channels", "gate_answers")


def build(actor: Actor, *, run: Run, parameters: Mapping[str, object], policy: Policy) -> None:
    """Computes every answer as of `parameters['as_of']` under `policy`."""
    require(actor, Permission.IMPORT_FILES)
    run.build(TABLES, parameters={**parameters, **rules.parameters(policy)})

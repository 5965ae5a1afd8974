"""The library of plays and the policy of a workspace."""

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.workspace import Workspace
from shuke.plays import adapters, rules
from shuke.plays.adapters import load_policy, load_variables
from shuke.plays.values import Play, Policy


def policy(actor: Actor, *, workspace: Workspace) -> Policy:
    """The shop's brand policy. Raises `BadPolicy` with the line of a typo."""
    require(actor, Permission.SEE_TASKS)
    return load_policy(workspace.policy)


def library(actor: Actor, *, workspace: Workspace) -> tuple[Play, ...]:
    """Every play, the shop's own included, in order of priority, each checked against the policy.

    Raises `BadPlay` and `PlayAgainstPolicy` with file and line.
    """
    held = policy(actor, workspace=workspace)
    plays = rules.in_order(adapters.shipped_plays(), own=adapters.own_plays(workspace.plays))
    for play in plays:
        rules.check_play(play, policy=held)
    return plays


def words(actor: Actor, *, script: str, facts: dict[str, object], title: str, language: str) -> str:
    """The exact words of a script for one person's facts; `title` '' means: not by name."""
    require(actor, Permission.SEE_TASKS)
    short = rules.short_of(language)
    values = rules.script_values(facts, title=title, language=short)
    return rules.render(script, values=values, fallbacks=load_variables()[short])

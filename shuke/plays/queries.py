"""The library of plays and the policy of a workspace."""

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.workspace import Workspace
from shuke.plays import rules
from shuke.plays.adapters import DEFINITIONS, load_play, load_policy, load_variables
from shuke.plays.values import PLAYS, Play, Policy


def policy(actor: Actor, *, workspace: Workspace) -> Policy:
    """The shop's brand policy. Raises `BadPolicy` with the line of a typo."""
    require(actor, Permission.SEE_TASKS)
    return load_policy(workspace.policy)


def library(actor: Actor, *, workspace: Workspace) -> tuple[Play, ...]:
    """The ready plays in order of priority, each checked against the policy. Raises `PlayAgainstPolicy`."""
    held = policy(actor, workspace=workspace)
    plays = sorted((load_play(DEFINITIONS / f"{code}.yaml") for code in PLAYS), key=lambda play: play.priority)
    for play in plays:
        rules.check_play(play, policy=held)
    return tuple(plays)


def words(actor: Actor, *, script: str, facts: dict[str, object], title: str, language: str) -> str:
    """The exact words of a script for one person's facts; `title` '' means: not by name."""
    require(actor, Permission.SEE_TASKS)
    short = "zh" if language.startswith("zh") else "en"
    values = rules.script_values(facts, title=title, language=short)
    return rules.render(script, values=values, fallbacks=load_variables()[short])

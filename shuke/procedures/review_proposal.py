"""Deciding about a proposal: approval draws its tasks, withdrawal takes them back, all in one transaction."""

from dataclasses import dataclass

from django.db import transaction

import shuke.proposals.actions as proposals
import shuke.proposals.queries as proposed
import shuke.touches.actions as touches
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.plays.queries import policy as policy_of
from shuke.proposals.values import Edit


@dataclass(frozen=True)
class Reviewed:
    """What a decision did: the proposal, its play and state, tasks made or taken back, people held out."""

    proposal: int
    play: str
    state: str
    version: int
    tasks: int
    holdout: int


def open_proposals(actor: Actor) -> list[int]:
    """Numbers of the latest week's proposals that wait for a decision."""
    return proposed.open_ids(actor)


def approve(actor: Actor, *, workspace: Workspace, proposal: int, version: int | None = None) -> Reviewed:
    """Approves a proposal and makes its tasks; people held out get none. `version` is the one that was read."""
    policy = policy_of(actor, workspace=workspace)
    with transaction.atomic():
        decided = proposals.review(actor, proposal_id=proposal, verb="approve", version=version)
        with open_reader(SYSTEM, workspace) as lake:
            people = proposed.treated(actor, lake=lake, proposal_id=proposal)
            staff = proposed.staff_by_store(actor, lake=lake)
        made = touches.create_tasks(actor, proposal=decided, people=people, staff=staff, policy=policy)
    return Reviewed(decided.pk, decided.play, decided.state, decided.version, made, decided.holdout)


def edit(actor: Actor, *, workspace: Workspace, proposal: int, version: int | None, edit: Edit) -> Reviewed:
    """Changes words, offer, time, holdout or people of an open proposal; `version` is the one that was read.

    Raises `Stale` with who did what, `NotNow`, `BadEdit` with every violation; then nothing is changed.
    """
    policy = policy_of(actor, workspace=workspace)
    with open_reader(SYSTEM, workspace) as lake:
        changed = proposals.edit_proposal(
            actor, lake=lake, proposal_id=proposal, version=version, edit=edit, policy=policy
        )
    return Reviewed(changed.pk, changed.play, changed.state, changed.version, 0, changed.holdout)


def reject(actor: Actor, *, proposal: int, reason: str, version: int | None = None) -> Reviewed:
    """Rejects a proposal; the reason is kept."""
    decided = proposals.review(actor, proposal_id=proposal, verb="reject", version=version, reason=reason)
    return Reviewed(decided.pk, decided.play, decided.state, decided.version, 0, decided.holdout)


def withdraw(actor: Actor, *, proposal: int, reason: str = "", version: int | None = None) -> Reviewed:
    """Takes an approval back while no sheet is out; the draw stays, so approving again gives the same people."""
    with transaction.atomic():
        decided = proposals.review(actor, proposal_id=proposal, verb="withdraw", version=version, reason=reason)
        removed = touches.take_back(actor, proposal_id=proposal)
    return Reviewed(decided.pk, decided.play, decided.state, decided.version, removed, decided.holdout)


def approve_play(actor: Actor, *, workspace: Workspace, play: str) -> list[Reviewed]:
    """Approves the open proposals of one play in all stores that the actor sees, one after the other."""
    return [approve(actor, workspace=workspace, proposal=number) for number in proposed.open_ids(actor, play=play)]

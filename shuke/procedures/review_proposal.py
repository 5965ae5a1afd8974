"""Deciding about a proposal: approval draws its tasks, withdrawal takes them back, all in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

import shuke.proposals.actions as proposals
import shuke.proposals.queries as proposed
import shuke.touches.actions as touches
from shuke.customers.queries import alias_sets
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.plays.queries import policy as policy_of
from shuke.proposals.values import Edit

_GROUP = 50


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
    return _approve(actor, workspace=workspace, proposals_read={proposal: version})[0]


def approve_many(actor: Actor, *, workspace: Workspace, numbers: Sequence[int]) -> list[Reviewed]:
    """Approves proposals fifty at a time; on trouble its fifty are undone, those before stay."""
    groups = [numbers[start : start + _GROUP] for start in range(0, len(numbers), _GROUP)]
    return [
        done for group in groups for done in _approve(actor, workspace=workspace, proposals_read=dict.fromkeys(group))
    ]


def approve_play(actor: Actor, *, workspace: Workspace, play: str) -> list[Reviewed]:
    """Approves the open proposals of one play in all stores that the actor sees: all of them or, on trouble, none."""
    waiting = proposed.open_ids(actor, play=play)
    return _approve(actor, workspace=workspace, proposals_read=dict.fromkeys(waiting))


def _approve(actor: Actor, *, workspace: Workspace, proposals_read: Mapping[int, int | None]) -> list[Reviewed]:
    policy = policy_of(actor, workspace=workspace)
    done = []
    with transaction.atomic(), open_reader(SYSTEM, workspace) as lake:
        decided = [
            proposals.review(actor, proposal_id=number, verb="approve", version=version)
            for number, version in proposals_read.items()
        ]
        people = proposed.treated(actor, lake=lake, proposal_ids=list(proposals_read))
        staff = proposed.staff_by_store(actor, lake=lake)
        ids = {row["customer_id"] for rows in people.values() for row in rows}
        same = alias_sets(SYSTEM, lake=lake, customer_ids=ids)
        for one in decided:
            made = touches.create_tasks(
                actor, proposal=one, people=people[one.pk], staff=staff, policy=policy, same=same
            )
            done.append(Reviewed(one.pk, one.play, one.state, one.version, made, one.holdout))
    return done


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

"""The review queue: answers are kept one by one, and take effect together."""

import shuke.customers.actions as customers
from shuke.customers.values import Applied, Decided
from shuke.kernel.actor import Actor
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.procedures.apply_decisions import Progress, publish, work_out


def decide(
    actor: Actor, *, workspace: Workspace, pair_id: str, answer: str, note: str = "", replace: bool = False
) -> Decided:
    """Keeps an answer (same, different, skip) to a pair of the queue; the pair leaves the queue at once.

    Raises `NoSuchPair`, or `Contradiction` where it does not fit earlier decisions, unless `replace` ends those.
    """
    return customers.decide_pair(actor, workspace=workspace, pair_id=pair_id, answer=answer, note=note, replace=replace)


def undo(actor: Actor, *, workspace: Workspace, decision_id: int, note: str = "") -> Decided:
    """Takes a decision back; a pair that it decided waits again (after the next resolution where it was applied)."""
    del workspace
    return customers.take_back(actor, decision_id=decision_id, reason=note)


def apply(actor: Actor, *, workspace: Workspace, progress: Progress) -> Applied:
    """Applies every decision that waits: resolves, and publishes customers, facts and check-up together."""
    with open_run(workspace, kind="decisions") as run:
        refreshed = work_out(actor, run=run, progress=progress)
        return publish(actor, run=run, refreshed=refreshed, progress=progress)


def label(actor: Actor, *, workspace: Workspace, pair_id: str, answer: str) -> int:
    """Keeps an answer (same, different, unsure) of a labelling sample; returns how many pairs have one."""
    return customers.record_label(actor, workspace=workspace, pair_id=pair_id, answer=answer)

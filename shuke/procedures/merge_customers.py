"""Two customers are one person: what will move, the merge, and taking it back."""

from dataclasses import replace as replaced

import shuke.customers.actions as customers
from shuke.access.rules import Permission, require
from shuke.customers.queries import Whole, aliases_of, consents, contradictions, decision_sides, whole
from shuke.customers.rules.consents import stricter
from shuke.customers.values import ConsentChange, MergePreview, SplitPreview
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.errors import WrongUse
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.lake.queries import Reader, open_reader
from shuke.procedures.apply_decisions import NotApplied, Progress, publish, work_out
from shuke.procedures.split_customer import preview_sides, sides_now
from shuke.touches.queries import open_and_doubles

_MONEY = """
select count(*) filter (where not is_return and gross_minor > 0) as orders, coalesce(sum(net_minor), 0) as net_minor
from orders where customer_id = $id and counted
"""


def preview(actor: Actor, *, workspace: Workspace, left: int, right: int) -> MergePreview:
    """What a merge would do: who stays, what moves, consents, tasks, and what speaks against it; changes nothing.

    The customer with more records survives, of two alike the older. Raises `WrongUse` where both are one already.
    """
    require(actor, Permission.MERGE_CUSTOMERS)
    with open_reader(actor, workspace) as lake:
        sides = [whole(actor, lake=lake, customer_id=one) for one in (left, right)]
        survivor, goes = sorted(sides, key=lambda one: (-one.under_own_id, one.side.customer_id or 0))
        ids = [aliases_of(actor, lake=lake, customer_id=one.side.customer_id or 0) for one in (survivor, goes)]
        if ids[0][0] == ids[1][0]:
            raise WrongUse("These two are one customer already.", hint="Choose another one.")
        money = [_money(lake, one) for one in (survivor, goes)]
        changes = _consents(actor, lake=lake, survivor=ids[0][0], goes=ids[1][0])
    tasks, doubles = open_and_doubles(actor, customer_ids=[*ids[0], *ids[1]])
    with open_reader(SYSTEM, workspace) as lake:
        against = contradictions(actor, lake=lake, left=ids[0][0], right=ids[1][0])
    return MergePreview(
        survivor=replaced(survivor.side, orders=money[0][0], net_minor=money[0][1]),
        goes=replaced(goes.side, orders=money[1][0], net_minor=money[1][1]),
        orders=money[1][0],
        net_minor=money[1][1],
        currency=workspace.currency,
        identifiers=len(goes.identifiers - survivor.identifiers),
        consents=changes,
        tasks=tasks,
        doubles=doubles,
        contradictions=against,
    )


def merge(
    actor: Actor,
    *,
    workspace: Workspace,
    left: int,
    right: int,
    reason: str,
    progress: Progress,
    replace: bool = False,
) -> int:
    """Merges two customers and publishes; returns the one that lives on.

    Raises `Contradiction` where people decided otherwise before, unless `replace` ends those decisions; `NotApplied`.
    """
    require(actor, Permission.MERGE_CUSTOMERS)
    with open_run(workspace, kind="merge") as run:
        decided = customers.decide_merge(
            actor, workspace=workspace, left=left, right=right, reason=reason, replace=replace
        )
        refreshed = work_out(actor, run=run, progress=progress)
        sides = sides_now(run, decision_id=decided.decision_id)
        if sides[0] != sides[1]:
            customers.take_back(actor, decision_id=decided.decision_id, reason="not applied")
            raise NotApplied("These two could not be joined.", hint="Tell who keeps this system, with both customers.")
        publish(actor, run=run, refreshed=refreshed, progress=progress)
    return sides[0]


def preview_undo(actor: Actor, *, workspace: Workspace, decision_id: int) -> SplitPreview:
    """What taking a merge back would do; raises `NotUndoable` where it is no merge in force."""
    require(actor, Permission.MERGE_CUSTOMERS)
    with open_reader(actor, workspace) as lake:
        living, _, leaving = decision_sides(actor, lake=lake, decision_id=decision_id)
        return preview_sides(actor, lake=lake, customer_id=living, evidence=leaving, ending=[decision_id])


def undo(actor: Actor, *, workspace: Workspace, decision_id: int, reason: str, progress: Progress) -> tuple[int, int]:
    """Takes a merge or a split back and publishes; returns the customers of both sides now, alike where they are one.

    Both customers of a merge come back with their ids, unless something new ties them. Raises `NoSuchDecision`.
    """
    require(actor, Permission.MERGE_CUSTOMERS)
    with open_run(workspace, kind="undo") as run:
        customers.take_back(actor, decision_id=decision_id, reason=reason)
        refreshed = work_out(actor, run=run, progress=progress)
        publish(actor, run=run, refreshed=refreshed, progress=progress)
        return sides_now(run, decision_id=decision_id)


def _money(lake: Reader, side: Whole) -> tuple[int, int]:
    if not lake.has("orders"):
        return side.side.orders, 0
    row = lake.row(_MONEY, id=side.side.customer_id) or {}
    return int(row["orders"]), int(row["net_minor"])


def _consents(actor: Actor, *, lake: Reader, survivor: int, goes: int) -> tuple[ConsentChange, ...]:
    """Each channel and purpose that either has a statement about, and the stricter of both."""
    said = [
        {(one.channel, one.purpose): one.state for one in consents(actor, lake=lake, customer_id=number)}
        for number in (survivor, goes)
    ]
    return tuple(
        ConsentChange(
            channel=asked[0],
            purpose=asked[1],
            left=said[0].get(asked, "unknown"),
            right=said[1].get(asked, "unknown"),
            after=stricter(said[0].get(asked, "unknown"), said[1].get(asked, "unknown")),
        )
        for asked in sorted(said[0].keys() | said[1].keys())
    )

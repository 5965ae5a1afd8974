"""Some records of a customer are another person's: what goes where, and the split."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import shuke.customers.actions as customers
from shuke.access.rules import Permission, require
from shuke.customers.queries import customers_of, split_ids, whole
from shuke.customers.values import Joint, Side, SplitPreview
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.errors import WrongUse
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import Run, open_run
from shuke.lake.queries import Reader, open_reader
from shuke.lake.rules import literal
from shuke.procedures.apply_decisions import NotApplied, Progress, publish, work_out
from shuke.touches.queries import open_and_doubles

_MONEY = """
select count(*) filter (where not o.is_return and o.gross_minor > 0) as orders,
  coalesce(sum(o.net_minor), 0) as net_minor
from orders o
where o.customer_id = $id and o.counted and o.record_id in {records}
"""


def preview(actor: Actor, *, workspace: Workspace, customer_id: int, evidence: Sequence[int]) -> SplitPreview:
    """What a split would do: both sides with their orders and money, ids, and what stays where; changes nothing.

    `evidence` are ids of `customers.queries.evidence`, those of the person who leaves.
    """
    require(actor, Permission.MERGE_CUSTOMERS)
    with open_reader(actor, workspace) as lake:
        return preview_sides(actor, lake=lake, customer_id=customer_id, evidence=set(evidence))


def preview_sides(
    actor: Actor,
    *,
    lake: Reader,
    customer_id: int,
    evidence: Collection[int],
    ending: Collection[int] | None = None,
) -> SplitPreview:
    """As `preview`, on a reader; `ending` are the decisions that would end, where these are known."""
    every = whole(actor, lake=lake, customer_id=customer_id)
    leaving = whole(actor, lake=lake, customer_id=customer_id, evidence=evidence)
    staying = whole(actor, lake=lake, customer_id=customer_id, evidence=every.evidence - set(evidence))
    if not leaving.records or not staying.records:
        raise WrongUse("Choose some of the evidence, not none and not all of it.", hint="Tick what is somebody else's.")
    living = int(every.side.customer_id or 0)
    keeps_id, restores, undoes = split_ids(actor, lake=lake, customer_id=living, leaving=leaving.records, ending=ending)
    tasks, _ = open_and_doubles(actor, customer_ids=[living])
    joint = (Joint("orders", every.side.orders, "records"), Joint("tasks", tasks, keeps_id))
    return SplitPreview(
        customer_id=living,
        keeps=_with_money(lake, staying.side, records=staying.records),
        leaves=_with_money(lake, leaving.side, records=leaving.records),
        keeps_id=keeps_id,
        restores=restores,
        joint=tuple(one for one in joint if one.times),
        undoes=undoes,
    )


def split(
    actor: Actor,
    *,
    workspace: Workspace,
    customer_id: int,
    evidence: Sequence[int],
    reason: str,
    progress: Progress,
) -> tuple[int, int]:
    """Splits a customer and publishes; returns the ids of those who stay and of those who leave.

    Earlier decisions that tie both sides end. Raises `NotApplied` where the resolution could not part them.
    """
    require(actor, Permission.MERGE_CUSTOMERS)
    with open_run(workspace, kind="split") as run:
        decided = customers.decide_split(
            actor, workspace=workspace, customer_id=customer_id, evidence=evidence, reason=reason
        )
        refreshed = work_out(actor, run=run, progress=progress)
        sides = sides_now(run, decision_id=decided.decision_id)
        if sides[0] == sides[1]:
            customers.take_back(actor, decision_id=decided.decision_id, reason="not applied")
            raise NotApplied(
                "These records could not be parted.", hint="Tell who keeps this system, with the customer."
            )
        publish(actor, run=run, refreshed=refreshed, progress=progress)
    return sides


def sides_now(run: Run, *, decision_id: int) -> tuple[int, int]:
    """Who holds most records of a decision's two sides, as `run` has them; raises `NotApplied` where nobody does."""
    left, right = customers_of(SYSTEM, lake=run.reader(), decision_id=decision_id)
    if left is None or right is None:
        raise NotApplied("The records of this decision are nobody's any more.", hint="Load the page again.")
    return left, right


def _with_money(lake: Reader, side: Side, *, records: Sequence[int]) -> Side:
    if not lake.has("orders"):
        return side
    row = lake.row(_MONEY.format(records=literal(list(records))), id=side.customer_id) or {}
    return replace(side, orders=int(row["orders"]), net_minor=int(row["net_minor"]))

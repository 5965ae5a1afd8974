"""Decisions about who is who take effect: one resolution that obeys them, published with what depends on it."""

from collections.abc import Callable
from datetime import date

from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.customers.values import Applied
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import ShukeError
from shuke.lake.actions import Run
from shuke.procedures.link_accounts import link_accounts
from shuke.procedures.refresh import Refreshed, commit, refresh

Progress = Callable[[str], None]
_CHANGED = """
select kind, count(*) as events from customer_events
where run = $run and kind in ('merged', 'split') and records > 0
group by kind
"""


class NotApplied(ShukeError):
    """The resolution did not do what was decided: nothing was published, and the decision was taken back."""


def work_out(actor: Actor, *, run: Run, progress: Progress) -> Refreshed:
    """Brings customers, facts and the check-up up to date in `run`, obeying every decision; publishes nothing.

    They stand on the day they stood on. Metrics, segments and proposals follow with the next week; until then they find
    everybody by any id.
    """
    require(actor, Permission.MERGE_CUSTOMERS)
    stood = run.generation.details.get("as_of")
    return refresh(SYSTEM, run=run, as_of=date.fromisoformat(stood) if stood else None, progress=progress)


def publish(actor: Actor, *, run: Run, refreshed: Refreshed, progress: Progress) -> Applied:
    """Publishes what was worked out, and tells how many customers became one with another or came apart.

    Accounts follow at once, in the ledger's own transaction.
    """
    require(actor, Permission.MERGE_CUSTOMERS)
    changed = {row["kind"]: int(row["events"]) for row in run.reader().rows(_CHANGED, run=run.generation.pk)}
    progress("publishing")
    with transaction.atomic():
        commit(actor, run=run, refreshed=refreshed)
    link_accounts(SYSTEM, workspace=run.workspace, now=utc_now(), progress=progress)
    return Applied(merged=changed.get("merged", 0), split=changed.get("split", 0))

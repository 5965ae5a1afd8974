"""From staged persons to customers: the one way in which ids come into being."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.customers import rules
from shuke.customers.actions import delta
from shuke.customers.actions.events import write_events
from shuke.customers.actions.evidence import Loaded, guarded, load, spelled
from shuke.customers.actions.households import write_households
from shuke.customers.actions.memory import before, write_memory
from shuke.customers.actions.pairs import write_certainty, write_pairs
from shuke.customers.actions.pins import write_pins
from shuke.customers.actions.similar import callbacks
from shuke.customers.adapters import guards, shop_guards, weights
from shuke.customers.models import Allocator
from shuke.customers.values import Ints, Minted, Parts, Reason, Resolution
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.kernel.collector import collector_paused
from shuke.kernel.errors import ShukeError
from shuke.lake.actions import Run

FIRST_ID = 10_000_001
_EARLIEST_S = -2_208_988_800
_FOLLOWING = (
    "evidence_keys",
    "identity",
    "identifiers",
    "customer_lookup",
    "customer_profiles",
    "customer_evidence",
)
_WHOLE = ("customer_consents", "review_pairs")


class IdsTaken(ShukeError):
    """Another resolution gave out ids meanwhile."""


def resolve(actor: Actor, *, run: Run, whole: bool = False) -> Resolution:
    """Builds every table of the room in `run` from its staged rows; writes nothing to the database.

    Where only new rows came since the last resolution, only what they touch is written (`actions.delta`), with the same
    result; `whole` builds everything anew nonetheless. Ids continue from the allocator; those of the previous identity
    table in `run` are kept by overlap. Call `commit_resolution` with what this gives inside the transaction that
    publishes the run.
    """
    require(actor, Permission.IMPORT_FILES)
    first_id = _next_id()
    write_pins(run)
    own = shop_guards(run.workspace.root)
    given = (own, weights())
    new = None if whole else delta.new_since(run, given=given)
    if new is None:
        run.build(["record_evidence", "person_evidence"], parameters=own.parameters)
    else:
        delta.take_in(run, new=new, parameters=own.parameters)
    minted, blocked = _decide(run, first_id=first_id)
    if new is None:
        run.build(_FOLLOWING, parameters={})
    else:
        delta.build(run, new=new)
    run.build(_WHOLE, parameters={})
    write_households(run)
    delta.remember(run, given=given)
    return Resolution(
        first_id=first_id,
        next_id=minted.next_id,
        records=int(run.tables["identity"]["rows"]),
        customers=int(run.tables["customer_profiles"]["rows"]),
        created=minted.created,
        merged=minted.merged,
        split=minted.split,
        blocked=blocked,
    )


@collector_paused()
def _decide(run: Run, *, first_id: int) -> tuple[Minted, Mapping[str, int]]:
    """Writes whose each evidence is and where ids lead; gives the ids and how many values were blocked.

    A function of its own, so that its arrays are gone when the tables are built.
    """
    loaded = guarded(run, load(run))
    parts = rules.partition(
        loaded.evidence,
        spelled=spelled(run, loaded),
        limits=guards().limits,
        weights=weights(),
        **callbacks(run, loaded),
    )
    known = parts.automatic >= 0
    sizes = np.bincount(parts.automatic[known], weights=loaded.evidence.records[parts.evidence[known]])
    held = before(run, loaded=loaded, parts=parts)
    minted = rules.mint(parts, sizes.astype(np.int64), before=held, next_id=first_id)
    _write_owners(run, loaded=loaded, parts=parts, minted=minted)
    write_events(run, before=held, minted=minted, parts=parts)
    write_memory(run, before=held, minted=minted)
    write_pairs(run, loaded=loaded, parts=parts)
    write_certainty(run, parts=parts, minted=minted)
    return minted, loaded.blocked


@transaction.atomic
def commit_resolution(actor: Actor, *, resolution: Resolution) -> None:
    """Books the ids that a resolution gave out and journals what it did; part of the transaction that publishes."""
    require(actor, Permission.IMPORT_FILES)
    if _next_id() != resolution.first_id:
        raise IdsTaken("Another run gave out customer ids meanwhile.", hint="Run the command again.")
    Allocator.objects.update_or_create(id=1, defaults={"next_id": resolution.next_id})
    note(
        actor,
        "customers_resolved",
        object_type="customers",
        object_id=resolution.next_id,
        records=resolution.records,
        customers=resolution.customers,
        created=resolution.created,
        merged=resolution.merged,
        split=resolution.split,
        blocked=dict(resolution.blocked),
    )


def _next_id() -> int:
    allocator = Allocator.objects.first()
    return allocator.next_id if allocator else FIRST_ID


def _write_owners(run: Run, *, loaded: Loaded, parts: Parts, minted: Minted) -> None:
    """Table evidence_owners from labels and ids."""
    known, used = parts.automatic >= 0, parts.used >= 0
    own, customer = _ids_of(parts, minted)
    records = np.bincount(parts.used[used], weights=loaded.evidence.records[parts.evidence[used]], minlength=1)
    alone = ~used | (records[np.maximum(parts.used, 0)] <= 1)
    band = np.where(alone, 0, np.where(known & (own == customer), 1, 2))
    blocked = (parts.reason == Reason.NO_KEY) & loaded.had_blocked[parts.evidence]
    reason = np.where(blocked, int(Reason.BLOCKED_VALUE), parts.reason)
    rows = pa.table(
        {
            "evidence_id": loaded.ids[parts.evidence],
            "from_at": _instants(parts.from_s),
            "until_at": _instants(parts.until_s),
            "customer_id": pa.array(customer, mask=~used),
            "customer_id_automatic": pa.array(own, mask=~known),
            "probability": parts.probability,
            "band": pa.array(["alone", "automatic", "probable"]).take(pa.array(band)),
            "reason": pa.array([reason.code for reason in sorted(Reason)]).take(pa.array(reason)),
        }
    )
    run.write_arrow("evidence_owners", rows=rows)


def _ids_of(parts: Parts, minted: Minted) -> tuple[Ints, Ints]:
    """The automatic id and the customer of each part; 0 for nobody's."""
    known = parts.automatic >= 0
    size = max(int(parts.automatic.max(initial=0)), int(parts.used.max(initial=0))) + 1
    own_of, leads_to, customer_of = (np.zeros(size, np.int64) for _ in range(3))
    own_of[minted.clusters], leads_to[minted.clusters] = minted.ids, minted.customers
    customer_of[parts.used[known]] = leads_to[parts.automatic[known]]
    own = np.where(known, own_of[np.maximum(parts.automatic, 0)], 0)
    return own, np.where(parts.used >= 0, customer_of[np.maximum(parts.used, 0)], 0)


def _instants(seconds: Any) -> pa.Array:
    return pa.array(np.maximum(seconds, _EARLIEST_S), pa.timestamp("s")).cast(pa.timestamp("us"))

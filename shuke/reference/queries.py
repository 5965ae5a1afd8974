"""Reading the master data."""

from dataclasses import dataclass
from datetime import date, timedelta

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.period import Period
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import Reader
from shuke.reference import adapters
from shuke.reference.values import Festival


@dataclass(frozen=True)
class Store:
    """One store or online shop; `city` None is not known."""

    store: str
    city: str | None
    channel: str
    first_seen_on: date | None
    last_seen_on: date | None


@dataclass(frozen=True)
class WrittenName:
    """One way in which a source writes a store, and the name used everywhere."""

    source: str
    written: str
    store: str


def stores(actor: Actor, *, lake: Reader) -> list[Store]:
    """Stores by name, those of the actor's scope only; empty before the first build."""
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("stores"):
        return []
    rows = lake.rows("select store, city, channel, first_seen_on, last_seen_on from stores order by store")
    return [Store(**row) for row in rows if actor.stores is None or row["store"] in actor.stores]


def associates(actor: Actor, *, lake: Reader, store: str | None = None) -> list[str]:
    """Names of associates, of one store where it is given; empty before the first build."""
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("associates"):
        return []
    rows = lake.rows(
        "select associate from associates where $store is null or store = $store order by associate", store=store
    )
    return [row["associate"] for row in rows]


def written_names(actor: Actor, *, lake: Reader) -> list[WrittenName]:
    """How each source writes each store of the actor's scope, by store; empty before the first build."""
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("store_names"):
        return []
    rows = lake.rows("select source, written, store from store_names order by store, source, written")
    return [WrittenName(**row) for row in rows if actor.stores is None or row["store"] in actor.stores]


def festivals(actor: Actor, *, workspace: Workspace, span: Period) -> tuple[Festival, ...]:
    """Festivals and sales days in a period, the shop's own among them, by day."""
    require(actor, Permission.SEE_WEEK)
    return adapters.festivals(workspace, first=span.start_on, last=span.end_on - timedelta(days=1))

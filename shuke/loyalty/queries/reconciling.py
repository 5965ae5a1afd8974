"""The ledger compared with itself: entries, lots, balances, orders and chains, every account."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from django.db import connection

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.loyalty.adapters import audit
from shuke.loyalty.models import Entry, Txn
from shuke.loyalty.rules.sealing import sealed, sealed_text
from shuke.loyalty.values.audit import Drift, Reconciliation
from shuke.loyalty.values.ledger import Posting

Progress = Callable[[str], None]
# Accounts (and orders) a statement: what fits the working memory of a server's sort.
_STEP = 50_000
Check = Callable[[int, int], list[Drift]]


def find_drift(actor: Actor, *, progress: Progress) -> Reconciliation:
    """Compares everything and names each drift; changes nothing. Tills may work on: each range is seen at one instant.

    Two ranges are compared at a time on a server.
    """
    require(actor, Permission.SEE_FINANCE)
    started = time.monotonic()
    accounts = _steps(audit.span("loyalty_account", key="id"))
    orders = _steps(audit.span("loyalty_order", key="id"))
    work: list[tuple[Check, tuple[int, int]]] = [
        *((check, step) for step in accounts for check in (_balances, _lots, _chains)),
        *((_orders, step) for step in orders),
    ]
    drifts: list[Drift] = []
    for place, found in enumerate(_worked(work), start=1):
        drifts += found
        if place % 30 == 0:
            progress(f"{place:,} of {len(work):,} comparisons")
    return Reconciliation(
        accounts=audit.counted("loyalty_account"),
        txns=audit.counted("loyalty_txn"),
        entries=audit.counted("loyalty_entry"),
        drifts=tuple(sorted(drifts, key=lambda one: (one.account_id, one.field, one.reference))),
        frozen=0,
        seconds=time.monotonic() - started,
    )


def _worked(work: Sequence[tuple[Check, tuple[int, int]]]) -> Iterator[list[Drift]]:
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield from (check(*step) for check, step in work)
        return
    with ThreadPoolExecutor(max_workers=2) as workers:
        halves = [workers.submit(_alone, work[place::2]) for place in (0, 1)]
        yield from chain.from_iterable(half.result() for half in halves)


def _alone(work: Sequence[tuple[Check, tuple[int, int]]]) -> list[list[Drift]]:
    try:
        return [check(*step) for check, step in work]
    finally:
        connection.close()


def _steps(span: tuple[int, int]) -> list[tuple[int, int]]:
    first, last = span
    return [(start, min(start + _STEP, last + 1)) for start in range(first, last + 1, _STEP)]


def _balances(first: int, next_: int) -> list[Drift]:
    found = []
    for account, *values in audit.balances_off(first, next_):
        pairs = zip(audit.BOOKS, values[::2], values[1::2], strict=True)
        found += [Drift(account, book, 0, str(told), str(stands)) for book, told, stands in pairs if told != stands]
    return found


def _lots(first: int, next_: int) -> list[Drift]:
    found = []
    for account, lot, *values in audit.lots_off(first, next_):
        pairs = zip(audit.KEPT, values[::2], values[1::2], strict=True)
        found += [
            Drift(account, f"lot.{book}", lot, str(told), str(stands)) for book, told, stands in pairs if told != stands
        ]
    return found


def _orders(first: int, next_: int) -> list[Drift]:
    return [
        Drift(account, "order.points", order, str(told), str(stands))
        for account, order, told, stands in audit.orders_off(first, next_)
    ]


def _chains(first: int, next_: int) -> list[Drift]:
    found = []
    for account, txn, previous, before, hashed, _, head, is_head in audit.chains_off(first, next_):
        if is_head:
            found.append(Drift(account, "head", txn, hashed, head))
            continue
        if previous != before:
            found.append(Drift(account, "chain", txn, before, previous))
        sealed = _sealed(txn)
        if sealed != hashed:
            found.append(Drift(account, "chain", txn, sealed, hashed))
    return found


def _sealed(txn: int) -> str:
    """The hash of one transaction, with all its entries, whosever they are."""
    row = Txn.objects.get(pk=txn)
    text = sealed_text(
        row.previous,
        head=(row.pk, row.account_id, row.kind, row.client, row.key, row.request_hash),
        at=row.at,
        recorded_at=row.recorded_at,
        business_on=row.business_on,
        order=(row.order_source, row.order_no),
        postings=[
            Posting(entry.account_id, entry.lot_id or 0, entry.source, entry.target, entry.points, entry.at)
            for entry in Entry.objects.filter(txn_id=txn).order_by("id")
        ],
    )
    return sealed(text)

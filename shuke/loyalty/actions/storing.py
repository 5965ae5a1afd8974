"""From decided changes to rows: what happened in the books of a batch, written down in one go."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from shuke.loyalty.actions.loading import Loaded
from shuke.loyalty.adapters import columns
from shuke.loyalty.adapters.columns import Table
from shuke.loyalty.adapters.doors import Batch, Row
from shuke.loyalty.rules.books import Change
from shuke.loyalty.rules.sealing import sealed, sealed_text
from shuke.loyalty.rules.standings import tier_change
from shuke.loyalty.values.commands import OrderRef
from shuke.loyalty.values.ledger import (
    BURNED,
    CLAWED,
    EXPIRED,
    FREE,
    HELD,
    ISSUED,
    OWED,
    RETURNED,
    TRANSFERRED,
    Burning,
    Earning,
    Hold,
)

# Made once: a new encoder for each row costs as much as the row.
to_json = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(slots=True)
class Request:
    """What a transaction row says of its request."""

    kind: str
    client: str
    key: str
    request_hash: str
    at: datetime
    business_on: date
    actor: str
    store: str = ""
    channel: str = ""
    reason: str = ""


@dataclass(slots=True)
class Stored:
    """The rows of a batch so far; balances, lots, orders and holds are read off the books at its end."""

    txns: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    growths: list[Row] = field(default_factory=list)
    tiers: list[Row] = field(default_factory=list)
    facts: list[Row] = field(default_factory=list)
    opened: set[int] = field(default_factory=set)
    linked: set[int] = field(default_factory=set)
    balances: set[int] = field(default_factory=set)
    new_lots: set[int] = field(default_factory=set)
    lots: set[int] = field(default_factory=set)
    orders: dict[tuple[str, str, str], None] = field(default_factory=dict)
    holds: dict[str, None] = field(default_factory=dict)


def note(stored: Stored, loaded: Loaded, *, change: Change, request: Request, answer: str, txn: int) -> None:
    """Adds the rows of one change that has been posted: its sealed transaction, entries, growth, tier and fact."""
    root, now = change.account, loaded.books.now
    stored.balances.add(root)
    _note_rows(stored, loaded, change=change)
    previous = loaded.heads.get(root, "")
    order = change.order
    text = sealed_text(
        previous,
        head=(txn, root, request.kind, request.client, request.key, request.request_hash),
        at=request.at,
        recorded_at=now,
        business_on=request.business_on,
        order=order,
        postings=change.postings,
    )
    seal = sealed(text)
    loaded.heads[root] = seal
    stored.txns.append(
        (
            *(txn, root, request.kind, request.client, request.key, request.request_hash, answer, request.at, now),
            *(request.business_on, request.store, request.channel, order.source, order.no, request.reason),
            *(request.actor, previous, seal),
        )
    )
    for account, lot, source, target, points, at in change.postings:
        stored.entries.append((txn, account, lot or None, source, target, points, at))
        stored.balances.add(account)
        if lot:
            stored.lots.add(lot)
    if change.growth and change.growth_on is not None:
        stored.growths.append(
            (
                *(txn, change.growth_account, change.growth_kind, change.growth, now, change.growth_on),
                *(order.source, order.no, request.reason),
            )
        )
    if change.growth or change.accounts:
        _note_tier(stored, loaded, root=root, txn=txn)
    stored.facts.append(_fact(loaded, change, request=request, txn=txn))


def batch_of(stored: Stored, loaded: Loaded) -> Batch:
    """All rows of the batch: inserts first, then updates of rows that the database had."""
    books, batch = loaded.books, Batch()
    programme = books.programme.code
    _insert(batch, columns.ACCOUNTS, rows=[_account(loaded, number) for number in sorted(stored.opened)])
    new, known = stored.balances & stored.opened, stored.balances - stored.opened
    _insert(batch, columns.BALANCES, rows=[_balance(loaded, number) for number in sorted(new)])
    _insert(batch, columns.TXNS, rows=stored.txns)
    _insert(batch, columns.LOTS, rows=[_lot(loaded, number) for number in sorted(stored.new_lots)])
    _insert(batch, columns.ENTRIES, rows=stored.entries)
    orders = {key: _order(loaded, key, programme=programme) for key in stored.orders}
    _insert(batch, columns.ORDERS, rows=[row for key, row in orders.items() if key not in loaded.known])
    holds = [books.holds[code] for code in stored.holds]
    _insert(
        batch, columns.HOLDS, rows=[_hold(hold, programme=programme) for hold in holds if hold.code not in loaded.known]
    )
    _insert(batch, columns.GROWTHS, rows=stored.growths)
    _insert(batch, columns.TIERS, rows=stored.tiers)
    _insert(batch, columns.FACTS, rows=stored.facts)
    _update(batch, columns.BALANCES, rows=[_balance(loaded, number) for number in sorted(known)])
    _update(batch, columns.LOTS, rows=[_lot(loaded, number) for number in sorted(stored.lots - stored.new_lots)])
    _update(batch, columns.ORDERS, rows=[row for key, row in orders.items() if key in loaded.known])
    _update(
        batch, columns.HOLDS, rows=[_hold(hold, programme=programme) for hold in holds if hold.code in loaded.known]
    )
    _update(
        batch, columns.ACCOUNTS, rows=[_account(loaded, number) for number in sorted(stored.linked - stored.opened)]
    )
    return batch


def _note_rows(stored: Stored, loaded: Loaded, *, change: Change) -> None:
    for account in change.accounts:
        if account.id in loaded.heads:
            stored.linked.add(account.id)
        else:
            loaded.heads[account.id] = ""
            stored.opened.add(account.id)
        stored.balances.add(account.id)
    stored.new_lots.update(lot.id for lot in change.lots)
    for side in (change.earning, change.burning):
        if side is not None:
            stored.orders[(side.source, side.no, "earn" if isinstance(side, Earning) else "burn")] = None
    if change.hold is not None:
        stored.holds[change.hold.code] = None


def _note_tier(stored: Stored, loaded: Loaded, *, root: int, txn: int) -> None:
    row = tier_change(loaded.books, root)
    if row is not None:
        loaded.books.tiers[root] = row
        stored.tiers.append((txn, root, row.tier, row.since, row.until, row.reason))


def _fact(loaded: Loaded, change: Change, *, request: Request, txn: int) -> Row:
    """What the outbox tells others; the form is written down in the map of facts."""
    account, now = loaded.books.accounts[change.account], loaded.books.now
    payload = {
        "txn": txn,
        "account": account.id,
        "member_no": account.member,
        "customer_id": account.customer_id,
        "kind": request.kind,
        "points": change.points,
        "entries": [
            {"account": p.account, "lot": p.lot or None, "source": p.source, "target": p.target, "points": p.points,
             "at": _iso(p.at)}
            for p in change.postings
        ],
        "growth": change.growth,
        "order_source": change.order.source,
        "order_no": change.order.no,
        "store": request.store,
        "channel": request.channel,
        "at": _iso(request.at),
        "business_on": str(request.business_on),
    }  # fmt: skip
    text = to_json(payload)
    return (f"loyalty.{request.kind}", f"txn:{txn}", account.id, text, request.at, now)


@lru_cache(maxsize=1024)
def _iso(at: datetime) -> str:
    return at.isoformat()


def _insert(batch: Batch, table: Table, *, rows: list[Row]) -> None:
    if rows:
        batch.inserts.append((table, rows))


def _update(batch: Batch, table: Table, *, rows: list[Row]) -> None:
    if rows:
        places = [table.names.index(name) for name in (*table.sets, *table.keys)]
        batch.updates.append((table.update(), [tuple(row[place] for place in places) for row in rows]))


def _account(loaded: Loaded, number: int) -> Row:
    account = loaded.books.accounts[number]
    return (
        *(account.id, account.programme, account.member, account.customer_id, account.group, account.merged_into),
        *(account.opened_at, None, account.frozen_reason, ""),
    )


def _balance(loaded: Loaded, number: int) -> Row:
    """The row's columns, where all sums stand positive."""
    books = loaded.books.books[number]
    return (
        *(number, books[FREE], books[HELD], -books[OWED], -books[ISSUED], books[CLAWED], books[BURNED]),
        *(-books[RETURNED], books[EXPIRED], -books[TRANSFERRED], loaded.heads[number]),
    )


def _lot(loaded: Loaded, number: int) -> Row:
    lot = loaded.books.lots[number]
    return (
        *(lot.id, lot.account, lot.txn, lot.kind, lot.points, lot.free, lot.held, lot.expired, lot.available_at),
        *(lot.expires_at, lot.order_source, lot.order_no, lot.created_at),
    )


def _order(loaded: Loaded, key: tuple[str, str, str], *, programme: str) -> Row:
    ref = OrderRef(key[0], key[1])
    side: Earning | Burning
    if key[2] == "earn":
        side = earning = loaded.books.earnings[ref]
        rest: Row = (earning.settled, earning.forgiven, earning.growth, earning.multiplier_thousandths, "[]")
        lot = earning.lot or None
    else:
        side = burning = loaded.books.burnings[ref]
        rest, lot = (0, 0, 0, 1000, to_json(burning.parts)), None
    return (
        *(programme, *key, side.account, side.txn, lot, side.amount_minor, side.currency, side.points),
        *(side.refunded_minor, *rest, side.bought_on),
    )


def _hold(hold: Hold, *, programme: str) -> Row:
    return (
        *(hold.id, programme, hold.code, hold.account, hold.points, to_json(hold.parts)),
        *(to_json(hold.coupons), hold.expires_at, hold.state, hold.txn, hold.order_source, hold.order_no),
    )

"""An auditor who trusts no sum of the ledger: adds up the entries alone, and says every place where a row differs."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

from shuke.loyalty.models import Account, Balance, Entry, Hold, Lot, Order, Txn

PLACES = ("available", "pending", "held", "owed", "expired")


def added_up(member: str, at: datetime) -> dict[str, int]:
    """The balance of a member's group at an instant: entries up to then, lots' dates, and holds that are over."""
    group = Account.objects.filter(group_id=Account.objects.get(member_no=member).group_id).values_list("id", flat=True)
    free: Counter[int] = Counter()
    shown = dict.fromkeys(PLACES, 0)
    for entry in Entry.objects.filter(account_id__in=list(group), at__lte=at):
        for book, sign in ((entry.source, -1), (entry.target, 1)):
            if book == "free":
                free[entry.lot_id or 0] += sign * entry.points
            elif book in ("held", "expired"):
                shown[book] += sign * entry.points
            elif book == "owed":
                shown["owed"] -= sign * entry.points
    for hold in Hold.objects.filter(state="open", expires_at__lte=at):
        for lot, points, account in hold.parts:
            if account in group:
                free[lot] += points
                shown["held"] -= points
    for lot in Lot.objects.filter(id__in=list(free)):
        over = lot.expires_at is not None and lot.expires_at <= at
        place = "expired" if over else "pending" if lot.available_at > at else "available"
        shown[place] += free[lot.id]
    return shown


def differences() -> list[str]:
    """Everything in the whole ledger that does not add up; empty when it is sound."""
    entries: dict[int, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.order_by("id"):
        entries[entry.account_id].append(entry)
    found = [*_balances(entries), *_lots(entries), *_holds(), *_orders(), *_chains()]
    written = set(Txn.objects.values_list("id", flat=True))
    found += [f"entry {e.id} has no transaction" for rows in entries.values() for e in rows if e.txn_id not in written]
    return found


def _balances(entries: dict[int, list[Entry]]) -> Iterable[str]:
    for row in Balance.objects.all():
        sums: Counter[str] = Counter()
        for entry in entries[row.account_id]:
            sums[entry.target] += entry.points
            sums[entry.source] -= entry.points
        for book in ("free", "held", "burned", "clawed", "expired"):
            if getattr(row, book) != sums[book]:
                yield f"account {row.account_id}: {book} is {getattr(row, book)}, entries say {sums[book]}"
        for book, seen in (("owed", row.owed), ("issued", row.issued), ("returned", row.returned)):
            if seen != -sums[book]:
                yield f"account {row.account_id}: {book} is {seen}, entries say {-sums[book]}"
        came = row.issued - row.clawed - row.burned + row.returned + row.transferred
        if came != row.free + row.held + row.expired - row.owed:
            yield f"account {row.account_id} does not add up"


def _lots(entries: dict[int, list[Entry]]) -> Iterable[str]:
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    for rows in entries.values():
        for entry in rows:
            if entry.lot_id:
                sums[entry.lot_id][entry.target] += entry.points
                sums[entry.lot_id][entry.source] -= entry.points
    for lot in Lot.objects.all():
        said, seen = sums.pop(lot.id, Counter()), (lot.free, lot.held, lot.expired)
        if seen != (said["free"], said["held"], said["expired"]):
            yield f"lot {lot.id} is {seen}, entries say {dict(said)}"
    yield from (f"entries speak of lot {lot}, which is not there" for lot in sums)


def _holds() -> Iterable[str]:
    held: Counter[int] = Counter()
    for hold in Hold.objects.filter(state="open"):
        for lot, points, _account in hold.parts:
            held[lot] += points
    for lot in Lot.objects.filter(held__gt=0) | Lot.objects.filter(id__in=list(held)):
        if lot.held != held[lot.id]:
            yield f"lot {lot.id} holds {lot.held}, open holds say {held[lot.id]}"


def _orders() -> Iterable[str]:
    for order in Order.objects.filter(role="burn"):
        if sum(points for _lot, points, _account, _back in order.parts) != order.points:
            yield f"order {order.order_no} burned {order.points}, its parts say otherwise"


def _chains() -> Iterable[str]:
    """Each account's transactions seal each other, and the balance row names the last of them."""
    heads: dict[int, str] = defaultdict(str)
    entries: dict[int, list[str]] = defaultdict(list)
    for e in Entry.objects.order_by("id"):
        entries[e.txn_id].append(f"{e.lot_id or 0}:{e.account_id}:{e.source}:{e.target}:{e.points}:{_instant(e.at)}")
    for t in Txn.objects.order_by("account_id", "id"):
        if t.previous != heads[t.account_id]:
            yield f"transaction {t.id} does not follow the one before it"
        fields = [t.previous, t.id, t.account_id, t.kind, t.client, t.key, t.request_hash, _instant(t.at)]
        fields += [_instant(t.recorded_at), t.business_on.isoformat(), t.order_source, t.order_no]
        sealed = "|".join(map(str, fields)) + "|" + ",".join(entries[t.id])
        if sha256(sealed.encode()).hexdigest() != t.hash:
            yield f"the seal of transaction {t.id} is broken"
        heads[t.account_id] = t.hash
    for row in Balance.objects.all():
        if row.head != heads[row.account_id]:
            yield f"account {row.account_id} names another transaction as its last"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")

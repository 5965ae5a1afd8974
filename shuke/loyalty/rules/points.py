"""The rule book of points: what each request does. Books and request in, a change out, or a typed refusal.

Points that come make a lot and pay debts first. Points that go are taken from lots in burn order. Everything is
posted at the instant of recording, `now`; how long points last is counted from the day of business.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from shuke.loyalty.rules.amounts import LARGEST_MINOR, LARGEST_POINTS, earned, whole
from shuke.loyalty.rules.books import Books, Change
from shuke.loyalty.rules.growth import behave, earned_growth
from shuke.loyalty.rules.lots import moved, pick_exactly
from shuke.loyalty.rules.refusals import (
    BadAmount,
    HoldKnown,
    HoldUnknown,
    NotApproved,
    OrderKnown,
    SameAccount,
    WrongCurrency,
)
from shuke.loyalty.rules.standings import standing_of
from shuke.loyalty.rules.validity import available_at, expires_at, last_day, local_day
from shuke.loyalty.values import commands
from shuke.loyalty.values.commands import NO_ORDER, OrderRef
from shuke.loyalty.values.ledger import (
    BURNED,
    CLAWED,
    FREE,
    HELD,
    ISSUED,
    OWED,
    TRANSFERRED,
    BurnedPart,
    Burning,
    Earning,
    Hold,
    Lot,
    Part,
    Posting,
)

_LONGEST_HOLD = 7 * 86_400


def earn(ledger: Books, command: commands.Earn) -> Change:
    """Points and growth for an order, once, valid from its business day also when the sale arrives late."""
    root = ledger.root(command.member)
    _in_currency(ledger, command.currency)
    whole("amount", command.eligible_minor, largest=LARGEST_MINOR)
    if command.order in ledger.earnings:
        raise OrderKnown(
            f"Order {command.order.no} has earned its points.", hint="An order earns once; see its entries."
        )
    programme = ledger.programme
    times = standing_of(ledger, root).multiplier_thousandths
    points = earned(command.eligible_minor, programme=programme, multiplier_thousandths=times)
    growth = earned_growth(command.eligible_minor, currency=command.currency)
    change = Change(root, points=points, order=command.order)
    if points:
        ends = expires_at(last_day(command.bought_on, programme=programme), zone=programme.zone)
        lasts = (available_at(min(command.at, ledger.now), programme=programme), ends)
        grant(ledger, change, points=points, lasts=lasts, kind="earn")
    change.earning = Earning(
        source=command.order.source,
        no=command.order.no,
        account=root,
        txn=ledger.txn,
        lot=change.lots[0].id if points else 0,
        amount_minor=command.eligible_minor,
        currency=command.currency,
        points=points,
        bought_on=command.bought_on,
        growth=growth,
        multiplier_thousandths=times,
    )
    change.growth, change.growth_on, change.growth_kind, change.growth_account = (
        growth,
        command.bought_on,
        "purchase",
        root,
    )
    change.details["growth"] = growth
    return change


def burn(ledger: Books, command: commands.Burn) -> Change:
    """Points spent on an order, in burn order over the whole group."""
    root = ledger.root(command.member)
    _in_currency(ledger, command.currency)
    whole("number of points", command.points, least=1)
    whole("total", command.total_minor, largest=LARGEST_MINOR)
    _not_burned(ledger, command.order)
    parts = pick_exactly(ledger, root, points=command.points)
    change = Change(root, points=-command.points, order=command.order)
    change.postings = moved(parts, source=FREE, target=BURNED, at=ledger.now)
    change.burning = _burning(ledger, command, account=root, parts=parts)
    return change


def hold(ledger: Books, command: commands.Hold) -> Change:
    """Points set aside until a time-out; they stay safe even where their lot ends meanwhile."""
    root = ledger.root(command.member)
    whole("number of points", command.points, least=0 if command.coupons else 1)
    whole("number of seconds", command.seconds, least=1, largest=_LONGEST_HOLD)
    if command.code in ledger.holds:
        raise HoldKnown(f"The code {command.code} was used before.", hint="Give each hold a code of its own.")
    parts = pick_exactly(ledger, root, points=command.points)
    change = Change(root, order=command.order or NO_ORDER)
    change.postings = moved(parts, source=FREE, target=HELD, at=ledger.now)
    until = ledger.now + timedelta(seconds=command.seconds)
    change.hold = Hold(
        id=next(ledger.hold_ids),
        code=command.code,
        account=root,
        points=command.points,
        parts=tuple(parts),
        expires_at=until,
        txn=ledger.txn,
        coupons=tuple(command.coupons),
        order_source=change.order.source,
        order_no=change.order.no,
    )
    change.details.update(code=command.code, held=command.points, expires_at=until.isoformat())
    return change


def capture(ledger: Books, command: commands.Capture) -> Change:
    """Burns part or all of a hold, also where its lots ended meanwhile, and gives the rest back."""
    held = open_hold(ledger, command.code)
    _in_currency(ledger, command.currency)
    whole("total", command.total_minor, largest=LARGEST_MINOR)
    points = held.points if command.points is None else command.points
    whole("number of points", points, least=1 if held.points else 0, largest=held.points)
    _not_burned(ledger, command.order)
    burned, rest = _cut(held.parts, points=points)
    change = Change(ledger.open(held.account), points=-points, order=command.order)
    change.postings = [
        *moved(burned, source=HELD, target=BURNED, at=ledger.now),
        *moved(rest, source=HELD, target=FREE, at=ledger.now),
    ]
    change.hold = replace(held, state="captured")
    if points:
        change.burning = _burning(ledger, command, account=change.account, parts=burned)
    change.details.update(code=held.code, given_back=held.points - points)
    return change


def release(ledger: Books, command: commands.Release) -> Change:
    """Gives a hold back to its lots; what belongs to a lot that is over is then expired."""
    held = open_hold(ledger, command.code)
    change = Change(ledger.open(held.account), order=OrderRef(held.order_source, held.order_no))
    change.postings = moved(held.parts, source=HELD, target=FREE, at=ledger.now)
    change.hold = replace(held, state="released")
    change.details.update(code=held.code, given_back=held.points)
    return change


def adjust(ledger: Books, command: commands.Adjust) -> Change:
    """Points added or taken by hand, approved by a second person; they last as those of a purchase of today."""
    root = ledger.root(command.member)
    if not command.approved_by:
        raise NotApproved("An adjustment needs a second person.", hint="Ask for it; somebody else approves it.")
    whole("number of points", command.points, least=-LARGEST_POINTS)
    if command.points == 0:
        raise BadAmount("An adjustment of 0 points changes nothing.", hint="Send points to add, or to take below 0.")
    change = Change(root, points=command.points, details={"approved_by": command.approved_by})
    if command.points > 0:
        last = command.expires_on or last_day(ledger.today, programme=ledger.programme)
        ends = expires_at(last, zone=ledger.programme.zone)
        grant(ledger, change, points=command.points, lasts=(ledger.now, ends), kind="adjust")
    else:
        parts = pick_exactly(ledger, root, points=-command.points)
        change.postings = moved(parts, source=FREE, target=CLAWED, at=ledger.now)
    return change


def opening(ledger: Books, command: commands.Opening) -> Change:
    """Points brought from another system, usable at once, through their last day."""
    root = ledger.root(command.member)
    whole("number of points", command.points, least=1)
    change = Change(root, points=command.points)
    ends = expires_at(command.expires_on, zone=ledger.programme.zone)
    grant(ledger, change, points=command.points, lasts=(min(command.at, ledger.now), ends), kind="opening")
    return change


def transfer(ledger: Books, command: commands.Transfer) -> Change:
    """Points given to another member, in burn order; each part becomes a lot there that keeps its dates."""
    root, to = ledger.root(command.member), ledger.root(command.to)
    if root == to:
        raise SameAccount("Giver and receiver share one account.", hint="Name another member.")
    whole("number of points", command.points, least=1)
    change = Change(root, points=-command.points, details={"to": command.to})
    for part in pick_exactly(ledger, root, points=command.points):
        lot = ledger.lots[part.lot]
        given = _lot(ledger, to, points=part.points, lasts=(lot.available_at, lot.expires_at), kind="transfer")
        change.lots.append(given)
        change.postings += [
            Posting(part.account, part.lot, FREE, TRANSFERRED, part.points, ledger.now),
            Posting(to, given.id, TRANSFERRED, FREE, part.points, ledger.now),
        ]
    return change


def grow(ledger: Books, command: commands.Grow) -> Change:
    """Growth value for a behaviour, by the programme's table; each occasion counts once."""
    root = ledger.root(command.member)
    known = [row for account in ledger.groups[root] for row in ledger.behaviours.get(account, ())]
    day = local_day(command.at, zone=ledger.programme.zone)
    growth = behave(
        command.behaviour, reference=command.reference, known=known, today=day, perks=ledger.programme.perks
    )
    change = Change(root, order=OrderRef("", command.reference), details={"growth": growth})
    change.growth, change.growth_on, change.growth_kind, change.growth_account = growth, day, command.behaviour, root
    return change


def grant(ledger: Books, change: Change, *, points: int, lasts: tuple[datetime, datetime | None], kind: str) -> None:
    """A new lot in `change`, on the account that stands for the group, which pays debts first: its own, then by id.

    Points that are over on arrival (a late sale) pay nothing.
    """
    root, now = change.account, ledger.now
    lot = _lot(ledger, root, points=points, lasts=lasts, kind=kind, order=change.order)
    change.lots.append(lot)
    change.postings.append(Posting(root, lot.id, ISSUED, FREE, points, now))
    if lot.expires_at is not None and lot.expires_at <= now:
        return
    left = points
    for account in (root, *(one for one in ledger.groups[root] if one != root)):
        paid = min(left, -ledger.books[account][OWED])
        if paid <= 0:
            continue
        left -= paid
        if account == root:
            change.postings.append(Posting(root, lot.id, FREE, OWED, paid, now))
        else:
            change.postings.append(Posting(root, lot.id, FREE, TRANSFERRED, paid, now))
            change.postings.append(Posting(account, 0, TRANSFERRED, OWED, paid, now))
    if left < points:
        change.details["paid_debt"] = points - left


def open_hold(ledger: Books, code: str) -> Hold:
    """The hold of a code, while it holds. Raises `HoldUnknown`."""
    held = ledger.holds.get(code)
    if held is None or held.state != "open" or held.expires_at <= ledger.now:
        raise HoldUnknown(f"There is no hold {code}.", hint="It was captured, released or timed out; hold again.")
    return held


def _lot(
    ledger: Books,
    account: int,
    *,
    points: int,
    lasts: tuple[datetime, datetime | None],
    kind: str,
    order: OrderRef = NO_ORDER,
) -> Lot:
    """An empty lot for `points`, which a posting fills."""
    number = next(ledger.lot_ids)
    return Lot(number, account, ledger.txn, kind, points, 0, lasts[0], lasts[1], ledger.now, order.source, order.no)


def _burning(ledger: Books, command: commands.Burn | commands.Capture, *, account: int, parts: list[Part]) -> Burning:
    return Burning(
        source=command.order.source,
        no=command.order.no,
        account=account,
        txn=ledger.txn,
        amount_minor=command.total_minor,
        currency=command.currency,
        points=sum(part.points for part in parts),
        bought_on=local_day(command.at, zone=ledger.programme.zone),
        parts=tuple(BurnedPart(part.lot, part.points, part.account, 0) for part in parts),
    )


def _in_currency(ledger: Books, currency: str) -> None:
    if currency != ledger.programme.currency:
        raise WrongCurrency(
            f"The programme counts in {ledger.programme.currency}, not in {currency}.", hint="Convert before you send."
        )


def _not_burned(ledger: Books, order: OrderRef) -> None:
    if order in ledger.burnings:
        raise OrderKnown(f"Order {order.no} has burned its points.", hint="An order burns once; see its entries.")


def _cut(parts: tuple[Part, ...], *, points: int) -> tuple[list[Part], list[Part]]:
    """The first `points` of the parts, and the rest."""
    first: list[Part] = []
    rest: list[Part] = []
    for part in parts:
        wanted = min(part.points, points)
        points -= wanted
        if wanted:
            first.append(part._replace(points=wanted))
        if part.points > wanted:
            rest.append(part._replace(points=part.points - wanted))
    return first, rest

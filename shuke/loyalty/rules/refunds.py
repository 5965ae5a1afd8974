"""Refunds of orders that earned or burned: cumulative, exact, never twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shuke.loyalty.rules.amounts import LARGEST_MINOR, earned, returned_share, whole
from shuke.loyalty.rules.books import Books, Change
from shuke.loyalty.rules.growth import lost_growth
from shuke.loyalty.rules.lots import burn_order, moved, over, pick
from shuke.loyalty.rules.refusals import OrderUnknown, PointsSpent, RefundTooLarge, WrongCurrency
from shuke.loyalty.rules.validity import expires_at
from shuke.loyalty.values import commands
from shuke.loyalty.values.ledger import (
    CLAWED,
    FREE,
    OWED,
    RETURNED,
    BurnedPart,
    Burning,
    Earning,
    Lot,
    Part,
    Posting,
    RefundWay,
)

_FOR_EVER = datetime.max.replace(tzinfo=UTC)


def refund(ledger: Books, command: commands.RefundOrder) -> Change:
    """Both sides of an order's refund: first the burned points come back, then what it earned too much is taken.

    `refunded_minor` is what this refund adds; it counts on each side up to that side's amount. Raises `OrderUnknown`,
    `RefundTooLarge`, `WrongCurrency`, `PointsSpent`.
    """
    earning, burning = ledger.earnings.get(command.order), ledger.burnings.get(command.order)
    sides = [side for side in (earning, burning) if side is not None]
    if not sides:
        raise OrderUnknown(f"Order {command.order.no} has neither earned nor burned.", hint="Check the order number.")
    largest = max(sides, key=lambda side: side.amount_minor)
    if command.currency != largest.currency:
        raise WrongCurrency(f"The order was in {largest.currency}.", hint="Refund in the order's currency.")
    more = whole("refund", command.refunded_minor, least=min(1, largest.amount_minor), largest=LARGEST_MINOR)
    if largest.refunded_minor + more > largest.amount_minor:
        raise RefundTooLarge(
            f"Order {command.order.no} was worth {largest.amount_minor}; {largest.refunded_minor} was refunded,"
            f" {more} more is too much.",
            hint="Send only what this refund gives back.",
        )
    change = Change(ledger.open(sides[0].account), order=command.order)
    for side in sides:
        ledger.open(side.account)
    back = {} if burning is None else _give_back(ledger, change, burning=burning, more=more)
    if earning is not None:
        _take_back(ledger, change, earning=earning, more=more, back=back)
    return change


def _give_back(ledger: Books, change: Change, *, burning: Burning, more: int) -> dict[int, int]:
    """floor(burned x refunded / total) over all refunds, to the lots it came from, the latest end first.

    For a lot that is over a new one with some days of grace is made on the same account. Gives what each lot got.
    """
    refunded = min(burning.refunded_minor + more, burning.amount_minor)
    share = returned_share(burning.points, refunded_minor=refunded, total_minor=burning.amount_minor)
    coming = _coming_back(ledger, burning, points=share - burning.returned)
    came: dict[int, int] = {}
    for part in coming:
        lot = ledger.lots[part.lot]
        if over(lot, now=ledger.now):
            lot = _graced(ledger, part)
            change.lots.append(lot)
        came[lot.id] = came.get(lot.id, 0) + part.points
        change.postings.append(Posting(lot.account, lot.id, RETURNED, FREE, part.points, ledger.now))
    by_lot = {part.lot: part.points for part in coming}
    change.burning = replace(
        burning,
        refunded_minor=refunded,
        parts=tuple(part._replace(returned=part.returned + by_lot.get(part.lot, 0)) for part in burning.parts),
    )
    change.points += share - burning.returned
    change.details["returned"] = share - burning.returned
    return came


def _take_back(ledger: Books, change: Change, *, earning: Earning, more: int, back: dict[int, int]) -> None:
    """Takes what the order's remaining amount no longer earns: kept is floor(remaining amount x rate).

    From the order's own lot, nothing for what expired there unspent, then from other lots in burn order (what just
    came `back` included); what is still missing becomes debt, is written off or refuses the refund.
    """
    refunded = min(earning.refunded_minor + more, earning.amount_minor)
    kept = earned(
        earning.amount_minor - refunded,
        programme=ledger.programme,
        multiplier_thousandths=earning.multiplier_thousandths,
    )
    due = max(0, earning.points - kept - earning.settled)
    root = ledger.accounts[earning.account].group
    taken, forgiven = _taken(ledger, change, earning=earning, due=due, back=back)
    missing = due - forgiven - sum(part.points for part in taken)
    way = ledger.programme.refunds
    if missing and way is RefundWay.REFUSE:
        raise PointsSpent(f"{missing} points of the order are spent.", hint="The programme refuses such refunds.")
    owed = missing if way is RefundWay.DEBT else 0
    change.postings += moved(taken, source=FREE, target=CLAWED, at=ledger.now)
    if owed:
        change.postings.append(Posting(root, 0, OWED, CLAWED, owed, ledger.now))
    change.earning = replace(
        earning, refunded_minor=refunded, settled=earning.settled + due, forgiven=earning.forgiven + forgiven
    )
    clawed = due - forgiven - missing + owed
    change.points -= clawed
    change.details.update(clawed=clawed, owed=owed, forgiven=forgiven, written_off=missing - owed)
    lost = lost_growth(
        earning.amount_minor, before_minor=earning.refunded_minor, after_minor=refunded, currency=earning.currency
    )
    change.growth, change.growth_on, change.growth_kind = -lost, earning.bought_on, "refund"
    change.growth_account = earning.account
    change.details["growth"] = -lost


def _taken(
    ledger: Books, change: Change, *, earning: Earning, due: int, back: dict[int, int]
) -> tuple[list[Part], int]:
    """Parts to take back, the order's own lot first, and how many points are forgiven."""
    fresh = {lot.id: lot for lot in change.lots}
    root = ledger.accounts[earning.account].group
    lots = {lot.id: _with(lot, back) for lot in ledger.lots_in(root)}
    lots |= {number: _with(lot, back) for number, lot in fresh.items() if lot.account in ledger.groups[root]}
    own = lots.get(earning.lot)
    first: list[Part] = []
    forgiven = 0
    if own is not None:
        gone = over(own, now=ledger.now)
        unspent = own.expired + (own.free if gone else 0)
        forgiven = max(0, min(due, unspent - earning.forgiven))
        first = [] if gone else pick([own], points=due - forgiven)
    rest = due - forgiven - sum(part.points for part in first)
    others = [lot for lot in burn_order(lots.values(), now=ledger.now) if lot.id != earning.lot]
    return [*first, *pick(others, points=rest)], forgiven


def _with(lot: Lot, back: dict[int, int]) -> Lot:
    """The lot as it will be once what comes back is in it."""
    return replace(lot, free=lot.free + back[lot.id]) if lot.id in back else lot


def _coming_back(ledger: Books, burning: Burning, *, points: int) -> list[Part]:
    def end(part: BurnedPart) -> tuple[datetime, int]:
        return (ledger.lots[part.lot].expires_at or _FOR_EVER, part.lot)

    found: list[Part] = []
    for part in sorted(burning.parts, key=end, reverse=True):
        wanted = min(part.points - part.returned, points)
        if wanted > 0:
            found.append(Part(part.lot, wanted, part.account))
            points -= wanted
    return found


def _graced(ledger: Books, part: Part) -> Lot:
    """A new lot, empty yet, for points whose own lot is over: it lasts the grace days after today."""
    programme = ledger.programme
    ends = expires_at(ledger.today + timedelta(days=programme.grace_days), zone=programme.zone)
    return Lot(next(ledger.lot_ids), part.account, ledger.txn, "grace", part.points, 0, ledger.now, ends, ledger.now)

"""Benefits at the counter: book, use, cancel; the account's lock makes sure that a last quota is taken once."""

from dataclasses import replace
from datetime import date

from shuke.loyalty.rules.benefits import BookingNeeded, BookingUnknown, earned_badges, known, may_take
from shuke.loyalty.values.benefits import Use, UseState
from shuke.loyalty.values.perk_commands import BookBenefit, CancelBenefit, UseBenefit
from shuke.loyalty.values.shelf import PerkChange, Shelf, UseRow, Who


def book_benefit(shelf: Shelf, command: BookBenefit, *, who: Who) -> PerkChange:
    """A booking that counts against the quota from now on. Raises `BenefitLocked`, `QuotaUsed`, `UnknownBenefit`."""
    start = _may(shelf, command.benefit, who=who, birthday=command.birthday)
    return _taken(shelf, command, who=who, start=start, state=UseState.BOOKED)


def use_benefit(shelf: Shelf, command: UseBenefit, *, who: Who) -> PerkChange:
    """The use of a booking, whatever the tier is by now, or a use at once.

    Raises `BookingUnknown`, `BookingNeeded`, `BenefitLocked`, `QuotaUsed`, `UnknownBenefit`.
    """
    if command.booking is not None:
        booked = _booking(shelf, command.booking, who=who)
        if booked.benefit != command.benefit:
            raise BookingUnknown(f"Booking {command.booking} is for {booked.benefit}.", hint="Name that benefit.")
        cost = known(command.benefit, perks=shelf.programme.perks).cost_minor
        used = replace(
            booked,
            state=UseState.USED,
            at=shelf.now,
            store=command.store or booked.store,
            associate=command.associate or booked.associate,
            note=command.note or booked.note,
            cost_minor=cost,
            txn=who.txn,
        )
        return _changed(used)
    if known(command.benefit, perks=shelf.programme.perks).is_booked:
        raise BookingNeeded(f"{command.benefit} is used on a booking.", hint="Book it first, then use that booking.")
    start = _may(shelf, command.benefit, who=who, birthday=command.birthday)
    return _taken(shelf, command, who=who, start=start, state=UseState.USED)


def cancel_benefit(shelf: Shelf, command: CancelBenefit, *, who: Who) -> PerkChange:
    """A booking taken back, with its quota. Raises `BookingUnknown`."""
    booked = _booking(shelf, command.booking, who=who)
    note = command.reason or booked.note
    return _changed(replace(booked, state=UseState.CANCELLED, at=shelf.now, note=note[:500], txn=who.txn))


def _may(shelf: Shelf, benefit: str, *, who: Who, birthday: date | None) -> date:
    rules = shelf.programme.perks
    done: dict[str, int] = {}
    for (account, behaviour), times in shelf.done.items():
        if account in who.group:
            done[behaviour] = done.get(behaviour, 0) + times
    uses = [Use(row.benefit, row.period_start, row.state) for row in shelf.uses.values() if row.account in who.group]
    return may_take(
        benefit,
        perks=rules,
        tier=who.tier,
        badges=earned_badges(done, badges=rules.badges),
        uses=uses,
        today=shelf.today,
        birthday=birthday,
    )


def _taken(shelf: Shelf, command: BookBenefit | UseBenefit, *, who: Who, start: date, state: UseState) -> PerkChange:
    cost = known(command.benefit, perks=shelf.programme.perks).cost_minor if state is UseState.USED else 0
    row = UseRow(
        id=next(shelf.use_ids),
        account=who.account,
        benefit=command.benefit,
        period_start=start,
        state=state,
        at=shelf.now,
        store=command.store,
        associate=command.associate,
        cost_minor=cost,
        note=command.note[:500],
        txn=who.txn,
    )
    return _changed(row)


def _booking(shelf: Shelf, number: int, *, who: Who) -> UseRow:
    found = shelf.uses.get(number)
    if found is None or found.account not in who.group or found.state is not UseState.BOOKED:
        raise BookingUnknown(f"The member has no open booking {number}.", hint="It was used or cancelled; book again.")
    return found


def _changed(row: UseRow) -> PerkChange:
    details: dict[str, object] = {
        "benefit": row.benefit,
        "booking": row.id,
        "state": str(row.state),
        "cost_minor": row.cost_minor,
    }
    return PerkChange(uses=[row], details=details)

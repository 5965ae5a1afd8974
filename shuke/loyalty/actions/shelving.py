"""Coupons and benefits of a batch: what is read and locked after its accounts, and what is stored with its points."""

import json
from collections.abc import Sequence

from shuke.loyalty.adapters import shelf_reading
from shuke.loyalty.adapters.columns import Table
from shuke.loyalty.adapters.doors import Batch, Door, Question, Row
from shuke.loyalty.adapters.secret_codes import fresh_codes
from shuke.loyalty.rules import budgets as money
from shuke.loyalty.rules import counter
from shuke.loyalty.rules.books import Books
from shuke.loyalty.values.benefits import UseState
from shuke.loyalty.values.commands import Capture, Command, RefundOrder, Release
from shuke.loyalty.values.ledger import Hold
from shuke.loyalty.values.perk_commands import BENEFIT_COMMANDS, BookBenefit, IssueCoupon, UseBenefit
from shuke.loyalty.values.shelf import BudgetRow, CouponRow, Shelf, UseRow


def open_shelf(door: Door, commands: Sequence[Command], *, books: Books) -> Shelf | None:
    """The shelf of a batch whose accounts are locked, None where no command needs one.

    Two exchanges at most: what leads to campaigns, then budgets by code and coupons by id, both locked.
    """
    needing = [command for command in commands if counter.needs_shelf(command, hold=_hold(books, command))]
    if not needing:
        return None
    shelf = Shelf(books.programme, books.now, books.today)
    campaigns = _look(door, needing, books=books, shelf=shelf)
    if campaigns:
        _lock(door, books=books, shelf=shelf, campaigns=campaigns)
    shelf.fresh_codes = fresh_codes()
    counter.settle(shelf)
    return shelf


def add_rows(shelf: Shelf, batch: Batch) -> None:
    """Adds what changed on the shelf to the rows that the transaction stores."""
    programme = shelf.programme.code
    coupons = [(code, _coupon(shelf.coupons[code], programme=programme)) for code in sorted(shelf.touched_coupons)]
    _insert(batch, shelf_reading.COUPONS, rows=[row for code, row in coupons if code in shelf.fresh_coupons])
    _insert(batch, shelf_reading.EVENTS, rows=[
        (event.coupon, event.campaign, event.account, event.txn, event.kind, event.reason, event.at,
         json.dumps(event.details, ensure_ascii=False))
        for event in shelf.events
    ])  # fmt: skip
    uses = [(number, _use(shelf.uses[number])) for number in sorted(shelf.touched_uses)]
    _insert(batch, shelf_reading.USES, rows=[row for number, row in uses if number in shelf.fresh_uses])
    _update(batch, shelf_reading.USES, rows=[row for number, row in uses if number not in shelf.fresh_uses])
    _update(batch, shelf_reading.COUPONS, rows=[row for code, row in coupons if code not in shelf.fresh_coupons])
    budgets = [shelf.budgets[code] for code in sorted(shelf.touched_budgets)]
    _update(batch, shelf_reading.BUDGETS, rows=[(row.id, row.limit, row.reserved, row.used) for row in budgets])


def _look(door: Door, commands: Sequence[Command], *, books: Books, shelf: Shelf) -> dict[str, str]:
    """Fills benefits and ids; gives the campaign of each coupon that the batch touches."""
    programme, accounts = books.programme, sorted(books.accounts)
    codes = sorted({counter.stored_code(code) for command in commands for code in counter.named_coupons(command)})
    for command in commands:
        hold = _hold(books, command)
        codes += hold.coupons if hold is not None else ()
    questions: list[Question] = [
        shelf_reading.campaigns_by_code(programme.code, codes=codes),
        door.next_ids("loyalty_coupon", count=sum(isinstance(one, IssueCoupon) for one in commands)),
        door.next_ids("loyalty_benefituse", count=sum(isinstance(one, BookBenefit | UseBenefit) for one in commands)),
    ]
    orders = sorted({(one.order.source, one.order.no) for one in commands if isinstance(one, RefundOrder)})
    if orders:
        questions.append(shelf_reading.campaigns_by_order(programme.code, orders=orders))
    with_benefits = any(isinstance(one, BENEFIT_COMMANDS) for one in commands)
    if with_benefits:
        first = shelf.today.replace(month=1, day=1)
        questions.append(shelf_reading.uses(accounts, since=first))
        questions.append(shelf_reading.done(accounts, behaviours=sorted(programme.perks.behaviours)))
    answers = iter(door.ask(questions))
    campaigns: dict[str, str] = dict(next(answers))
    shelf.coupon_ids = door.ids("loyalty_coupon", answer=next(answers))
    shelf.use_ids = door.ids("loyalty_benefituse", answer=next(answers))
    if orders:
        campaigns.update(dict(next(answers)))
    if with_benefits:
        for number, account, benefit, start, state, at, store, associate, cost, said, txn in next(answers):
            shelf.uses[number] = UseRow(
                number, account, benefit, start, UseState(state), at, store, associate, cost, said, txn
            )
        shelf.done = {(account, kind): times for account, kind, times in next(answers)}
    return campaigns


def _lock(door: Door, *, books: Books, shelf: Shelf, campaigns: dict[str, str]) -> None:
    programme, accounts = books.programme, sorted(books.accounts)
    names = sorted(set(campaigns.values()))
    rules = [programme.perks.campaigns[name] for name in names if name in programme.perks.campaigns]
    wanted = sorted({code for each in rules for code in money.budgets_of(each)})
    # All campaigns that share a locked budget: only their holds may be written down as over.
    bounded = [name for name, each in programme.perks.campaigns.items() if set(money.budgets_of(each)) & set(wanted)]
    guarded = [name for name in bounded if set(money.budgets_of(programme.perks.campaigns[name])) <= set(wanted)]
    known = _budgets(door, wanted, shelf=shelf)
    missing = [code for code in wanted if code not in known]
    if missing:
        door.ask([
            shelf_reading.new_budget(programme.code, code=code, limit=money.limit_of(code, programme=programme))
            for code in missing
        ])  # fmt: skip
        _budgets(door, wanted, shelf=shelf)
    questions = [
        shelf_reading.coupons(programme.code, codes=sorted(campaigns)),
        shelf_reading.counts(accounts, campaigns=names, now=shelf.now),
    ]
    if guarded:
        questions.append(shelf_reading.timed_out(programme.code, campaigns=guarded, now=shelf.now))
    rows, counts, *over = door.ask(questions)
    for row in [*rows, *(over[0] if over else [])]:
        coupon = CouponRow(*row)
        shelf.coupons[coupon.code] = coupon
        if coupon.order_no:
            shelf.by_order.setdefault((coupon.order_source, coupon.order_no), set()).add(coupon.code)
    shelf.counts = {(account, campaign): number for account, campaign, number in counts}


def _budgets(door: Door, codes: list[str], *, shelf: Shelf) -> set[str]:
    if not codes:
        return set()
    programme = shelf.programme
    (rows,) = door.ask([shelf_reading.budgets(programme.code, codes=codes)])
    for number, code, _, reserved, used in rows:
        shelf.budgets[code] = BudgetRow(number, code, money.limit_of(code, programme=programme), reserved, used)
    return set(shelf.budgets)


def _hold(books: Books, command: Command) -> Hold | None:
    return books.holds.get(command.code) if isinstance(command, Capture | Release) else None


def _coupon(row: CouponRow, *, programme: str) -> Row:
    return (
        *(row.id, programme, row.code, row.campaign, row.account, str(row.state), row.issued_at, row.expires_at),
        *(row.hold, row.held_until, row.held_minor, row.used_at, row.txn, row.order_source, row.order_no),
    )


def _use(row: UseRow) -> Row:
    return (
        *(row.id, row.account, row.benefit, row.period_start, 1, str(row.state), row.at, row.store, row.associate),
        *(row.cost_minor, row.note, row.txn),
    )


def _insert(batch: Batch, table: Table, *, rows: list[Row]) -> None:
    if rows:
        batch.inserts.append((table, rows))


def _update(batch: Batch, table: Table, *, rows: list[Row]) -> None:
    if rows:
        places = [table.names.index(name) for name in (*table.sets, *table.keys)]
        batch.updates.append((table.update(), [tuple(row[place] for place in places) for row in rows]))

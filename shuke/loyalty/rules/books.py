"""The books that a transaction works on, and the one function by which anything in them changes.

Every account keeps a book for each place where points can be, and a posting takes from one what it gives to another:
an account's books always sum to zero. What came from outside (issued, returned, debt, transfers in) stands negative.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from shuke.loyalty.rules.refusals import Frozen, UnknownMember
from shuke.loyalty.values.commands import NO_ORDER, OrderRef
from shuke.loyalty.values.ledger import (
    BOOKS,
    EXPIRED,
    FREE,
    HELD,
    Account,
    Burning,
    Earning,
    Hold,
    Lot,
    Posting,
    Programme,
)
from shuke.loyalty.values.tiers import GrowthRow, Standing, TierRow


@dataclass(slots=True)
class Change:
    """What a rule has decided: postings, the rows that go with them, and what to answer.

    `account` is whose chain the transaction joins; `points` what the member gains or loses; `growth` counts on the
    day `growth_on` as `growth_kind`.
    """

    account: int
    points: int = 0
    postings: list[Posting] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)
    earning: Earning | None = None
    burning: Burning | None = None
    hold: Hold | None = None
    accounts: list[Account] = field(default_factory=list)
    growth: int = 0
    growth_on: date | None = None
    growth_kind: str = ""
    growth_account: int = 0
    order: OrderRef = NO_ORDER
    details: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Books:
    """All that was loaded for a transaction. Rules read it; only `post` changes it.

    `books` by account; `lots_of` names an account's lots that are loaded; of those that are not, `rest` knows how many
    free points are pending and how many are over. `txn` is the transaction that is being decided.
    """

    programme: Programme
    now: datetime
    today: date
    accounts: dict[int, Account] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)
    groups: dict[int, list[int]] = field(default_factory=dict)
    books: dict[int, dict[str, int]] = field(default_factory=dict)
    lots: dict[int, Lot] = field(default_factory=dict)
    lots_of: dict[int, list[int]] = field(default_factory=dict)
    aside: dict[int, list[int]] = field(default_factory=dict)
    rest: dict[int, tuple[int, int]] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    earnings: dict[OrderRef, Earning] = field(default_factory=dict)
    burnings: dict[OrderRef, Burning] = field(default_factory=dict)
    growth: dict[int, dict[date, int]] = field(default_factory=dict)
    granted: dict[int, list[TierRow]] = field(default_factory=dict)
    tiers: dict[int, TierRow] = field(default_factory=dict)
    behaviours: dict[int, list[GrowthRow]] = field(default_factory=dict)
    standings: dict[int, Standing] = field(default_factory=dict)
    reaches: dict[str, int] = field(default_factory=dict)
    txn: int = 0
    lot_ids: Iterator[int] = field(default_factory=lambda: iter(()))
    hold_ids: Iterator[int] = field(default_factory=lambda: iter(()))
    account_ids: Iterator[int] = field(default_factory=lambda: iter(()))

    def root(self, member: str) -> int:
        """The account that stands for a member's group. Raises `UnknownMember`, `Frozen`."""
        account = self.members.get(member)
        if account is None:
            raise UnknownMember(f"There is no member {member}.", hint="Enrol the member first, or check the number.")
        return self.open(account)

    def open(self, account: int) -> int:
        """The account that stands for an account's group, if none of the group is frozen. Raises `Frozen`."""
        root = self.accounts[account].group
        for one in self.groups[root]:
            if self.accounts[one].frozen_reason:
                member = self.accounts[one].member
                raise Frozen(f"The account of {member} is frozen.", hint="Finance reconciles it and opens it again.")
        return root

    def lots_in(self, root: int) -> Iterable[Lot]:
        """The loaded lots of a group."""
        for account in self.groups[root]:
            for lot in self.lots_of[account]:
                yield self.lots[lot]

    def put(self, lot: Lot) -> None:
        """Enters a lot; those that cannot be used now are kept `aside`, for a balance looks at them alone."""
        self.lots[lot.id] = lot
        self.lots_of[lot.account].append(lot.id)
        if lot.available_at > self.now or (lot.expires_at is not None and lot.expires_at <= self.now):
            self.aside.setdefault(lot.account, []).append(lot.id)

    def total(self, root: int, *, book: str) -> int:
        """What a group has in a book."""
        return sum(self.books[account][book] for account in self.groups[root])


def empty_books() -> dict[str, int]:
    """The books of a new account."""
    return dict.fromkeys(BOOKS, 0)


def post(ledger: Books, change: Change) -> None:
    """Lets a decided change happen: in memory here, and by the same postings in the database."""
    for account in change.accounts:
        _admit(ledger, account)
    for lot in change.lots:
        ledger.put(lot)
    for posting in change.postings:
        books, points = ledger.books[posting.account], posting.points
        books[posting.source] -= points
        books[posting.target] += points
        if posting.lot:
            _move(ledger.lots[posting.lot], posting)
    if change.earning is not None:
        ledger.earnings[OrderRef(change.earning.source, change.earning.no)] = change.earning
    if change.burning is not None:
        ledger.burnings[OrderRef(change.burning.source, change.burning.no)] = change.burning
    if change.hold is not None:
        ledger.holds[change.hold.code] = change.hold
    if change.growth and change.growth_on is not None:
        days = ledger.growth.setdefault(change.growth_account, {})
        days[change.growth_on] = days.get(change.growth_on, 0) + change.growth
        ledger.behaviours.setdefault(change.growth_account, []).append(
            GrowthRow(change.growth_kind, change.growth, change.growth_on, change.order.no)
        )
    if change.growth or change.accounts:
        ledger.standings.clear() if change.accounts else ledger.standings.pop(change.account, None)


def _move(lot: Lot, posting: Posting) -> None:
    points = posting.points
    if posting.source == FREE:
        lot.free -= points
    elif posting.source == HELD:
        lot.held -= points
    if posting.target == FREE:
        lot.free += points
    elif posting.target == HELD:
        lot.held += points
    elif posting.target == EXPIRED:
        lot.expired += points


def _admit(ledger: Books, account: Account) -> None:
    """A new account, or a known one with another group."""
    known = ledger.accounts.get(account.id)
    if known is not None:
        ledger.groups[known.group].remove(account.id)
        if not ledger.groups[known.group]:
            del ledger.groups[known.group]
    ledger.accounts[account.id] = account
    ledger.members[account.member] = account.id
    ledger.groups.setdefault(account.group, []).append(account.id)
    ledger.groups[account.group].sort()
    if known is None:
        ledger.books[account.id] = empty_books()
        ledger.lots_of[account.id] = []
        ledger.rest[account.id] = (0, 0)

"""Where a group stands on the ladder of tiers, from the growth of all its accounts."""

from datetime import date

from shuke.loyalty.rules.books import Books
from shuke.loyalty.rules.tiers import granted, standing, tier_row
from shuke.loyalty.values.tiers import Standing, TierRow


def standing_of(ledger: Books, root: int) -> Standing:
    """The tier of a group today; remembered until its growth changes."""
    known = ledger.standings.get(root)
    if known is not None:
        return known
    programme = ledger.programme
    accounts = ledger.groups[root]
    days = ledger.growth.get(root, {}) if len(accounts) == 1 else _joined(ledger, accounts)
    gifts = [row for account in accounts for row in ledger.granted.get(account, ())]
    found = standing(
        days,
        today=ledger.today,
        ladder=programme.perks.ladder,
        granted=granted(gifts, zone=programme.zone) if gifts else (),
    )
    ledger.standings[root] = found
    return found


def tier_change(ledger: Books, root: int) -> TierRow | None:
    """The row to write down where the tier of a group is not the one that was written last."""
    return tier_row(
        ledger.tiers.get(root),
        standing_of(ledger, root),
        ladder=ledger.programme.perks.ladder,
        zone=ledger.programme.zone,
        opened_at=ledger.accounts[root].opened_at,
    )


def _joined(ledger: Books, accounts: list[int]) -> dict[date, int]:
    days: dict[date, int] = {}
    for account in accounts:
        for day, points in ledger.growth.get(account, {}).items():
            days[day] = days.get(day, 0) + points
    return days

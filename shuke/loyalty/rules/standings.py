"""Where a group stands on the ladder of tiers, from the growth of all its accounts."""

import sys
from datetime import date

from shuke.loyalty.rules.books import Books, Change
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
    ladder = programme.perks.ladder
    if days or gifts:
        given = granted(gifts, zone=programme.zone) if gifts else ()
        found = standing(days, today=ledger.today, ladder=ladder, granted=given)
    else:
        found = Standing(ladder.tiers[0].code, None, None, ladder.tiers[0].multiplier_thousandths)
    ledger.standings[root] = found
    return found


def keep(ledger: Books, change: Change, *, known: Standing | None) -> None:
    """Keeps a standing that was `known` before a change true by adding, where the tier surely stays."""
    growth, on = change.growth, change.growth_on
    if known is None or change.accounts or growth < 0 or (growth and on != ledger.today):
        return
    window = known.growth_window + growth
    if growth and _next_reach(ledger, known.tier) <= window:
        return
    ledger.standings[change.account] = Standing(
        known.tier, known.since, known.until, known.multiplier_thousandths, window, known.growth_since + growth
    )


def _next_reach(ledger: Books, tier: str) -> int:
    """The least growth in the window that lifts above a tier today."""
    found = ledger.reaches.get(tier)
    if found is None:
        ladder = ledger.programme.perks.ladder
        higher = ladder.steps(ledger.today)[ladder.rank(tier) + 1 :]
        found = min((step[0] for step in higher if step is not None), default=sys.maxsize)
        ledger.reaches[tier] = found
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

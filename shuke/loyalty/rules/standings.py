"""Where a group stands on the ladder of tiers, from the growth of all its accounts."""

from dataclasses import replace
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
    found = standing(
        days,
        today=ledger.today,
        ladder=programme.perks.ladder,
        granted=granted(gifts, zone=programme.zone) if gifts else (),
    )
    ledger.standings[root] = found
    return found


def keep(ledger: Books, known: Standing | None, change: Change) -> None:
    """Keeps a standing that was `known` before a change true by adding, where the tier surely stays."""
    growth, on = change.growth, change.growth_on
    if known is None or change.accounts or growth < 0 or (growth and on != ledger.today):
        return
    ladder, window = ledger.programme.perks.ladder, known.growth_window + growth
    higher = ladder.steps(ledger.today)[ladder.rank(known.tier) + 1 :]
    if not growth or all(step is None or window < step[0] for step in higher):
        ledger.standings[change.account] = replace(
            known, growth_window=window, growth_since=known.growth_since + growth
        )


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

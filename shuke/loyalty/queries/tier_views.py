"""Where a member stands on the ladder, what the next tier needs, and what earns growth."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from django.conf import settings
from django.db.models import Sum

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.loyalty.adapters import programme as programme_of
from shuke.loyalty.models import Account, Growth, Tier
from shuke.loyalty.rules.growth import left
from shuke.loyalty.rules.tiers import granted, standing
from shuke.loyalty.rules.validity import local_day
from shuke.loyalty.values.ledger import Programme
from shuke.loyalty.values.tiers import GrowthRow, Ladder, Standing, TierProgress, TierRow


class OfAccount(Protocol):
    """Anything that names an account, such as the view of one."""

    @property
    def account_id(self) -> int:
        """The account's id."""


AnAccount = OfAccount | int


def tier_progress(actor: Actor, *, account: AnAccount, now: datetime) -> TierProgress:
    """The tier at an instant with growth, the next tier and how to get there; merged accounts count together."""
    require(actor, Permission.SEE_LOYALTY)
    programme = programme_of(settings.WORKSPACE)
    accounts = group_of(actor, account=account)
    today = local_day(now, zone=programme.zone)
    found = standing_of(actor, accounts=accounts, programme=programme, now=now)
    return _progress(
        found, ladder=programme.perks.ladder, how=_how(actor, accounts=accounts, programme=programme, today=today)
    )


def standings(actor: Actor, *, accounts: Sequence[int], now: datetime) -> Mapping[int, Standing]:
    """The tier of each account that stands for a group (others are left out), in three statements for all of them."""
    require(actor, Permission.SEE_LOYALTY)
    programme = programme_of(settings.WORKSPACE)
    root = dict(Account.objects.filter(group_id__in=accounts).values_list("id", "group_id"))
    days: dict[int, dict[date, int]] = {number: {} for number in set(root.values())}
    rows = Growth.objects.filter(account_id__in=root, at__lte=now).values_list("account_id", "counts_on")
    for number, day, points in rows.annotate(points=Sum("points")):
        days[root[number]][day] = days[root[number]].get(day, 0) + points
    gifts: dict[int, list[TierRow]] = {}
    for number, row in _tier_rows(root, now=now):
        gifts.setdefault(root[number], []).append(row)
    today = local_day(now, zone=programme.zone)
    return {
        number: standing(
            growth,
            today=today,
            ladder=programme.perks.ladder,
            granted=granted(gifts.get(number, ()), zone=programme.zone),
        )
        for number, growth in days.items()
    }


def group_of(actor: Actor, *, account: AnAccount) -> list[int]:
    """All accounts that are one with an account (its id or its view), itself included."""
    require(actor, Permission.SEE_LOYALTY)
    number = account if isinstance(account, int) else account.account_id
    group = Account.objects.filter(pk=number).values("group_id")
    return list(Account.objects.filter(group_id__in=group).order_by("pk").values_list("pk", flat=True))


def standing_of(actor: Actor, *, accounts: Sequence[int], programme: Programme, now: datetime) -> Standing:
    """The tier of one group at an instant, from what was known by then."""
    require(actor, Permission.SEE_LOYALTY)
    rows = Growth.objects.filter(account_id__in=accounts, at__lte=now).values_list("counts_on")
    return standing(
        dict(rows.annotate(points=Sum("points"))),
        today=local_day(now, zone=programme.zone),
        ladder=programme.perks.ladder,
        granted=granted([row for _, row in _tier_rows(accounts, now=now)], zone=programme.zone),
    )


def behaviour_rows(actor: Actor, *, accounts: Sequence[int], programme: Programme) -> list[GrowthRow]:
    """Growth that behaviour earned."""
    require(actor, Permission.SEE_LOYALTY)
    kinds = list(programme.perks.behaviours)
    rows = Growth.objects.filter(account_id__in=accounts, kind__in=kinds)
    return [GrowthRow(*row) for row in rows.values_list("kind", "points", "counts_on", "order_no")]


def _tier_rows(accounts: Iterable[int], *, now: datetime) -> list[tuple[int, TierRow]]:
    rows = Tier.objects.filter(account_id__in=list(accounts), reason__startswith="granted", since__lte=now)
    found = rows.order_by("pk").values_list("account_id", "tier", "since", "until", "reason")
    return [(row[0], TierRow(*row[1:])) for row in found]


def _how(actor: Actor, *, accounts: Sequence[int], programme: Programme, today: date) -> tuple[tuple[str, int], ...]:
    known = behaviour_rows(actor, accounts=accounts, programme=programme)
    rules = programme.perks.behaviours.values()
    return tuple((rule.code, rule.points) for rule in rules if left(rule, known=known, today=today))


def _progress(found: Standing, *, ladder: Ladder, how: tuple[tuple[str, int], ...]) -> TierProgress:
    rank = ladder.rank(found.tier)
    tier = ladder.tiers[rank]
    above = ladder.tiers[rank + 1] if rank + 1 < len(ladder.tiers) else None
    return TierProgress(
        tier=tier.code,
        zh=tier.zh,
        en=tier.en,
        since=found.since,
        until=found.until,
        growth_12m=found.growth_window,
        next_tier=above.code if above else "",
        next_zh=above.zh if above else "",
        next_en=above.en if above else "",
        needed=max(0, above.reach - found.growth_window) if above else 0,
        keep_threshold=tier.keep,
        growth_since=found.growth_since,
        keep_missing=max(0, tier.keep - found.growth_since),
        multiplier_thousandths=found.multiplier_thousandths,
        how=how,
    )

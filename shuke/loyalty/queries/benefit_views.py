"""What a member has: benefits with what is left of them, badges, and what was used."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.loyalty.adapters import programme as programme_of
from shuke.loyalty.models import BenefitUse
from shuke.loyalty.queries.tier_views import AnAccount, behaviour_rows, group_of, standing_of
from shuke.loyalty.rules.benefits import earned_badges, views
from shuke.loyalty.rules.validity import local_day
from shuke.loyalty.values.benefits import BenefitView, Use, UseState
from shuke.loyalty.values.ledger import Programme
from shuke.loyalty.values.perk_views import BadgeView, BenefitUseView


def benefits(
    actor: Actor, *, account: AnAccount, now: datetime, birthday: date | None = None
) -> tuple[BenefitView, ...]:
    """All benefits of the programme as the member has them, locked ones with what unlocks them.

    `birthday` (any year) is the caller's to know; without it benefits of the birthday month are locked.
    """
    require(actor, Permission.SEE_LOYALTY)
    programme = programme_of(settings.WORKSPACE)
    accounts = group_of(actor, account=account)
    today = local_day(now, zone=programme.zone)
    done = _done(actor, accounts=accounts, programme=programme)
    return views(
        programme.perks,
        tier=standing_of(actor, accounts=accounts, programme=programme, now=now).tier,
        badges=earned_badges(done, badges=programme.perks.badges),
        uses=_uses(accounts, today=today),
        today=today,
        birthday=birthday,
    )


def badges(actor: Actor, *, account: AnAccount) -> tuple[BadgeView, ...]:
    """All badges of the programme and how far the member is with each."""
    require(actor, Permission.SEE_LOYALTY)
    programme = programme_of(settings.WORKSPACE)
    accounts = group_of(actor, account=account)
    done = _done(actor, accounts=accounts, programme=programme)
    return tuple(
        BadgeView(badge.code, badge.zh, badge.en, sum(done[name] for name in badge.behaviours), badge.times)
        for badge in programme.perks.badges.values()
    )


def benefit_uses(actor: Actor, *, account_id: int, limit: int = 50) -> tuple[BenefitUseView, ...]:
    """Bookings and uses of a member, the latest first; merged accounts count together."""
    require(actor, Permission.SEE_LOYALTY)
    rows = BenefitUse.objects.filter(account_id__in=group_of(actor, account=account_id)).order_by("-at", "-pk")
    names = ("id", "benefit", "state", "at", "store", "associate", "note", "cost_minor")
    return tuple(BenefitUseView(*row) for row in rows.values_list(*names)[:limit])


def _done(actor: Actor, *, accounts: Sequence[int], programme: Programme) -> Counter[str]:
    return Counter(row.kind for row in behaviour_rows(actor, accounts=accounts, programme=programme))


def _uses(accounts: Sequence[int], *, today: date) -> list[Use]:
    """Uses of this year's periods, and of periods without an end."""
    first = today.replace(month=1, day=1)
    rows = BenefitUse.objects.filter(account_id__in=accounts)
    found = rows.filter(period_start__gte=first) | rows.filter(period_start=date.min)
    return [
        Use(benefit, start, UseState(state), number)
        for number, benefit, start, state in found.values_list("id", "benefit", "period_start", "state")
    ]

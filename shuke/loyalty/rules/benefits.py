"""Benefits: what a member has, what is left of it this period, and what comes next. Value in, value out.

Quotas count by calendar period, over the whole group of merged accounts. So an upgrade gives the new quota less what
was used, a fall takes nothing back that was booked, and nothing needs a job.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from shuke.loyalty.rules.growth import span_of
from shuke.loyalty.rules.refusals import Refusal
from shuke.loyalty.values.benefits import UNLIMITED, Badge, Benefit, BenefitView, Use, UseState
from shuke.loyalty.values.perks import Perks
from shuke.loyalty.values.tiers import Ladder


class UnknownBenefit(Refusal):
    """The programme has no such benefit."""

    code = "unknown_benefit"


class BenefitLocked(Refusal):
    """The member's tier or badges do not give the benefit, or it is not the month for it."""

    code = "benefit_locked"


class QuotaUsed(Refusal):
    """The benefit has been used or booked as often as its period allows."""

    code = "quota_used"


class BookingNeeded(Refusal):
    """The benefit is used on a booking."""

    code = "booking_needed"


class BookingUnknown(Refusal):
    """There is no such open booking of this member."""

    code = "booking_unknown"


def earned_badges(done: Mapping[str, int], *, badges: Mapping[str, Badge]) -> frozenset[str]:
    """Badges that behaviour unlocked: `done` counts each behaviour since the member joined."""
    return frozenset(
        code for code, badge in badges.items() if sum(done.get(name, 0) for name in badge.behaviours) >= badge.times
    )


def quota_of(benefit: Benefit, *, tier: str, badges: Collection[str]) -> int:
    """The quota a period: the largest that the tier or a badge gives; `UNLIMITED`; 0 where nothing does."""
    given = [benefit.quota.get(tier, 0), *(benefit.badges.get(badge, 0) for badge in badges)]
    return UNLIMITED if UNLIMITED in given else max(given)


def used_of(benefit: Benefit, *, uses: Sequence[Use], today: date) -> int:
    """Bookings and uses that count in today's period; cancelled ones do not."""
    start = span_of(today, span=benefit.span)[0]
    return sum(
        1
        for use in uses
        if use.benefit == benefit.code and use.period_start == start and use.state is not UseState.CANCELLED
    )


def is_birthday_month(birthday: date | None, *, today: date) -> bool:
    """Whether the member's birthday falls in this month; someone born on 29 February has theirs in February."""
    return birthday is not None and birthday.month == today.month


def may_take(
    code: str,
    *,
    perks: Perks,
    tier: str,
    badges: Collection[str],
    uses: Sequence[Use],
    today: date,
    birthday: date | None = None,
) -> date:
    """Checks that one more booking or use is allowed; gives the first day of its period.

    Raises `UnknownBenefit`, `BenefitLocked`, `QuotaUsed`.
    """
    benefit = known(code, perks=perks)
    quota = quota_of(benefit, tier=tier, badges=badges)
    if quota == 0:
        raise BenefitLocked(f"{tier} does not have {code}.", hint=_how(benefit, perks=perks))
    if benefit.in_birthday_month and not is_birthday_month(birthday, today=today):
        raise BenefitLocked(f"{code} is given in the month of the birthday.", hint="Check the birthday of the member.")
    if quota != UNLIMITED and used_of(benefit, uses=uses, today=today) >= quota:
        raise QuotaUsed(f"{code} has been taken {quota} of {quota} times.", hint=f"It counts anew each {benefit.span}.")
    return span_of(today, span=benefit.span)[0]


def known(code: str, *, perks: Perks) -> Benefit:
    """The benefit of a code. Raises `UnknownBenefit`."""
    found = perks.benefits.get(code)
    if found is None:
        raise UnknownBenefit(f"There is no benefit '{code}'.", hint=f"Known: {', '.join(sorted(perks.benefits))}.")
    return found


def views(
    perks: Perks,
    *,
    tier: str,
    badges: Collection[str],
    uses: Sequence[Use],
    today: date,
    birthday: date | None = None,
) -> tuple[BenefitView, ...]:
    """All benefits of the programme as this member has them, in the order of the file, locked ones included."""
    return tuple(
        _view(benefit, perks=perks, tier=tier, badges=badges, uses=uses, today=today, birthday=birthday)
        for benefit in perks.benefits.values()
    )


def _view(
    benefit: Benefit,
    *,
    perks: Perks,
    tier: str,
    badges: Collection[str],
    uses: Sequence[Use],
    today: date,
    birthday: date | None,
) -> BenefitView:
    quota = quota_of(benefit, tier=tier, badges=badges)
    used = used_of(benefit, uses=uses, today=today)
    left = UNLIMITED if quota == UNLIMITED else max(0, quota - used)
    start, end = span_of(today, span=benefit.span)
    locked, unlocks = _lock(benefit, quota=quota, left=left, ladder=perks.ladder, tier=tier)
    if not locked and benefit.in_birthday_month and not is_birthday_month(birthday, today=today):
        locked = "birthday"
    return BenefitView(
        benefit=benefit.code,
        zh=benefit.zh,
        en=benefit.en,
        note_zh=benefit.note_zh,
        note_en=benefit.note_en,
        scene=benefit.scene,
        quota=quota,
        used=used,
        left=left,
        span=benefit.span,
        period_start=start,
        period_end=end,
        is_booked=benefit.is_booked,
        cost_minor=benefit.cost_minor,
        locked_because=locked,
        unlocks_at=unlocks,
        next_quota=_next_quota(benefit, ladder=perks.ladder, tier=tier, badges=badges),
    )


def _lock(benefit: Benefit, *, quota: int, left: int, ladder: Ladder, tier: str) -> tuple[str, str]:
    if quota:
        return ("", "") if left else ("used_up", "")
    rank = ladder.rank(tier)
    above = next((step.code for step in ladder.tiers[rank + 1 :] if benefit.quota.get(step.code, 0)), "")
    if above:
        return "tier", above
    return ("badge", next(iter(benefit.badges))) if benefit.badges else ("tier", "")


def _next_quota(benefit: Benefit, *, ladder: Ladder, tier: str, badges: Collection[str]) -> int:
    rank = ladder.rank(tier) + 1
    if rank >= len(ladder.tiers):
        return 0
    return quota_of(benefit, tier=ladder.tiers[rank].code, badges=badges)


def _how(benefit: Benefit, *, perks: Perks) -> str:
    tiers = [tier.code for tier in perks.ladder.tiers if benefit.quota.get(tier.code, 0)]
    ways = [*(f"tier {tiers[0]}" for _ in tiers[:1]), *(f"badge {badge}" for badge in benefit.badges)]
    return f"It comes with {' or '.join(ways)}." if ways else "No tier has it at present."

"""What a member has: quotas by period, upgrades, badges, birthdays, and what comes next."""

from datetime import date

import pytest

from shuke.loyalty.rules import benefits
from shuke.loyalty.values.benefits import UNLIMITED, Badge, Benefit, Scene, Use, UseState
from shuke.loyalty.values.perks import Perks
from shuke.loyalty.values.tiers import Ladder, Span, Tier

LADDER = Ladder(
    tuple(Tier(code, code, code, reach, reach) for code, reach in (("basic", 0), ("silver", 1), ("gold", 2)))
)


def benefit(code: str, *, span: Span = Span.YEAR, quota: dict[str, int], **more: object) -> Benefit:
    return Benefit(code, code, code, "", "", Scene.AFTER, span, quota, **more)


PERKS = Perks(
    ladder=LADDER,
    badges={"pen": Badge("pen", "", "", ("review", "event"), 2)},
    benefits={
        each.code: each
        for each in (
            benefit("alter", quota={"silver": 2, "gold": 6}),
            benefit("care", span=Span.MONTH, quota={"gold": UNLIMITED}, badges={"pen": 1}),
            benefit("cake", quota={"basic": 1, "silver": 1}, in_birthday_month=True),
            benefit("club", quota={}, badges={"pen": 3}),
        )
    },
)
TODAY = date(2026, 5, 20)


def take(
    code: str, *uses: Use, tier: str = "silver", badges: tuple[str, ...] = (), today: date = TODAY, **more: date
) -> date:
    return benefits.may_take(code, perks=PERKS, tier=tier, badges=badges, uses=uses, today=today, **more)


def used(code: str, *, start: date = date(2026, 1, 1), state: UseState = UseState.USED) -> Use:
    return Use(code, start, state)


def test_an_upgrade_gives_the_new_quota_less_what_was_used() -> None:
    two = (used("alter"), used("alter", state=UseState.BOOKED))
    with pytest.raises(benefits.QuotaUsed):
        take("alter", *two)
    assert take("alter", *two, tier="gold") == date(2026, 1, 1)
    shown = {view.benefit: view for view in benefits.views(PERKS, tier="gold", badges=(), uses=two, today=TODAY)}
    assert (shown["alter"].quota, shown["alter"].used, shown["alter"].left) == (6, 2, 4)


def test_cancelled_uses_and_other_periods_do_not_count() -> None:
    assert take("alter", used("alter"), used("alter", state=UseState.CANCELLED)) == date(2026, 1, 1)
    last_year = used("alter", start=date(2025, 1, 1))
    assert take("alter", last_year, last_year) == date(2026, 1, 1)
    month = used("care", start=date(2026, 4, 1))
    assert take("care", month, badges=("pen",)) == date(2026, 5, 1)
    with pytest.raises(benefits.QuotaUsed):
        take("care", used("care", start=date(2026, 5, 1)), badges=("pen",))


def test_the_larger_of_tier_and_badge_counts() -> None:
    assert benefits.quota_of(PERKS.benefits["care"], tier="gold", badges=("pen",)) == UNLIMITED
    assert benefits.quota_of(PERKS.benefits["care"], tier="basic", badges=("pen",)) == 1
    many = tuple(used("care", start=date(2026, 5, 1)) for _ in range(50))
    assert take("care", *many, tier="gold") == date(2026, 5, 1)


def test_behaviour_unlocks_badges() -> None:
    assert benefits.earned_badges({"review": 1}, badges=PERKS.badges) == frozenset()
    assert benefits.earned_badges({"review": 1, "event": 1}, badges=PERKS.badges) == {"pen"}


def test_locked_benefits_say_how_to_get_there() -> None:
    with pytest.raises(benefits.BenefitLocked) as error:
        take("alter", tier="basic")
    assert "tier silver" in error.value.hint
    with pytest.raises(benefits.UnknownBenefit) as unknown:
        take("dance")
    assert "alter" in unknown.value.hint
    shown = {view.benefit: view for view in benefits.views(PERKS, tier="basic", badges=(), uses=(), today=TODAY)}
    assert (shown["alter"].locked_because, shown["alter"].unlocks_at, shown["alter"].next_quota) == (
        "tier",
        "silver",
        2,
    )
    assert (shown["club"].locked_because, shown["club"].unlocks_at) == ("badge", "pen")
    gold = {view.benefit: view for view in benefits.views(PERKS, tier="gold", badges=(), uses=(), today=TODAY)}
    assert gold["care"].left == UNLIMITED and gold["cake"].locked_because == "tier"


def test_birthday_month() -> None:
    with pytest.raises(benefits.BenefitLocked):
        take("cake")
    with pytest.raises(benefits.BenefitLocked):
        take("cake", birthday=date(1990, 6, 1))
    assert take("cake", birthday=date(1990, 5, 31)) == date(2026, 1, 1)
    assert take("cake", birthday=date(1992, 2, 29), today=date(2026, 2, 28)) == date(2026, 1, 1)
    shown = benefits.views(
        PERKS, tier="silver", badges=(), uses=(used("cake"),), today=TODAY, birthday=date(1990, 5, 1)
    )
    assert next(view for view in shown if view.benefit == "cake").locked_because == "used_up"


def test_a_fall_leaves_nothing_negative() -> None:
    five = tuple(used("alter") for _ in range(5))
    shown = benefits.views(PERKS, tier="silver", badges=(), uses=five, today=TODAY)
    assert (shown[0].quota, shown[0].used, shown[0].left) == (2, 5, 0)

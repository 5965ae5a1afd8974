"""All perks of a programme as its files say them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shuke.loyalty.values.benefits import Badge, Benefit
from shuke.loyalty.values.coupons import Campaign, Group
from shuke.loyalty.values.tiers import Behaviour, Ladder, Tier

BASIC = Ladder(tiers=(Tier("basic", "普通会员", "Basic", 0, 0),))


@dataclass(frozen=True)
class Perks:
    """The ladder of tiers, behaviours, badges, benefits, coupon campaigns, their groups and budgets, each by code.

    `budgets` maps a budget's code to its limit in minor units.
    """

    ladder: Ladder = BASIC
    behaviours: Mapping[str, Behaviour] = field(default_factory=dict)
    badges: Mapping[str, Badge] = field(default_factory=dict)
    benefits: Mapping[str, Benefit] = field(default_factory=dict)
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    budgets: Mapping[str, int] = field(default_factory=dict)

"""Coupons: campaigns, carts, what a cart costs with a set of coupons, and budgets. Money in minor units."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class CouponKind(StrEnum):
    """What a coupon gives."""

    AMOUNT = "amount"
    PERCENT = "percent"
    GIFT = "gift"
    SHIPPING = "shipping"


class CouponState(StrEnum):
    """The life of one coupon; held and used both count against limits."""

    ISSUED = "issued"
    HELD = "held"
    USED = "used"
    VOID = "void"


class Mode(StrEnum):
    """How a set of coupons is used: all of them or none, or the subset that saves the member most."""

    ALL = "all"
    BEST = "best"


class Refused(StrEnum):
    """Why a coupon was refused; stored with every refusal."""

    UNKNOWN = "coupon_unknown"
    OTHER_MEMBER = "coupon_of_other_member"
    TWICE = "coupon_twice"
    USED = "coupon_used"
    HELD = "coupon_held"
    VOID = "coupon_void"
    EXPIRED = "coupon_expired"
    CAMPAIGN_OVER = "campaign_over"
    CURRENCY = "wrong_currency"
    STORE = "wrong_store"
    CHANNEL = "wrong_channel"
    TIER = "wrong_tier"
    SCOPE = "no_line_in_scope"
    LEAST = "below_least"
    GROUP = "group_full"
    ALONE = "not_with_others"
    MEMBER_LIMIT = "member_limit"
    TOTAL_LIMIT = "campaign_limit"
    BUDGET = "budget_used_up"
    MARGIN = "margin_floor"
    COST = "cost_unknown"
    NOTHING_LEFT = "nothing_left"
    NOT_BEST = "not_in_best_subset"


@dataclass(frozen=True)
class Scope:
    """What a coupon is for; an empty set means everything. Excluded products and categories go first."""

    products: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    without_products: frozenset[str] = frozenset()
    without_categories: frozenset[str] = frozenset()
    stores: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Group:
    """At most `at_most` coupons of a group in one cart, and none beside a coupon of the groups in `without`."""

    code: str
    at_most: int = 1
    without: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Campaign:
    """The rules of one kind of coupon.

    `amount_minor` off, or `percent_thousandths` off up to `cap_minor` (0: no cap), or the gift `gift_sku` worth
    `gift_value_minor` that costs `gift_cost_minor`, or freight up to `cap_minor`. Needs `least_minor` in scope, after
    the coupons before it. `priority`: the smaller goes first. `is_alone`: with no other coupon. `margin_floor` is the
    least margin (thousandths of what the member pays for the lines in scope) that must remain (None: not asked).
    `per_member` and `total` limit held and used coupons (0: no limit); `budget` names what pays for it ('': nothing).
    A coupon lasts from issue to the end of `until`, or of `days` days later, whichever is earlier.
    """

    code: str
    zh: str
    en: str
    kind: CouponKind
    amount_minor: int = 0
    percent_thousandths: int = 0
    cap_minor: int = 0
    gift_sku: str = ""
    gift_value_minor: int = 0
    gift_cost_minor: int = 0
    least_minor: int = 0
    scope: Scope = Scope()
    priority: int = 100
    group: str = ""
    is_alone: bool = False
    margin_floor: int | None = None
    per_member: int = 0
    total: int = 0
    budget: str = ""
    since: date | None = None
    until: date | None = None
    days: int = 0
    currency: str = "CNY"
    is_returned: bool = True


@dataclass(frozen=True)
class CartLine:
    """A line of a cart: what it costs before coupons in all (`amount_minor`), and what the goods cost the shop."""

    sku: str
    amount_minor: int
    quantity: int = 1
    category: str = ""
    list_minor: int = 0
    cost_minor: int | None = None


@dataclass(frozen=True)
class Cart:
    """What a member is about to pay. `freight_minor` is on top of the lines."""

    lines: tuple[CartLine, ...]
    store: str = ""
    channel: str = ""
    freight_minor: int = 0
    currency: str = "CNY"


@dataclass(frozen=True)
class InHand:
    """A coupon that may be used: its code and its campaign's."""

    code: str
    campaign: str


@dataclass(frozen=True)
class Limits:
    """What bounds coupons besides the cart: the member's tier, money left by budget, uses left by campaign.

    A budget or campaign that is absent from the mappings is not bounded.
    """

    tier: str = ""
    budgets: Mapping[str, int] = field(default_factory=dict)
    uses: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Given:
    """What one coupon gave: off each line in the cart's order, off freight, a gift; `cost_minor` to the budget."""

    code: str
    campaign: str
    by_line: tuple[int, ...]
    freight_minor: int = 0
    gift_sku: str = ""
    gift_value_minor: int = 0
    cost_minor: int = 0

    @property
    def discount_minor(self) -> int:
        """Off the lines in all."""
        return sum(self.by_line)

    @property
    def saved_minor(self) -> int:
        """What it is worth to the member: off lines and freight, and the gift's value."""
        return self.discount_minor + self.freight_minor + self.gift_value_minor


@dataclass(frozen=True)
class Priced:
    """A cart with coupons: what each gave in the order of use, who was refused and why, and what is left to pay."""

    given: tuple[Given, ...]
    refused: tuple[tuple[str, Refused], ...]
    lines_minor: tuple[int, ...]
    freight_minor: int

    @property
    def total_minor(self) -> int:
        """What the member pays."""
        return sum(self.lines_minor) + self.freight_minor

    @property
    def saved_minor(self) -> int:
        """What all coupons are worth to the member."""
        return sum(given.saved_minor for given in self.given)


@dataclass(frozen=True)
class CouponView:
    """A coupon as a member or an associate sees it; `state` is that at the instant asked (expired included)."""

    code: str
    campaign: str
    zh: str
    en: str
    kind: CouponKind
    state: str
    expires_at: datetime | None
    amount_minor: int
    percent_thousandths: int
    cap_minor: int
    least_minor: int
    gift_sku: str
    currency: str


@dataclass(frozen=True)
class BudgetView:
    """A budget: its limit, what open holds reserve of it, what was used, and what is left."""

    code: str
    limit_minor: int
    reserved_minor: int
    used_minor: int

    @property
    def left_minor(self) -> int:
        """What may still be given."""
        return max(0, self.limit_minor - self.reserved_minor - self.used_minor)

"""What a cart costs with coupons: one after another by priority, then code; percent on what is left; never below 0."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from shuke.loyalty.values.coupons import (
    Campaign,
    Cart,
    CouponKind,
    Given,
    Group,
    InHand,
    Limits,
    Priced,
    Refused,
)
from shuke.loyalty.values.perks import Perks

_NO_GROUP = Group("", at_most=1_000_000)


@dataclass(frozen=True)
class Step:
    """One coupon ready to be tried: its rules and the lines that they cover."""

    code: str
    rules: Campaign
    group: Group
    places: tuple[int, ...]


@dataclass(frozen=True)
class State:
    """A cart after some coupons: what is left of each line and of the freight, and what was given so far."""

    lines: tuple[int, ...]
    freight: int
    given: tuple[Given, ...] = ()
    steps: tuple[Step, ...] = ()
    spent: dict[str, int] = field(default_factory=dict)

    @property
    def saved_minor(self) -> int:
        """What the coupons so far are worth to the member."""
        return sum(given.saved_minor for given in self.given)


def begin(cart: Cart) -> State:
    """The cart before any coupon."""
    return State(tuple(line.amount_minor for line in cart.lines), cart.freight_minor)


def sort_out(
    cart: Cart, *, coupons: Sequence[InHand], perks: Perks, limits: Limits, today: date
) -> tuple[tuple[Step, ...], tuple[tuple[str, Refused], ...]]:
    """Coupons that may be tried on the cart in their order of use, and those it refuses whatever else is used."""
    steps: list[Step] = []
    refused: list[tuple[str, Refused]] = []
    seen: set[str] = set()
    for coupon in sorted(coupons, key=lambda coupon: (coupon.code, coupon.campaign)):
        found = Refused.TWICE if coupon.code in seen else _ready(cart, coupon, perks=perks, limits=limits, today=today)
        seen.add(coupon.code)
        if isinstance(found, Refused):
            refused.append((coupon.code, found))
        else:
            steps.append(found)
    return tuple(sorted(steps, key=lambda step: (step.rules.priority, step.code))), tuple(refused)


def _ready(cart: Cart, coupon: InHand, *, perks: Perks, limits: Limits, today: date) -> Step | Refused:
    rules = perks.campaigns.get(coupon.campaign)
    if rules is None or (rules.since and today < rules.since) or (rules.until and today > rules.until):
        return Refused.CAMPAIGN_OVER
    scope = rules.scope
    outside = (
        (Refused.CURRENCY, rules.currency != cart.currency),
        (Refused.STORE, bool(scope.stores) and cart.store not in scope.stores),
        (Refused.CHANNEL, bool(scope.channels) and cart.channel not in scope.channels),
        (Refused.TIER, bool(scope.tiers) and limits.tier not in scope.tiers),
    )
    for reason, is_so in outside:
        if is_so:
            return reason
    places = tuple(place for place in range(len(cart.lines)) if _covers(cart, place, rules=rules))
    if not places:
        return Refused.SCOPE
    return Step(coupon.code, rules, perks.groups.get(rules.group, _NO_GROUP), places)


def _covers(cart: Cart, place: int, *, rules: Campaign) -> bool:
    line, scope = cart.lines[place], rules.scope
    if line.sku in scope.without_products or line.category in scope.without_categories:
        return False
    if not scope.products and not scope.categories:
        return True
    return line.sku in scope.products or line.category in scope.categories


def use(state: State, step: Step, *, cart: Cart, limits: Limits) -> State | Refused:
    """The state with one more coupon, or why it cannot be used beside those before it."""
    reason = _together(state, step, limits=limits)
    if reason is not None:
        return reason
    rules = step.rules
    left = sum(state.lines[place] for place in step.places)
    if left < rules.least_minor:
        return Refused.LEAST
    off = _off(rules, left=left)
    freight = _freight(rules, left=state.freight)
    if off + freight == 0 and rules.kind is not CouponKind.GIFT:
        return Refused.NOTHING_LEFT
    cost = off + freight + rules.gift_cost_minor
    budget = rules.budget
    spent = state.spent.get(budget, 0) + cost
    if budget in limits.budgets and spent > limits.budgets[budget]:
        return Refused.BUDGET
    floor = _floor(step, cart=cart, paid=left - off)
    if floor is not None:
        return floor
    by_line = spread(off, left=state.lines, places=step.places, names=[line.sku for line in cart.lines])
    given = Given(step.code, rules.code, by_line, freight, rules.gift_sku, rules.gift_value_minor, cost_minor=cost)
    return State(
        tuple(amount - part for amount, part in zip(state.lines, by_line, strict=True)),
        state.freight - freight,
        (*state.given, given),
        (*state.steps, step),
        {**state.spent, budget: spent} if budget else state.spent,
    )


def _together(state: State, step: Step, *, limits: Limits) -> Refused | None:
    rules, before = step.rules, state.steps
    if before and (rules.is_alone or any(other.rules.is_alone for other in before)):
        return Refused.ALONE
    if rules.group:
        if sum(other.rules.group == rules.group for other in before) >= step.group.at_most:
            return Refused.GROUP
        if any(other.rules.group in step.group.without or rules.group in other.group.without for other in before):
            return Refused.GROUP
    used = sum(other.rules.code == rules.code for other in before)
    if rules.code in limits.uses and used >= limits.uses[rules.code]:
        return Refused.MEMBER_LIMIT
    return None


def _off(rules: Campaign, *, left: int) -> int:
    if rules.kind is CouponKind.AMOUNT:
        return min(rules.amount_minor, left)
    if rules.kind is CouponKind.PERCENT:
        half_up = (left * rules.percent_thousandths + 500) // 1000
        return min(half_up, rules.cap_minor) if rules.cap_minor else half_up
    return 0


def _freight(rules: Campaign, *, left: int) -> int:
    if rules.kind is not CouponKind.SHIPPING:
        return 0
    return min(left, rules.cap_minor) if rules.cap_minor else left


def _floor(step: Step, *, cart: Cart, paid: int) -> Refused | None:
    """Whether what is paid for the lines in scope still leaves the least margin."""
    if step.rules.margin_floor is None:
        return None
    costs = [cart.lines[place].cost_minor for place in step.places]
    known = [cost for cost in costs if cost is not None]
    if len(known) < len(costs):
        return Refused.COST
    margin = paid - sum(known) - step.rules.gift_cost_minor
    return Refused.MARGIN if 1000 * margin < step.rules.margin_floor * paid else None


def spread(off: int, *, left: Sequence[int], places: Sequence[int], names: Sequence[str]) -> tuple[int, ...]:
    """`off` over the lines at `places`, in proportion to what is left of each, exact to the cent.

    Largest remainders take the odd cents, ties by name and then amount; no line falls below 0. `off` is at most the
    sum of what is left there.
    """
    parts = [0] * len(left)
    whole = sum(left[place] for place in places)
    if off == 0 or whole == 0:
        return tuple(parts)
    for place in places:
        parts[place] = off * left[place] // whole
    odd = off - sum(parts)
    by_remainder = sorted(places, key=lambda place: (-(off * left[place] % whole), names[place], left[place], place))
    for place in by_remainder[:odd]:
        parts[place] += 1
    return tuple(parts)


def priced(state: State, *, refused: Sequence[tuple[str, Refused]]) -> Priced:
    """The result of a state, refusals by code."""
    return Priced(state.given, tuple(sorted(refused)), state.lines, state.freight)

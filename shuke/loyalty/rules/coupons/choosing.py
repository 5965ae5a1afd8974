"""Which of a set of coupons are used: all or none, or the subset that saves most, searched exactly up to a bound."""

from collections.abc import Sequence
from datetime import date

from shuke.loyalty.rules.coupons.pricing import State, Step, begin, priced, sort_out, use
from shuke.loyalty.rules.refusals import Refusal
from shuke.loyalty.values.coupons import Cart, CouponKind, InHand, Limits, Mode, Priced, Refused
from shuke.loyalty.values.perks import Perks

# The exact search looks at no more than 2 ** MOST sets, and at fewer where the cart is long: each costs a look at every
# line, and all tills wait for it.
MOST = 12
_MOST_LOOKS = 1 << 18


class TooManyCoupons(Refusal):
    """More coupons than an exact search for the best of them takes."""

    code = "too_many_coupons"


def price(
    cart: Cart, *, coupons: Sequence[InHand], perks: Perks, limits: Limits, today: date, mode: Mode = Mode.ALL
) -> Priced:
    """What the cart costs with the coupons. Money in minor units; the order of `coupons` does not matter.

    `ALL`: where one is refused none is given, and each has its reason. `BEST`: the subset that saves the member most
    (off lines and freight, and the value of gifts), of equals the one with the fewest coupons, then the first by order
    of use; the others have a reason too. Raises `TooManyCoupons` beyond `MOST` that could be used in `BEST`.
    """
    steps, refused = sort_out(cart, coupons=coupons, perks=perks, limits=limits, today=today)
    if mode is Mode.BEST:
        return _best(cart, steps=steps, refused=refused, limits=limits)
    state = begin(cart)
    reasons = list(refused)
    for step in steps:
        found = use(state, step, cart=cart, limits=limits)
        if isinstance(found, Refused):
            reasons.append((step.code, found))
        else:
            state = found
    return priced(begin(cart) if reasons else state, refused=reasons)


def _best(cart: Cart, *, steps: tuple[Step, ...], refused: tuple[tuple[str, Refused], ...], limits: Limits) -> Priced:
    most = min(MOST, (_MOST_LOOKS // len(cart.lines)).bit_length() - 1)
    if len(steps) > most:
        raise TooManyCoupons(
            f"{len(steps)} coupons could be used; the best are found among at most {most}.",
            hint="Let the member choose some of them.",
        )
    search = _Search(cart, steps=steps, limits=limits)
    search.walk(begin(cart), place=0)
    chosen = {step.code for step in search.best.steps}
    left = [(step.code, _why(cart, step=step, search=search)) for step in steps if step.code not in chosen]
    return priced(search.best, refused=(*refused, *left))


class _Search:
    """Depth first over the coupons in their order of use, each taken or left; a branch that cannot win is cut."""

    def __init__(self, cart: Cart, *, steps: tuple[Step, ...], limits: Limits) -> None:
        self.cart, self.steps, self.limits = cart, steps, limits
        self.best = begin(cart)
        worth = [_at_most(cart, step) for step in steps]
        self.ahead = [sum(worth[place:]) for place in range(len(steps) + 1)]

    def walk(self, state: State, *, place: int) -> None:
        """Looks at everything that can follow."""
        if self._key(state) < self._key(self.best):
            self.best = state
        if place == len(self.steps) or state.saved_minor + self.ahead[place] < self.best.saved_minor:
            return
        found = use(state, self.steps[place], cart=self.cart, limits=self.limits)
        if not isinstance(found, Refused):
            self.walk(found, place=place + 1)
        self.walk(state, place=place + 1)

    @staticmethod
    def _key(state: State) -> tuple[int, int, tuple[tuple[int, str], ...]]:
        order = tuple((step.rules.priority, step.code) for step in state.steps)
        return -state.saved_minor, len(state.steps), order


def _at_most(cart: Cart, step: Step) -> int:
    """No coupon saves more than this on the cart, whatever goes before it."""
    whole = sum(cart.lines[place].amount_minor for place in step.places)
    rules = step.rules
    if rules.kind is CouponKind.AMOUNT:
        return min(rules.amount_minor, whole) + rules.gift_value_minor
    if rules.kind is CouponKind.PERCENT:
        most = (whole * rules.percent_thousandths + 500) // 1000
        return (min(most, rules.cap_minor) if rules.cap_minor else most) + rules.gift_value_minor
    freight = cart.freight_minor if rules.kind is CouponKind.SHIPPING else 0
    return freight + rules.gift_value_minor


def _why(cart: Cart, *, step: Step, search: _Search) -> Refused:
    """Why a coupon is not in the best set: what it meets beside the chosen ones, else that the set is better."""
    state = begin(cart)
    for other in sorted((*search.best.steps, step), key=lambda each: (each.rules.priority, each.code)):
        found = use(state, other, cart=cart, limits=search.limits)
        if isinstance(found, Refused):
            return found if other is step else Refused.NOT_BEST
        state = found
    return Refused.NOT_BEST

"""From money to points, in whole numbers only."""

from shuke.loyalty.rules.refusals import BadAmount
from shuke.loyalty.values.ledger import Programme

# A bigint's safe half: amounts beyond it are slips of the pen, not purchases (ten thousand million yuan).
LARGEST_MINOR = 1_000_000_000_000
LARGEST_POINTS = 1_000_000_000_000
ONE = 1000


def earned(eligible_minor: int, *, programme: Programme, multiplier_thousandths: int = ONE) -> int:
    """Points for an order: floor(amount x rate x multiplier), rounded once for the whole order, never a line.

    `eligible_minor` is not negative and at most `LARGEST_MINOR`. Raises `BadAmount`.
    """
    whole("amount", eligible_minor, largest=LARGEST_MINOR)
    return eligible_minor * programme.points_each * multiplier_thousandths // (programme.minor_each * ONE)


def returned_share(points: int, *, refunded_minor: int, total_minor: int) -> int:
    """Points that a refund of `refunded_minor` so far gives back: floor(points x refunded / total), at most all."""
    if total_minor == 0:
        return points
    return points * min(refunded_minor, total_minor) // total_minor


def whole(what: str, value: object, *, least: int = 0, largest: int = LARGEST_POINTS) -> int:
    """`value` as the whole number that it is. Raises `BadAmount` for fractions, text, booleans and out of bounds."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadAmount(f"The {what} is a whole number, not {value!r}.", hint="Send minor units and whole points.")
    if not least <= value <= largest:
        raise BadAmount(f"The {what} {value} is not between {least} and {largest}.", hint="Check the till's request.")
    return value

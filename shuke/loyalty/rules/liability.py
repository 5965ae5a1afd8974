"""What points outstanding are worth."""

_THOUSAND = 1000


def liability_minor(points: int, *, cost_thousandths: int) -> int:
    """Money owed for points in minor units, half up: `cost_thousandths` of a minor unit each, 0 or more.

    `points` may be negative (debts above the balance). A point that costs half a cent is 500 thousandths.
    """
    sign = 1 if points >= 0 else -1
    return sign * ((abs(points) * cost_thousandths * 2 + _THOUSAND) // (2 * _THOUSAND))

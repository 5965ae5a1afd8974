"""One comparison from the sums of its parts: weights by the chance of the arm, so that unequal stores do no harm."""

from collections.abc import Sequence

from shuke.outcomes.rules.intervals import newcombe, welch
from shuke.outcomes.values import ArmSums, Comparison, Mean

_CERTAIN = 1 - 1e-9


def compare(parts: Sequence[ArmSums], *, confidence: float, least_buyers: int) -> Comparison:
    """Treated minus holdout over parts (stores) of one draw.

    Each person weighs 1 / chance of the own arm (Hajek's estimator; equal chances give the plain shares and means);
    intervals take Kish's effective sizes. Who was certain of the arm has no counterpart and is left out. Differences
    are None where an arm is empty, money also where an arm has fewer than `least_buyers` buyers.
    """
    compared = [part for part in parts if part.propensity is None or part.propensity < _CERTAIN]
    treated, holdout = (_Arm([part for part in compared if part.arm == arm]) for arm in ("treated", "holdout"))
    left_out = sum(part.people for part in parts) - treated.people - holdout.people
    if not treated.people or not holdout.people:
        return Comparison(
            treated=sum(part.people for part in parts if part.arm == "treated"), holdout=holdout.people,
            treated_buyers=treated.buyers, holdout_buyers=holdout.buyers, left_out=left_out,
            treated_share=None, holdout_share=None, difference=None, sales_each=None,
        )  # fmt: skip
    money = None
    if min(treated.buyers, holdout.buyers) >= least_buyers:
        money = welch(treated.money(), holdout.money(), confidence=confidence)
    return Comparison(
        treated=treated.people,
        holdout=holdout.people,
        treated_buyers=treated.buyers,
        holdout_buyers=holdout.buyers,
        left_out=left_out,
        treated_share=treated.share,
        holdout_share=holdout.share,
        difference=newcombe(
            treated.share,
            holdout.share,
            treated_size=treated.size,
            holdout_size=holdout.size,
            confidence=confidence,
        ),
        sales_each=money,
    )


class _Arm:
    """Weighted sums of one arm."""

    def __init__(self, parts: Sequence[ArmSums]) -> None:
        self._parts = [(1 / part.propensity if part.propensity else 1.0, part) for part in parts]
        self.people = sum(part.people for part in parts)
        self.buyers = sum(part.buyers for part in parts)
        self._weight = sum(weight * part.people for weight, part in self._parts)

    @property
    def share(self) -> float:
        return min(1.0, sum(weight * part.buyers for weight, part in self._parts) / self._weight)

    @property
    def size(self) -> float:
        """Kish's effective size: (sum of weights)^2 / sum of squared weights."""
        return self._weight**2 / sum(weight**2 * part.people for weight, part in self._parts)

    def money(self) -> Mean:
        """Mean and sample variance of net sales a person, from sums and sums of squares."""
        mean = sum(weight * part.net_minor for weight, part in self._parts) / self._weight
        squares = sum(
            weight**2 * (part.net_squares - 2 * mean * part.net_minor + part.people * mean * mean)
            for weight, part in self._parts
        )
        size = self.size
        variance = max(0.0, squares) / self._weight**2 * size * size / (size - 1) if size > 1 else 0.0
        return Mean(mean=mean, variance=variance, size=size)

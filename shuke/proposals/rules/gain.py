"""What a play is expected to bring, what a week can prove, and the draw."""

import math
from collections.abc import Sequence

from shuke.kernel.ids import stable_hash
from shuke.plays.values import Offer, Prior
from shuke.proposals.values import Gain


def expected_gain(
    *, people: int, base_share: float, order_minor: float, margin_share: float, prior: Prior, offer: Offer, unit: int
) -> Gain:
    """Extra margin of the people contacted, minus what the offer costs, over the measuring days.

    extra buyers a person = base_share x lift; gain = people x (extra x order x margin) - cost;
    cost = people x (base_share + extra) x (order x strength + gift): an offer is also used by those who would have
    come anyway. `unit` is minor units in a major one. The 80 % range takes the prior's ends, everything else as known.
    """

    def at(lift: float) -> tuple[float, float]:
        extra = base_share * lift
        each = order_minor * offer.strength_share + offer.cost_each * unit
        cost = people * min(1.0, base_share + extra) * each
        return people * extra * order_minor * margin_share - cost, cost

    ends = sorted((at(prior.low)[0], at(prior.high)[0]))
    mid, cost = at(prior.mid)
    return Gain(low_minor=round(ends[0]), mid_minor=round(mid), high_minor=round(ends[1]), cost_minor=round(cost))


def total_range(gains: Sequence[Gain]) -> tuple[int, int, int]:
    """Low, middle and high of a sum of independent gains: half-widths add by squares, not end by end."""
    mid = sum(gain.mid_minor for gain in gains)
    below = math.sqrt(sum((gain.mid_minor - gain.low_minor) ** 2 for gain in gains))
    above = math.sqrt(sum((gain.high_minor - gain.mid_minor) ** 2 for gain in gains))
    return round(mid - below), mid, round(mid + above)


def detectable_share(*, treated: int, holdout: int, base_share: float) -> float | None:
    """The smallest difference (in shares of people) that this week alone would show.

    80 % power at a two-sided 80 % interval: (z 1.2816 + 0.8416) x the standard error of a difference of two shares.
    None without both arms.
    """
    if treated < 1 or holdout < 1:
        return None
    return (1.2816 + 0.8416) * math.sqrt(base_share * (1 - base_share) * (1 / treated + 1 / holdout))


def draw_of(salt: str, *, customer_id: int) -> float:
    """The number between 0 and 1 whose order decides the arm: the lowest are held out. Equal to the SQL's."""
    return stable_hash(f"{salt}|{customer_id}") / 2**63


def arms(salt: str, *, customers: Sequence[int], holdout_share: float) -> dict[int, str]:
    """The arm of each person of a proposal: exactly the share, rounded half up, of the lowest draws is held out."""
    places = math.floor(len(customers) * holdout_share + 0.5)
    ordered = sorted(customers, key=lambda customer: (draw_of(salt, customer_id=customer), customer))
    return {customer: "holdout" if place < places else "treated" for place, customer in enumerate(ordered)}

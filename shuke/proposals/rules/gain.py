"""What a play is expected to bring."""

import math
from collections.abc import Sequence
from typing import Any

from shuke.plays.values import Offer, Prior
from shuke.proposals.values import Gain


def expected_gain(
    *, people: int, base_share: float, order_minor: float, margin_share: float, prior: Prior, offer: Offer, unit: int
) -> Gain:
    """Extra margin of the people contacted, minus what the offer costs, over the measuring days.

    extra buyers a person = base_share x lift, at most all who would not have come;
    gain = people x (extra x order x margin) - cost;
    cost = people x (base_share + extra) x (order x strength + gift): an offer is also used by those who would have
    come anyway. `unit` is minor units in a major one. The 80 % range takes the prior's ends, everything else as known.
    """

    def at(lift: float) -> tuple[float, float]:
        extra = min(1.0 - base_share, base_share * lift)
        each = order_minor * offer.strength_share + offer.cost_each * unit
        cost = people * (base_share + extra) * each
        return people * extra * order_minor * margin_share - cost, cost

    ends = sorted((at(prior.low)[0], at(prior.high)[0]))
    mid, cost = at(prior.mid)
    return Gain(low_minor=round(ends[0]), mid_minor=round(mid), high_minor=round(ends[1]), cost_minor=round(cost))


def same_range(gains: Sequence[Gain]) -> tuple[int, int, int]:
    """Low, middle and high of one play over its stores: they share one lift, so the ends add up."""
    return (
        sum(gain.low_minor for gain in gains),
        sum(gain.mid_minor for gain in gains),
        sum(gain.high_minor for gain in gains),
    )


def total_range(gains: Sequence[Gain]) -> tuple[int, int, int]:
    """Low, middle and high of a sum of independent gains: half-widths add by squares, not end by end."""
    mid = sum(gain.mid_minor for gain in gains)
    below = math.sqrt(sum((gain.mid_minor - gain.low_minor) ** 2 for gain in gains))
    above = math.sqrt(sum((gain.high_minor - gain.mid_minor) ** 2 for gain in gains))
    return round(mid - below), mid, round(mid + above)


def gain_of(shown: Any) -> Gain:
    """The gain of a stored proposal, a card or a play over its stores."""
    return Gain(
        low_minor=shown.gain_low_minor,
        mid_minor=shown.gain_minor,
        high_minor=shown.gain_high_minor,
        cost_minor=shown.cost_minor,
    )

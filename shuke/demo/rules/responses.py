"""The hidden response: how likely each person buys within some days, untouched and touched."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincc

from shuke.demo.values import Answer, Flags, Floats, Ints

_TOUCH = 0.5
_OFFER = 5.0
_REVIVAL = 0.03
_MEAN_BASKET_MINOR = 12_000


@dataclass(frozen=True)
class Hidden:
    """What the truth knows of each person on the day of a touch; `days_since` is from the last purchase or entry."""

    rate: Floats
    shape: Floats
    sensitivity: Floats
    response: Floats
    affluence: Floats
    is_alive: Flags
    days_since: Floats


def untouched(people: Hidden, *, days: int) -> Floats:
    """Chance of a purchase within `days` by the person's own clock; 0 after the dropout.

    Gaps are gamma distributed, so the chance is (S(t) - S(t + days)) / S(t) with the survival S of that distribution
    at t days since the last purchase.
    """
    scale = people.shape * people.rate
    now = gammaincc(people.shape, scale * people.days_since)
    later = gammaincc(people.shape, scale * (people.days_since + days))
    chance = np.where(now > 1e-9, 1 - later / np.maximum(now, 1e-9), 1 - np.exp(-scale * days))
    return np.where(people.is_alive, chance, 0.0)


def touched(people: Hidden, *, base: Floats, offer: Floats) -> Floats:
    """The chance after a touch: the hazard grows with the response to touches, and with the offer where prices matter.

    Bounds: never below `base`; of people who had dropped out at most 4 in 100 come back.
    """
    factor = 1 + people.response * (_TOUCH + _OFFER * offer * people.sensitivity)
    grown = 1 - (1 - base) ** factor
    return np.where(people.is_alive, grown, _REVIVAL * people.response * (0.3 + offer))


def basket_minor(people: Hidden, *, draw: Floats) -> Ints:
    """What the purchase costs before the offer: log-normal around the person's own level, in tenths of a yuan."""
    spread = np.exp(0.6 * np.sqrt(-2 * np.log(1 - draw)) - 0.6)
    tenths: Ints = (_MEAN_BASKET_MINOR // 10 * people.affluence * spread).astype(np.int64)
    return tenths * 10


def answers(people: Hidden, *, bought: Flags, draw: Floats) -> list[Answer]:
    """How touched people answer: those who do not buy reply more often the more they respond."""
    reply, refuse = 0.5 * people.response, 0.5 * people.response + 0.04 * (1 - people.response)
    place = np.where(bought, 0, np.where(draw < reply, 1, np.where(draw < refuse, 2, 3)))
    return [_ANSWERS[position] for position in place]


_ANSWERS = (Answer.BOUGHT, Answer.REPLIED, Answer.DECLINED, Answer.NO_ANSWER)

"""A few till receipts are company purchases."""

from dataclasses import replace

import numpy as np

from shuke.demo.rules.chance import unit
from shuke.demo.values import Basket, Channel


def with_wholesale(basket: Basket, *, share: float) -> Basket:
    """Multiplies the quantities and discounts of a share of till receipts by sixty."""
    chosen = (unit(basket.index, salt=77) < share) & (basket.channel == Channel.POS)
    factor = np.where(chosen, 60, 1)[basket.order]
    return replace(basket, quantity=basket.quantity * factor, discount=basket.discount * factor)

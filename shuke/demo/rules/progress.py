"""How far an online order had come when its file was exported."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from shuke.demo.rules.chance import unit
from shuke.demo.values import DAY_SECONDS, Basket, Flags, Ints


class Status(IntEnum):
    """States of an online order."""

    UNPAID = 0
    CANCELLED = 1
    PAID = 2
    SHIPPED = 3
    COMPLETED = 4
    REFUNDED = 5
    PART_REFUNDED = 6


STATUS_WORDS = tuple(status.name.lower() for status in Status)


@dataclass(frozen=True)
class ShopOrders:
    """Online orders as their file shows them. `gross` is what the buyer paid, freight included; money in minor units.

    `freight` and `platform` (subsidy) are of the order, `line_paid` and `line_refund` of each line without freight.
    """

    basket: Basket
    status: Ints
    freight: Ints
    platform: Ints
    line_paid: Ints
    line_refund: Ints

    @property
    def due(self) -> Ints:
        """What the buyer paid or would have had to pay."""
        return self.basket.total(self.line_paid) + self.freight

    @property
    def is_paid(self) -> Flags:
        return np.asarray(self.status >= Status.PAID)

    @property
    def gross(self) -> Ints:
        return np.where(self.is_paid, self.due, 0).astype(np.int64)

    @property
    def refund(self) -> Ints:
        whole = self.status == Status.REFUNDED
        return np.where(whole, self.due, self.basket.total(self.line_refund)).astype(np.int64)


def progress(basket: Basket, *, seen_at: int, refunds: bool) -> Ints:
    """The state of each order at the second `seen_at` of the span; parcels take eight days, a refund six."""
    draw, age = unit(basket.index, salt=21), seen_at - basket.at
    days = age / DAY_SECONDS
    path = np.where(days < 1.5, int(Status.PAID), np.where(days < 8, int(Status.SHIPPED), int(Status.COMPLETED)))
    if refunds:
        settled = days >= 6
        path = np.where(settled & (draw < 0.045), int(Status.REFUNDED), path)
        path = np.where(settled & (draw >= 0.045) & (draw < 0.07), int(Status.PART_REFUNDED), path)
    unpaid = np.where(days < 1, int(Status.UNPAID), int(Status.CANCELLED))
    return np.where(draw < 0.025, unpaid, path).astype(np.int64)


def partly(basket: Basket, status: Ints, *, line_paid: Ints) -> tuple[Ints, Ints]:
    """States and line refunds: of a part refund one line is paid back; where there is only one, the order is
    refunded.
    """
    sizes = np.diff(basket.first)
    settled = np.where((status == Status.PART_REFUNDED) & (sizes < 2), int(Status.REFUNDED), status)
    line = basket.first[:-1] + (unit(basket.index, salt=22) * sizes).astype(np.int64)
    refund = np.where((settled == Status.REFUNDED)[basket.order], line_paid, 0)
    part = settled == Status.PART_REFUNDED
    refund[line[part]] = line_paid[line[part]]
    return settled.astype(np.int64), refund.astype(np.int64)


def delivery_fee(goods: Ints, *, fee: int, free_from: int) -> Ints:
    """Freight of orders below the amount from which it is free."""
    return np.where(goods < free_from, fee, 0).astype(np.int64)


def is_picked_in_store(basket: Basket, *, share: float) -> Flags:
    """Orders of the opening hours that a store picks: they also stand in the till.

    Never one that was not paid or that a refund may touch.
    """
    hour = basket.at % DAY_SECONDS // 3_600
    likely = (unit(basket.index, salt=23) < share) & (unit(basket.index, salt=21) >= 0.07)
    return np.asarray(likely & (hour >= 9) & (hour < 21))

"""The delivery platform's bill: two heading rows, orders without a buyer, and rows that are no orders."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shuke.demo.rules import lettering as text
from shuke.demo.rules.baskets import share_out
from shuke.demo.rules.chance import scramble, unit
from shuke.demo.rules.progress import ShopOrders, Status, is_picked_in_store, partly, progress
from shuke.demo.values import Basket, Flags, Ints, World

MEITUAN_GROUPS = (("基础信息", 7), ("交易信息", 7), ("费用", 4))
MEITUAN_HEADER = (
    "订单号",
    "门店id",
    "门店名称",
    "订单状态",
    "账单日期",
    "下单时间",
    "交易类型",
    "商品总价",
    "商家活动支出",
    "平台补贴",
    "用户支付配送费",
    "打包费",
    "用户实付",
    "退款金额",
    "平台服务费",
    "推广费",
    "保险费",
    "商家应收款",
)
PICKED_SHARE = 0.68
_STATES = ("已取消", "已取消", "已完成", "已完成", "已完成", "已退款", "部分退款")


def meituan_orders(basket: Basket, *, seen_at: int) -> ShopOrders:
    """States and money; `freight` holds delivery and packing. A cancelled order costs nobody anything."""
    goods = basket.total(basket.paid)
    platform = np.where(goods >= 3_000, (unit(basket.index, salt=57) < 0.4) * (200 + 100 * (basket.index % 5)), 0)
    platform = platform.astype(np.int64)
    share = share_out(platform, weights=basket.paid, first=basket.first)
    status = progress(basket, seen_at=seen_at, refunds=True)
    status = np.where(status == Status.UNPAID, int(Status.CANCELLED), status)
    status = np.where((status == Status.PAID) | (status == Status.SHIPPED), int(Status.COMPLETED), status)
    status, refund = partly(basket, status, line_paid=basket.paid - share)
    return ShopOrders(basket, status, _delivery(basket) + 100, platform, basket.paid - share, refund)


def meituan_numbers(basket: Basket) -> Ints:
    """Eighteen digits that grow with time."""
    return np.asarray(100_000_000_000_000_000 + basket.at * 1_000_000_000 + basket.index, dtype=np.int64)


def in_till(basket: Basket) -> Flags:
    """Orders that the store rang up in its till too."""
    return is_picked_in_store(basket, share=PICKED_SHARE)


def _delivery(basket: Basket) -> Ints:
    return np.asarray(300 + 100 * (scramble(basket.index, salt=58) % 4), dtype=np.int64)


def meituan_rows(world: World, *, orders: ShopOrders) -> Iterator[list[str | float]]:
    """Rows of MEITUAN_HEADER, one an order; money in yuan as numbers."""
    basket = orders.basket
    paid = orders.is_paid
    fee = np.where(paid, basket.total(basket.paid) * 6 // 100, 0)
    merchant = np.where(paid, basket.total(basket.paid) + 100 - fee - orders.refund, 0)
    money = [
        basket.total(basket.list_amount),
        -basket.total(basket.discount),
        orders.platform,
        orders.freight - 100,
        np.full(basket.count, 100),
        orders.gross,
        orders.refund,
        -fee,
        np.zeros(basket.count),
        np.zeros(basket.count),
        merchant,
    ]
    stamp = text.stamps(basket.at, epoch_day=world.span.epoch_day)
    heads: list[pa.Array] = [
        text.whole(meituan_numbers(basket)),
        text.whole(18_300_000 + basket.store * 977),
        text.words([f"{world.chain.brand}（{name}）" for name in world.chain.name], at=basket.store),
        text.words(_STATES, at=orders.status),
        pc.utf8_slice_codeunits(stamp, 0, 10),
        stamp,
        text.constant("外卖订单", rows=basket.count),
    ]
    columns = [head.to_pylist() for head in heads] + [(m / 100).tolist() for m in money]
    for row in zip(*columns, strict=True):
        yield list(row)


def meituan_other_rows(world: World, *, first_day: int, end_day: int) -> Iterator[tuple[int, list[str | float]]]:
    """Rows that are no orders, with their money in minor units: adverts each week, insurance each month, now and
    then a deduction.
    """
    for day in range(first_day, end_day):
        for store, name in enumerate(world.chain.name):
            place = int(scramble(np.array([day * 100 + store]), salt=59)[0])
            if (day + store) % 7 == 0:
                yield _other(world, day=day, store=store, name=name, kind="推广", minor=-(2_000 + place % 8_000))
            if (day + store) % 30 == 0:
                yield _other(world, day=day, store=store, name=name, kind="保险", minor=-900)
            if place % 180 == 0:
                yield _other(world, day=day, store=store, name=name, kind="赔付扣款", minor=-(500 + place % 6_000))


def _other(world: World, *, day: int, store: int, name: str, kind: str, minor: int) -> tuple[int, list[str | float]]:
    on = world.span.date(day).isoformat()
    place = {"推广": 15, "保险": 16}.get(kind, 17)
    cells: list[str | float] = ["", str(18_300_000 + store * 977), f"{world.chain.brand}（{name}）", "", on, "", kind]
    cells += [0.0] * 11
    cells[place] = minor / 100
    cells[17] = minor / 100
    return minor, cells

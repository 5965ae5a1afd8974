"""Till receipts: sales, returns on receipts of their own, copies of online orders picked in a store, and their
numbers.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa

from shuke.demo.rules import lettering as text
from shuke.demo.rules.baskets import chosen
from shuke.demo.rules.chance import unit
from shuke.demo.rules.identities import card_text, phone_text
from shuke.demo.rules.planted import written_time
from shuke.demo.values import DAY_SECONDS, Basket, Channel, Flags, Ints, Planted, World

RETURN_INDEX = 10_000_000_000
_PAYMENTS = ("微信", "支付宝", "银行卡", "现金", "储值卡")

POS_HEADER = (
    "门店编码,门店,收银台,小票号,行号,交易时间,交易类型,收银员,导购,会员卡号,手机号,商品编码,商品名称,品类,数量,单价,优惠金额,实收金额,"
    "支付方式,原小票号,外部订单号"
)


@dataclass(frozen=True)
class Receipts:
    """Till receipts by day, store and time. `number` and `original` are coded (see `number_text`), 0 for none.

    Returns have negative quantities and discounts. `origin` is the true receipt that a return belongs to, also where
    the till did not write it down.
    """

    basket: Basket
    number: Ints
    original: Ints
    origin: Ints
    is_return: Flags
    external: pa.Array


@dataclass(frozen=True)
class Returns:
    """Returns that are yet to be rung up, with the coded number of the receipt they belong to."""

    basket: Basket
    origin: Ints


def stacked(first: Basket, second: Basket) -> Basket:
    """The orders of both, one after the other."""
    names = ("index", "person", "at", "channel", "store", "associate", "product", "quantity", "price", "discount")
    columns = {name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in names}
    return Basket(first=np.concatenate([first.first, second.first[1:] + first.first[-1]]), **columns)


def reordered(basket: Basket, order: Ints) -> Basket:
    """The orders at the given positions, with their lines."""
    sizes = np.diff(basket.first)[order]
    first = np.concatenate([[0], np.cumsum(sizes)])
    lines = np.arange(first[-1]) + np.repeat(basket.first[:-1][order] - first[:-1], sizes)
    return Basket(
        basket.index[order], basket.person[order], basket.at[order], basket.channel[order], basket.store[order],
        basket.associate[order], first, basket.product[lines], basket.quantity[lines], basket.price[lines],
        basket.discount[lines],
    )  # fmt: skip


def no_returns(basket: Basket) -> Returns:
    """Nothing pending."""
    return Returns(chosen(basket, np.zeros(basket.count, dtype=np.bool_)), np.zeros(0, dtype=np.int64))


def returned_later(sales: Basket) -> Basket:
    """Of one receipt in forty, one line comes back one to fourteen days later on a receipt of its own."""
    comes = (unit(sales.index, salt=81) < 0.025) & (sales.channel == Channel.POS)
    back = chosen(sales, comes)
    sizes = np.diff(back.first)
    line = back.first[:-1] + (unit(back.index, salt=82) * sizes).astype(np.int64)
    later = 1 + (unit(back.index, salt=83) * 14).astype(np.int64)
    return replace(
        back, index=back.index + RETURN_INDEX, at=back.at + later * DAY_SECONDS, first=np.arange(back.count + 1),
        product=back.product[line], quantity=-back.quantity[line], price=back.price[line],
        discount=-back.discount[line],
    )  # fmt: skip


def ring_up(
    world: World, *, sales: Basket, external: pa.Array, pending: Returns, planted: Planted, until_day: int
) -> tuple[Receipts, Returns]:
    """All receipts before `until_day` with their numbers, and the returns that come later."""
    back = returned_later(sales)
    source = np.searchsorted(sales.index, back.index - RETURN_INDEX)
    every = stacked(stacked(sales, pending.basket), back)
    position = np.concatenate([np.full(sales.count + pending.basket.count, -1), source])
    known = np.concatenate(
        [np.zeros(sales.count, dtype=np.int64), pending.origin, np.zeros(back.count, dtype=np.int64)]
    )
    outer = pa.concat_arrays([external, text.constant("", rows=every.count - sales.count)])
    order = np.lexsort((every.at, every.store, every.day))
    every, position, known = reordered(every, order), position[order], known[order]
    number = _numbers(every, world=world)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    origin = np.where(position >= 0, number[place[np.maximum(position, 0)]], known)
    now = every.day < until_day
    is_return = every.index >= RETURN_INDEX
    receipts = Receipts(
        chosen(every, now), number[now], _written_original(every, origin=origin, planted=planted, world=world)[now],
        origin[now], is_return[now], outer.take(pa.array(order)).filter(pa.array(now)),
    )  # fmt: skip
    return receipts, Returns(chosen(every, ~now), origin[~now])


def _numbers(basket: Basket, *, world: World) -> Ints:
    """Store, day and the running number of the day, coded as store x 10^11 + yymmdd x 10^5 + number."""
    group = basket.day * 1_000 + basket.store
    starts = (
        np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]])) if basket.count else np.zeros(0, np.int64)
    )
    running = np.arange(basket.count) - np.repeat(starts, np.diff(np.append(starts, basket.count)))
    return np.asarray((basket.store + 1) * 10**11 + _yymmdd(basket.day, world=world) * 10**5 + running + 1)


def _yymmdd(day: Ints, *, world: World) -> Ints:
    first = int(day.min()) if len(day) else 0
    last = int(day.max()) if len(day) else 0
    table = np.array([_compact(world.span.date(d)) for d in range(first, last + 1)], dtype=np.int64)
    return table[day - first]


def _compact(on: date) -> int:
    return int(on.strftime("%y%m%d"))


def _written_original(every: Basket, *, origin: Ints, planted: Planted, world: World) -> Ints:
    """What the till wrote as the original: one in five is blank; in the first days some name receipts from before
    the span.
    """
    blank = unit(every.index, salt=84) < 0.2
    orphan = (every.index >= RETURN_INDEX) & (every.day < planted.orphan_days)
    older = (every.store + 1) * 10**11 + _yymmdd(every.day - 30, world=world) * 10**5 + origin % 10**5
    return np.where(orphan, older, np.where(blank, 0, origin)).astype(np.int64)


def number_text(world: World, *, numbers: Ints) -> pa.Array:
    """HZ0125030100017: store code, day, running number; empty for 0."""
    store = text.words(world.chain.code, at=numbers // 10**11 - 1)
    return text.glue(store, text.keep(text.digits(numbers % 10**11, width=11), where=numbers > 0))


def till_rows(
    world: World, *, receipts: Receipts, planted: Planted, card: Ints, phone: Ints, masked: Flags
) -> list[pa.Array]:
    """The columns of POS_HEADER, one row a line. `masked` is set where the phone of the receipt is shown masked."""
    basket, chain, goods = receipts.basket, world.chain, world.catalogue
    order = basket.order
    cashier = basket.store * chain.cashiers_each + (
        unit(basket.day * 100 + basket.store, salt=85) * chain.cashiers_each
    ).astype(np.int64)
    phones = phone_text(phone)
    heads = [
        text.words(chain.code, at=basket.store),
        text.words(chain.name, at=basket.store),
        text.digits(1 + cashier % chain.cashiers_each, width=2),
        number_text(world, numbers=receipts.number),
        None,
        text.stamps(written_time(planted, basket=basket), epoch_day=world.span.epoch_day),
        text.words(("销售", "退货"), at=receipts.is_return.astype(np.int64)),
        text.words(chain.cashiers, at=cashier),
        text.words(chain.associates, at=np.where(basket.channel == Channel.POS, basket.associate, -1)),
        card_text(card),
        text.keep(text.masked_phone(phones), where=masked, otherwise=phones),
    ]
    taken = pa.array(order)
    columns = [
        text.whole(np.arange(len(order)) - basket.first[order] + 1) if h is None else h.take(taken) for h in heads
    ]
    lines = [
        text.words(goods.sku, at=basket.product),
        text.words(goods.name, at=basket.product),
        text.words(goods.categories, at=goods.category[basket.product]),
        text.whole(basket.quantity),
        text.money(basket.price),
        text.money(basket.discount),
        text.money(basket.paid),
    ]
    tails = [_payment(basket), number_text(world, numbers=receipts.original), receipts.external]
    return [*columns, *lines, *(tail.take(taken) for tail in tails)]


def _payment(basket: Basket) -> pa.Array:
    kind = np.minimum((unit(basket.index, salt=86) ** 1.6 * len(_PAYMENTS)).astype(np.int64), len(_PAYMENTS) - 1)
    online = {Channel.YOUZAN: len(_PAYMENTS), Channel.MEITUAN: len(_PAYMENTS) + 1}
    for channel, place in online.items():
        kind = np.where(basket.channel == channel, place, kind)
    return text.words((*_PAYMENTS, "有赞", "美团"), at=kind)

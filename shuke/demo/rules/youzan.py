"""Orders of the mini-program shop as Youzan exports them: one row an order, goods in one cell."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shuke.demo.rules import lettering as text
from shuke.demo.rules.chance import scramble, unit
from shuke.demo.rules.identities import full_names, nicknames, phone_text, phones_on
from shuke.demo.rules.progress import ShopOrders, delivery_fee, is_picked_in_store, partly, progress
from shuke.demo.values import Basket, Flags, Ints, People, World

YOUZAN_HEADER = (
    "订单号,订单状态,订单创建时间,买家付款时间,全部商品名称,商品种类数,订单实付金额,收货人/提货人,收货人手机号/提货人手机号,收货人省份,"
    "收货人城市,收货人地区,详细收货地址/提货地址,买家昵称,买家手机号,优惠券码名称,分销员,退款金额"
)
PICKED_SHARE = 0.22
_STATES = ("待付款", "交易关闭", "待发货", "已发货", "交易完成", "交易关闭", "交易完成")


def youzan_orders(basket: Basket, *, seen_at: int) -> ShopOrders:
    """States and money: freight 8 yuan below 59, none for orders picked up in a store."""
    picked = is_picked_in_store(basket, share=PICKED_SHARE)
    freight = np.where(picked, 0, delivery_fee(basket.total(basket.paid), fee=800, free_from=5_900)).astype(np.int64)
    status, refund = partly(basket, progress(basket, seen_at=seen_at, refunds=True), line_paid=basket.paid)
    return ShopOrders(basket, status, freight, np.zeros(basket.count, dtype=np.int64), basket.paid, refund)


def youzan_numbers(world: World, *, basket: Basket) -> pa.Array:
    """E, the second of the order and a running number."""
    day = text.stamps(basket.at, epoch_day=world.span.epoch_day)
    second = pc.replace_substring_regex(day, "[^0-9]", "")
    return text.glue("E", second, text.digits(basket.index, width=10))


def gives_phone(basket: Basket) -> Flags:
    """Most buyers have authorised their phone in the mini-program."""
    return np.asarray((unit(basket.index, salt=31) < 0.93) & (basket.person >= 0))


def youzan_rows(world: World, *, people: People, orders: ShopOrders, coupon: pa.Array) -> list[pa.Array]:
    """The columns of YOUZAN_HEADER. Numbers carry a leading tab; one parcel in ten goes to somebody else."""
    basket, epoch = orders.basket, world.span.epoch_day
    buyer = basket.person
    gift = unit(basket.index, salt=32) < 0.1
    receiver = np.where(gift, scramble(basket.index, salt=33) % people.customers, buyer)
    phones = phone_text(phones_on(people, ids=receiver, day=basket.day))
    masked = unit(basket.index, salt=34) < 0.25
    paid_at = text.stamps(basket.at + 20 + basket.index % 280, epoch_day=epoch)
    items = text.glue(text.words(world.catalogue.name, at=basket.product), "(", text.whole(basket.quantity), "件)")
    number = youzan_numbers(world, basket=basket)
    buyer_phone = phone_text(phones_on(people, ids=buyer, day=basket.day))
    return [
        text.glue("\t", number),
        text.words(_STATES, at=orders.status),
        text.stamps(basket.at, epoch_day=epoch),
        text.keep(paid_at, where=orders.is_paid),
        text.gathered(items, first=basket.first, separator=";"),
        text.whole(np.diff(basket.first)),
        text.money(orders.due),
        full_names(world, people=people, ids=receiver),
        text.keep(text.masked_phone(phones), where=masked, otherwise=phones),
        *_address(world, people=people, basket=basket, receiver=receiver),
        nicknames(world, ids=buyer),
        text.keep(buyer_phone, where=gives_phone(basket)),
        coupon,
        text.keep(text.words(world.chain.associates, at=people.associate[buyer]), where=unit(buyer, salt=35) < 0.25),
        text.keep(text.money(orders.refund), where=orders.refund > 0, otherwise="0.00"),
    ]


def _address(world: World, *, people: People, basket: Basket, receiver: Ints) -> list[pa.Array]:
    chain = world.chain
    place = np.where(is_picked_in_store(basket, share=PICKED_SHARE), basket.store, people.store[receiver])
    return [
        text.words(chain.province, at=place),
        text.glue(text.words(chain.city, at=place), "市"),
        text.words(chain.district, at=place),
        street_addresses(world, ids=receiver),
    ]


def street_addresses(world: World, *, ids: Ints) -> pa.Array:
    """Road, estate, building and flat of a person."""
    chain = world.chain
    return text.glue(
        text.words(chain.roads, at=(unit(ids, salt=36) * len(chain.roads)).astype(np.int64)),
        text.whole(1 + scramble(ids, salt=37) % 900), "号",
        text.words(chain.estates, at=(unit(ids, salt=38) * len(chain.estates)).astype(np.int64)),
        text.whole(1 + scramble(ids, salt=39) % 40), "幢",
        text.whole(1 + scramble(ids, salt=40) % 2_600), "室",
    )  # fmt: skip

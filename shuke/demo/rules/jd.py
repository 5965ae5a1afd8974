"""JD orders as its merchant site exports them: one row an article, order amounts repeated on each."""

import numpy as np
import pyarrow as pa

from shuke.demo.rules import lettering as text
from shuke.demo.rules.chance import scramble, unit
from shuke.demo.rules.identities import full_names, jd_accounts
from shuke.demo.rules.progress import ShopOrders, Status, delivery_fee, progress
from shuke.demo.values import DAY_SECONDS, Basket, Ints, People, World

JD_HEADER = (
    "订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,订单类型,下单帐号,客户姓名,"
    "客户地址,联系电话,订单备注,发票类型,发票抬头,发票内容,商家备注,商家备注等级（等级1-5为由高到低）,运费金额,付款确认时间,增值税发票,"
    "货号,订单完成时间,订单来源,订单渠道"
)
_STATES = ("等待付款", "已取消", "等待出库", "等待确认收货", "完成", "完成", "完成")
_FIXED = {
    "支付方式": "在线支付",
    "余额支付": "0.00",
    "订单类型": "SOP",
    "发票类型": "电子发票",
    "发票抬头": "个人",
    "订单渠道": "京东",
}


def jd_orders(basket: Basket, *, seen_at: int) -> ShopOrders:
    """States and money: freight 6 yuan below 59. The export does not tell refunds."""
    status = progress(basket, seen_at=seen_at, refunds=False)
    none = np.zeros(basket.count, dtype=np.int64)
    freight = delivery_fee(basket.total(basket.paid), fee=600, free_from=5_900)
    return ShopOrders(basket, status, freight, none, basket.paid, np.zeros(len(basket.product), dtype=np.int64))


def jd_numbers(basket: Basket) -> Ints:
    """Twelve digits or more that grow with time."""
    return np.asarray(300_000_000_000 + basket.index * 7_919 + scramble(basket.index, salt=53) % 7_919, dtype=np.int64)


def jd_rows(world: World, *, people: People, orders: ShopOrders) -> list[pa.Array]:
    """The columns of JD_HEADER. The phone is a virtual number with an extension that expires."""
    basket, goods = orders.basket, world.catalogue
    blank = text.constant("", rows=basket.count)
    fixed = {name: text.constant(value, rows=basket.count) for name, value in _FIXED.items()}
    heads = fixed | _buyer(world, people=people, basket=basket) | _order(world, orders=orders)
    lines = {
        "商品ID": text.whole(100_010_000_000 + basket.product * 13),
        "商品名称": text.words(goods.name, at=basket.product),
        "订购数量": text.whole(basket.quantity),
        "京东价": text.money(basket.price),
        "货号": text.words(goods.sku, at=basket.product),
    }
    taken = pa.array(basket.order)
    return [lines[name] if name in lines else heads.get(name, blank).take(taken) for name in JD_HEADER.split(",")]


def _buyer(world: World, *, people: People, basket: Basket) -> dict[str, pa.Array]:
    place = people.store[basket.person]
    city, district = text.words(world.chain.city, at=place), text.words(world.chain.district, at=place)
    number = text.digits(scramble(basket.index, salt=54) % 10_000_000, width=7)
    extension = text.digits(scramble(basket.index, salt=55) % 10_000, width=4)
    return {
        "下单帐号": jd_accounts(basket.person),
        "客户姓名": text.masked_name(full_names(world, people=people, ids=basket.person)),
        "客户地址": text.glue(city, "市", district, "****"),
        "联系电话": text.glue("1840", number, "-", extension),
    }


def _order(world: World, *, orders: ShopOrders) -> dict[str, pa.Array]:
    basket, epoch = orders.basket, world.span.epoch_day
    completed = (orders.status == Status.COMPLETED) | (orders.status >= Status.REFUNDED)
    paid_at = text.stamps(basket.at + 30 + basket.index % 200, epoch_day=epoch)
    on_phone = unit(basket.index, salt=56) < 0.9
    return {
        "订单号": text.whole(jd_numbers(basket)),
        "下单时间": text.stamps(basket.at, epoch_day=epoch),
        "订单金额": text.money(basket.total(basket.list_amount)),
        "结算金额": text.money(basket.total(basket.paid)),
        "应付金额": text.money(orders.due),
        "订单状态": text.words(_STATES, at=orders.status),
        "运费金额": text.money(orders.freight),
        "付款确认时间": text.keep(paid_at, where=orders.is_paid),
        "订单完成时间": text.keep(text.stamps(basket.at + 8 * DAY_SECONDS, epoch_day=epoch), where=completed),
        "订单来源": text.words(("手机APP", "京东网站"), at=np.where(on_phone, 0, 1)),
    }

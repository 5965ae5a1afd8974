"""Tmall orders and lines as the seller's back office exports them, with masked buyers."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shuke.demo.rules import lettering as text
from shuke.demo.rules.baskets import share_out
from shuke.demo.rules.chance import unit
from shuke.demo.rules.identities import full_names, phone_text, phones_on, tmall_nicks
from shuke.demo.rules.progress import ShopOrders, Status, delivery_fee, partly, progress
from shuke.demo.values import DAY_SECONDS, Basket, Ints, People, World

TMALL_HEADER = (
    "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,买家实际支付积分,订单状态,"
    "买家留言,收货人姓名,收货地址,运送方式,联系电话,联系手机,订单创建时间,订单付款时间,宝贝标题,宝贝种类,物流单号,物流公司,订单备注,"
    "宝贝总数量,店铺Id,店铺名称,订单关闭原因,卖家服务费,买家服务费,发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,定金排名,"
    "修改后的sku,修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易,打款商家金额,退款金额,确认收货时间"
)
TMALL_LINE_HEADER = (
    "子订单编号,主订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码,支付单号,买家应付货款,"
    "买家实际支付金额,退款状态,退款金额,订单创建时间,订单付款时间"
)
_STATES = (
    "等待买家付款",
    "交易关闭",
    "买家已付款，等待卖家发货",
    "卖家已发货，等待买家确认",
    "交易成功",
    "交易关闭",
    "交易成功",
)
_CLOSED_FOR = ("", "买家未付款", "", "", "", "退款成功", "")
_FIXED = {
    "买家支付积分": "0",
    "返点积分": "0",
    "买家实际支付积分": "0",
    "运送方式": "快递",
    "店铺Id": "0",
    "卖家服务费": "0",
    "买家服务费": "0元",
    "是否手机订单": "手机订单",
    "集分宝抵扣": "0.00",
    "是否是O2O交易": "否",
}


def tmall_orders(basket: Basket, *, seen_at: int) -> ShopOrders:
    """States and money: goods after shop discounts, freight 6 yuan below 69, and a platform coupon on one order in
    five.

    Lines carry their share of the platform coupon; so what the buyer paid is the lines' paid amounts and the freight.
    """
    goods = basket.total(basket.paid)
    platform = np.where(
        (goods >= 8_800) & (unit(basket.index, salt=52) < 0.22), np.where(goods >= 16_800, 1_500, 500), 0
    )
    share = share_out(platform.astype(np.int64), weights=basket.paid, first=basket.first)
    line_paid = basket.paid - share
    status, refund = partly(basket, progress(basket, seen_at=seen_at, refunds=True), line_paid=line_paid)
    freight = delivery_fee(goods, fee=600, free_from=6_900)
    return ShopOrders(basket, status, freight, platform.astype(np.int64), line_paid, refund)


def tmall_numbers(basket: Basket) -> Ints:
    """Nineteen digits that grow with time."""
    return np.asarray(2_400_000_000_000_000_000 + basket.at * 1_000_000_000 + basket.index, dtype=np.int64)


def tmall_rows(world: World, *, people: People, orders: ShopOrders) -> list[pa.Array]:
    """The columns of TMALL_HEADER, one row an order. Ids are guarded as ="123"; the payout carries 元."""
    basket = orders.basket
    blank = text.constant("", rows=basket.count)
    fixed = {name: text.constant(value, rows=basket.count) for name, value in _FIXED.items()}
    filled = fixed | _buyer(world, people=people, orders=orders) | _amounts(orders) | _parcel(world, orders=orders)
    return [filled.get(name, blank) for name in TMALL_HEADER.split(",")]


def _buyer(world: World, *, people: People, orders: ShopOrders) -> dict[str, pa.Array]:
    basket = orders.basket
    nick, _ = tmall_nicks(basket.person, index=basket.index)
    phones = phone_text(phones_on(people, ids=basket.person, day=basket.day))
    return {
        "订单编号": text.glue('="', text.whole(tmall_numbers(basket)), '"'),
        "买家会员名": nick,
        "收货人姓名": text.masked_name(full_names(world, people=people, ids=basket.person)),
        "收货地址": _address(world, people=people, ids=basket.person),
        "联系手机": text.glue("'", text.masked_phone(phones)),
        "店铺名称": text.constant(world.chain.online_shops["tmall"], rows=basket.count),
    }


def _amounts(orders: ShopOrders) -> dict[str, pa.Array]:
    goods = orders.basket.total(orders.basket.paid)
    payout = np.where(orders.is_paid, orders.gross + orders.platform - orders.refund, 0)
    payout = np.where(orders.status == Status.REFUNDED, 0, payout).astype(np.int64)
    return {
        "买家应付货款": text.money(goods),
        "买家应付邮费": text.money(orders.freight),
        "总金额": text.money(goods + orders.freight),
        "买家实际支付金额": text.money(orders.gross),
        "天猫卡券抵扣": text.money(orders.platform),
        "打款商家金额": text.glue(text.money(payout), "元"),
        "退款金额": text.money(orders.refund),
    }


def _parcel(world: World, *, orders: ShopOrders) -> dict[str, pa.Array]:
    basket, epoch = orders.basket, world.span.epoch_day
    sent = orders.status >= Status.SHIPPED
    done = (orders.status == Status.COMPLETED) | (orders.status == Status.PART_REFUNDED)
    names = text.words(world.catalogue.name, at=basket.product)
    return {
        "订单状态": text.words(_STATES, at=orders.status),
        "订单关闭原因": text.words(_CLOSED_FOR, at=orders.status),
        "订单创建时间": text.stamps(basket.at, epoch_day=epoch),
        "订单付款时间": _paid_at(world, orders=orders),
        "确认收货时间": text.keep(text.stamps(basket.at + 7 * DAY_SECONDS, epoch_day=epoch), where=done),
        "宝贝标题": text.gathered(names, first=basket.first, separator="，"),
        "宝贝种类": text.whole(np.diff(basket.first)),
        "宝贝总数量": text.whole(basket.total(basket.quantity)),
        "物流单号": text.keep(text.glue("No:", text.digits(basket.index + 770_000_000_000, width=12)), where=sent),
        "物流公司": text.keep(text.constant("中通快递", rows=basket.count), where=sent),
    }


def tmall_line_rows(world: World, *, orders: ShopOrders) -> list[pa.Array]:
    """The columns of TMALL_LINE_HEADER, one row a line; the paid amount of a line is without freight.

    The only line of an order carries the order's number, as Tmall writes it.
    """
    basket, goods = orders.basket, world.catalogue
    order = basket.order
    taken = pa.array(order)
    main = tmall_numbers(basket)[order]
    place = np.arange(len(order)) - basket.first[order] + 1
    alone = np.diff(basket.first)[order] == 1
    filled = {
        "子订单编号": text.glue('="', text.whole(np.where(alone, main, main + place * 10_000_000_000_000)), '"'),
        "主订单编号": text.glue('="', text.whole(main), '"'),
        "标题": text.words(goods.name, at=basket.product),
        "价格": text.money(basket.price),
        "购买数量": text.whole(basket.quantity),
        "外部系统编号": text.words(goods.sku, at=basket.product),
        "订单状态": text.words(_STATES, at=orders.status).take(taken),
        "商家编码": text.words(goods.sku, at=basket.product),
        "买家应付货款": text.money(basket.paid),
        "买家实际支付金额": text.money(np.where(orders.is_paid[order], orders.line_paid, 0).astype(np.int64)),
        "退款状态": text.words(("没有申请退款", "退款成功"), at=(orders.line_refund > 0).astype(np.int64)),
        "退款金额": text.money(orders.line_refund),
        "订单创建时间": text.stamps(basket.at, epoch_day=world.span.epoch_day).take(taken),
        "订单付款时间": _paid_at(world, orders=orders).take(taken),
    }
    blank = text.constant("", rows=len(order))
    return [filled.get(name, blank) for name in TMALL_LINE_HEADER.split(",")]


def _paid_at(world: World, *, orders: ShopOrders) -> pa.Array:
    at = orders.basket.at + 15 + orders.basket.index % 240
    return text.keep(text.stamps(at, epoch_day=world.span.epoch_day), where=orders.is_paid)


def _address(world: World, *, people: People, ids: Ints) -> pa.Array:
    chain, place = world.chain, people.store[ids]
    city = text.glue(text.words(chain.city, at=place), "市")
    return pc.binary_join_element_wise(
        text.words(chain.province, at=place), city, text.words(chain.district, at=place), "****", " "
    )

"""Tmall orders and lines as the seller's back office exports them, with masked buyers."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shuke.demo.rules import lettering as text
from shuke.demo.rules.baskets import share_out
from shuke.demo.rules.chance import unit
from shuke.demo.rules.identities import full_names, phone_text, phones_on, tmall_nicks
from shuke.demo.rules.progress import ShopOrders, Status, delivery_fee, partly, progress
from shuke.demo.values import Basket, Ints, People, World

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
    "等待买家付款", "交易关闭", "买家已付款，等待卖家发货", "卖家已发货，等待买家确认", "交易成功", "交易关闭", "交易成功",
)  # fmt: skip


def tmall_orders(basket: Basket, *, seen_at: int) -> ShopOrders:
    """States and money: goods after shop discounts, freight 6 yuan below 69, and a platform coupon on one order in five.

    Lines carry their share of the platform coupon; so what the buyer paid is the lines' paid amounts and the freight.
    """
    goods = basket.total(basket.paid)
    platform = np.where((goods >= 8_800) & (unit(basket.index, salt=52) < 0.22), np.where(goods >= 16_800, 1_500, 500), 0)
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
    basket, epoch = orders.basket, world.span.epoch_day
    rows, blank, zero = basket.count, text.constant("", rows=basket.count), text.constant("0", rows=basket.count)
    nick, _ = tmall_nicks(basket.person, index=basket.index)
    goods = basket.total(basket.paid)
    phones = phone_text(phones_on(people, ids=basket.person, day=basket.day))
    done = (orders.status == Status.COMPLETED) | (orders.status == Status.PART_REFUNDED)
    payout = np.where(orders.is_paid, orders.gross + orders.platform - orders.refund, 0)
    payout = np.where(orders.status == Status.REFUNDED, 0, payout).astype(np.int64)
    titles = text.gathered(text.words(world.catalogue.name, at=basket.product), first=basket.first, separator="，")
    sent = orders.status >= Status.SHIPPED
    reasons = ("", "买家未付款", "", "", "", "退款成功", "")
    return [
        text.glue('="', text.whole(tmall_numbers(basket)), '"'), nick, blank, text.money(goods), text.money(orders.freight),
        zero, text.money(goods + orders.freight), zero, text.money(orders.gross), zero,
        text.words(_STATES, at=orders.status), blank,
        text.masked_name(full_names(world, people=people, ids=basket.person)), _address(world, people=people, ids=basket.person),
        text.constant("快递", rows=rows), blank, text.glue("'", text.masked_phone(phones)),
        text.stamps(basket.at, epoch_day=epoch), _paid_at(world, orders=orders), titles, text.whole(np.diff(basket.first)),
        text.keep(text.glue("No:", text.digits(basket.index + 770_000_000_000, width=12)), where=sent),
        text.keep(text.constant("中通快递", rows=rows), where=sent), blank, text.whole(basket.total(basket.quantity)), zero,
        text.constant(world.chain.online_shops["tmall"], rows=rows), text.words(reasons, at=orders.status),
        zero, text.constant("0元", rows=rows), blank, text.constant("手机订单", rows=rows), blank, blank, blank, blank, blank, blank,
        text.money(orders.platform), text.constant("0.00", rows=rows), text.constant("否", rows=rows),
        text.glue(text.money(payout), "元"), text.money(orders.refund),
        text.keep(text.stamps(basket.at + 7 * 86_400, epoch_day=epoch), where=done),
    ]  # fmt: skip


def tmall_line_rows(world: World, *, orders: ShopOrders) -> list[pa.Array]:
    """The columns of TMALL_LINE_HEADER, one row a line; the paid amount of a line is without freight."""
    basket, goods = orders.basket, world.catalogue
    order = basket.order
    taken = pa.array(order)
    number = tmall_numbers(basket)[order]
    rows = len(order)
    blank = text.constant("", rows=rows)
    place = np.arange(rows) - basket.first[order] + 1
    paid = np.where(orders.is_paid[order], orders.line_paid, 0).astype(np.int64)
    state = np.where(orders.line_refund > 0, 1, 0)
    return [
        text.glue('="', text.whole(np.where(np.diff(basket.first)[order] > 1, number + place * 10_000_000_000_000, number)), '"'),
        text.glue('="', text.whole(number), '"'), text.words(goods.name, at=basket.product), text.money(basket.price),
        text.whole(basket.quantity), text.words(goods.sku, at=basket.product), blank, blank, blank,
        text.words(_STATES, at=orders.status).take(taken), text.words(goods.sku, at=basket.product),
        blank, text.money(basket.paid), text.money(paid), text.words(("没有申请退款", "退款成功"), at=state),
        text.money(orders.line_refund), text.stamps(basket.at, epoch_day=world.span.epoch_day).take(taken),
        _paid_at(world, orders=orders).take(taken),
    ]  # fmt: skip


def _paid_at(world: World, *, orders: ShopOrders) -> pa.Array:
    at = orders.basket.at + 15 + orders.basket.index % 240
    return text.keep(text.stamps(at, epoch_day=world.span.epoch_day), where=orders.is_paid)


def _address(world: World, *, people: People, ids: Ints) -> pa.Array:
    chain, place = world.chain, people.store[ids]
    city = text.glue(text.words(chain.city, at=place), "市")
    return pc.binary_join_element_wise(text.words(chain.province, at=place), city, text.words(chain.district, at=place), "****", " ")

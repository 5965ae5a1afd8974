"""Lines, orders and truth agree to the fen, channel by channel."""

from itertools import pairwise

import numpy as np
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from shuke.demo.rules.baskets import share_out
from tests.demo.conftest import Retailer

FEN = "cast(round(cast({0} as double) * 100) as bigint)"
_ONCE = """(select distinct * exclude (file) from pos where "小票号" <> '')"""


def test_till_lines_are_quantity_times_price_less_discount(retailer: Retailer) -> None:
    wrong = retailer.one(
        """select count(*) from pos where "小票号" <> ''
        and cast("数量" as decimal(18,2)) * cast("单价" as decimal(18,2)) - cast("优惠金额" as decimal(18,2))
            <> cast("实收金额" as decimal(18,2))"""
    )
    assert wrong == 0


def test_till_receipts_sum_to_the_truth(retailer: Retailer) -> None:
    paid = FEN.format('"实收金额"')
    differing = retailer.one(
        f"""with receipts as (select "小票号" no, sum({paid}) net from {_ONCE} group by 1)
        select count(*) from receipts full join (select * from truth_orders where source = 'pos') t on no = order_no
        where net is distinct from net_minor"""
    )
    assert differing == 0


def test_tmall_heads_lines_and_truth_agree(retailer: Retailer) -> None:
    """paid = goods + freight - platform coupon = paid lines + freight; refunds of lines are the order's refund."""
    latest = """(select * from tmall qualify row_number() over (partition by "订单编号" order by file desc) = 1)"""
    lines = (
        """(select * from tmall_lines qualify row_number() over (partition by "子订单编号" order by file desc) = 1)"""
    )
    goods, freight, coupon = (FEN.format(f'"{name}"') for name in ("买家应付货款", "买家应付邮费", "天猫卡券抵扣"))
    paid, refund, total = (FEN.format(f'"{name}"') for name in ("买家实际支付金额", "退款金额", "总金额"))
    rows = retailer.sql(
        f"""with heads as (select "订单编号" no, {goods} goods, {freight} freight, {coupon} coupon, {paid} paid,
                {refund} refund, {total} total, coalesce("订单付款时间", '') <> '' is_paid from {latest}),
            details as (select "主订单编号" no, sum({goods}) goods, sum({paid}) paid, sum({refund}) refund from {lines}
                group by 1)
        select h.is_paid, h.goods, h.freight, h.coupon, h.paid, h.refund, h.total, d.goods, d.paid, d.refund,
            t.gross_minor, t.refund_minor
        from heads h join details d using (no)
        full join (select * from truth_orders where source = 'tmall') t on no = '="' || order_no || '"'"""
    )
    assert len(rows) > 500
    for (
        is_paid,
        goods_,
        freight_,
        coupon_,
        paid_,
        refund_,
        total_,
        line_goods,
        line_paid,
        line_refund,
        gross,
        back,
    ) in rows:
        assert total_ == goods_ + freight_ and line_goods == goods_
        assert paid_ == (total_ - coupon_ if is_paid else 0) == gross
        assert line_paid == (paid_ - freight_ if is_paid else 0)
        # A refund in full also gives the freight back, which no line carries.
        assert refund_ == back and line_refund in {refund_, refund_ - freight_}


def test_jd_repeats_order_amounts_on_each_line(retailer: Retailer) -> None:
    amount, price = FEN.format('"订单金额"'), FEN.format('"京东价"')
    due, settled, freight = (FEN.format(f'"{name}"') for name in ("应付金额", "结算金额", "运费金额"))
    rows = retailer.sql(
        f"""select count(distinct "订单金额"), max({amount}), sum({price} * "订购数量"::bigint), max({due}),
            max({settled}), max({freight}), any_value(gross_minor), any_value("订单状态")
        from jd join truth_orders t on t.source = 'jd' and t.order_no = "订单号" group by "订单号" """
    )
    assert len(rows) == retailer.one("select count(*) from truth_orders where source = 'jd'")
    for kinds, whole, lines, paid, goods, extra, gross, state in rows:
        assert kinds == 1 and whole == lines and paid == goods + extra
        assert gross == (0 if state in {"已取消", "等待付款"} else paid)


def test_youzan_states_and_refunds_agree_with_the_truth(retailer: Retailer) -> None:
    paid, refund = FEN.format('"订单实付金额"'), FEN.format('"退款金额"')
    rows = retailer.sql(
        f"""select {paid}, {refund}, coalesce("买家付款时间", '') <> '', "订单状态", gross_minor, net_minor, status
        from youzan join truth_orders t on t.source = 'youzan' and t.order_no = trim("订单号", chr(9))"""
    )
    assert len(rows) == retailer.one("select count(*) from truth_orders where source = 'youzan'")
    for amount, back, is_paid, state, gross, net, status in rows:
        assert gross == (amount if is_paid else 0) and net == gross - (back if is_paid else 0)
        assert (state == "交易关闭") == (status in {"cancelled", "refunded"})
    assert {row[6] for row in rows} >= {"cancelled", "completed", "refunded", "part_refunded"}


def test_the_bill_adds_up(retailer: Retailer) -> None:
    """paid = goods - shop discount - subsidy + delivery + packing, and 0 when cancelled."""
    truth = dict(retailer.sql("select order_no, (gross_minor, net_minor) from truth_orders where source = 'meituan'"))
    seen = 0
    for path in retailer.exports.glob("美团账单_*.xlsx"):
        for row in python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[2:]:
            if row[6] != "外卖订单":
                continue
            goods, off, subsidy, delivery, packing, paid, refund = (round(float(cell) * 100) for cell in row[7:14])
            expected = 0 if row[3] == "已取消" else goods + off - subsidy + delivery + packing
            assert paid == expected
            assert tuple(truth[str(row[0])]) == (paid, paid - refund if paid else 0)
            seen += 1
    assert seen == len(truth)


def test_copies_in_the_till_name_their_order(retailer: Retailer) -> None:
    rows = retailer.one(
        """select count(*) from truth_orders c left join truth_orders o
            on c.duplicate_of = o.source || '|' || o.order_no and o.gross_minor > 0 and o.person_id = c.person_id
        where c.duplicate_of is not null and o.order_no is null"""
    )
    copies = retailer.one("select count(*) from truth_orders where duplicate_of is not null")
    written = retailer.one(f"""select count(distinct "小票号") from {_ONCE} where "外部订单号" <> '' """)
    assert rows == 0 and copies == written and copies


def test_summary_counts_each_order_once(retailer: Retailer) -> None:
    net = retailer.one("select sum(net_minor) from truth_orders where duplicate_of is null")
    orders = retailer.one("select count(*) from truth_orders where duplicate_of is null")
    assert (retailer.summary.net_minor, retailer.summary.orders) == (net, orders)


@given(st.lists(st.tuples(st.integers(0, 10_000), st.lists(st.integers(0, 5_000), min_size=1, max_size=6)), max_size=8))
def test_shares_of_an_order_sum_to_it(orders: list[tuple[int, list[int]]]) -> None:
    amount = np.array([min(a, sum(w)) for a, w in orders], dtype=np.int64)
    weights = np.array([v for _, w in orders for v in w], dtype=np.int64)
    first = np.concatenate([[0], np.cumsum([len(w) for _, w in orders], dtype=np.int64)])
    shares = share_out(amount, weights=weights, first=first)
    assert [int(shares[a:b].sum()) for a, b in pairwise(first)] == amount.tolist()
    assert bool(np.all((shares >= 0) & (shares <= weights)))

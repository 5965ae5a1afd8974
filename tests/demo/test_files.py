"""The files are what those systems write: names, headers, encodings and their oddities."""

import ast
import hashlib
from pathlib import Path

import pytest
import python_calamine

import shuke.demo
from shuke.demo.actions import write_bulk, write_exports
from tests.demo.conftest import Retailer

# Header rows as the platforms write them; kept here apart from the code that writes them.
TMALL = (
    "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,买家实际支付积分,订单状态,"
    "买家留言,收货人姓名,收货地址,运送方式,联系电话,联系手机,订单创建时间,订单付款时间,宝贝标题,宝贝种类,物流单号,物流公司,订单备注,"
    "宝贝总数量,店铺Id,店铺名称,订单关闭原因,卖家服务费,买家服务费,发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,定金排名,"
    "修改后的sku,修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易,打款商家金额,退款金额,确认收货时间"
)
TMALL_LINES = (
    "子订单编号,主订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码,支付单号,买家应付货款,"
    "买家实际支付金额,退款状态,退款金额,订单创建时间,订单付款时间"
)
JD = (
    "订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,订单类型,下单帐号,客户姓名,"
    "客户地址,联系电话,订单备注,发票类型,发票抬头,发票内容,商家备注,商家备注等级（等级1-5为由高到低）,运费金额,付款确认时间,增值税发票,"
    "货号,订单完成时间,订单来源,订单渠道"
)
YOUZAN = (
    "订单号,订单状态,订单创建时间,买家付款时间,全部商品名称,商品种类数,订单实付金额,收货人/提货人,收货人手机号/提货人手机号,收货人省份,"
    "收货人城市,收货人地区,详细收货地址/提货地址,买家昵称,买家手机号,优惠券码名称,分销员,退款金额"
)
POS = (
    "门店编码,门店,收银台,小票号,行号,交易时间,交易类型,收银员,导购,会员卡号,手机号,商品编码,商品名称,品类,数量,单价,优惠金额,实收金额,"
    "支付方式,原小票号,外部订单号"
)
CONTACTS = "external_userid,name,unionid,follow_user,follow_user_name,store,add_time,remark_mobiles,remark,gender,state"
INTERACTIONS = "source,source_row_id,member_id,phone,unionid,card,kind,at,score,store,associate,note"
CONSENTS = "source,source_row_id,member_id,phone,unionid,card,channel,purpose,state,at,evidence"
COUPONS = (
    "source,coupon_no,member_id,phone,unionid,card,name,kind,face,min_spend,issued_at,expires_at,used_at,used_order_no,"
    "status,source_row_id"
)


@pytest.mark.parametrize(
    ("pattern", "encoding", "header"),
    [
        ("ExportOrderList*.csv", "gb18030", TMALL),
        ("ExportOrderDetailList*.csv", "gb18030", TMALL_LINES),
        ("jd_orders_*.csv", "gb18030", JD),
        ("有赞订单_*.csv", "utf-8-sig", YOUZAN),
        ("pos_收银明细_??????.csv", "gb18030", POS),
        ("pos_收银明细_?????? (1).csv", "utf-8-sig", POS),
        ("wecom_contacts.csv", "utf-8", CONTACTS),
        ("interactions.csv", "utf-8", INTERACTIONS),
        ("consents.csv", "utf-8", CONSENTS),
        ("coupons.csv", "utf-8", COUPONS),
        ("costs.csv", "utf-8", "sku,product,category,unit_cost,currency,valid_from"),
    ],
)
def test_headers_and_encodings(retailer: Retailer, pattern: str, encoding: str, header: str) -> None:
    paths = sorted(retailer.exports.glob(pattern))
    assert paths
    width = header.count(",") + 1
    for path in paths:
        lines = path.read_bytes().decode(encoding).split("\r\n")
        assert lines[0] == header
        assert {line.count(",") + 1 for line in lines[1:-1]} == {width}
        assert lines[-1] == "" and len(lines) > 2


def test_equal_seeds_give_equal_bytes_and_others_do_not(tmp_path: Path) -> None:
    digests = []
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        write_exports(tmp_path / name / "exports", truth=tmp_path / name / "truth", customers=120, seed=seed)
        paths = sorted(p for p in (tmp_path / name).rglob("*") if p.is_file())
        digests.append({str(p.relative_to(tmp_path / name)): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths})
    assert digests[0] == digests[1]
    assert digests[0].keys() == digests[2].keys()
    assert all(digests[0][path] != digests[2][path] for path in digests[0] if "costs" not in path)


def test_summary_names_every_file_once(retailer: Retailer) -> None:
    assert list(retailer.summary.files) == sorted(path.name for path in retailer.exports.iterdir())
    assert 0.55 < retailer.summary.member_receipt_share < 0.75


def test_the_bill_has_two_heading_rows_and_rows_that_are_no_orders(retailer: Retailer) -> None:
    kinds = set()
    for path in sorted(retailer.exports.glob("美团账单_*.xlsx")):
        sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name("订单明细")
        rows = sheet.to_python()
        assert [cell for cell in rows[0] if cell] == ["基础信息", "交易信息", "费用"]
        assert rows[1][:7] == ["订单号", "门店id", "门店名称", "订单状态", "账单日期", "下单时间", "交易类型"]
        kinds |= {row[6] for row in rows[2:]}
        assert all(bool(row[0]) == (row[6] == "外卖订单") for row in rows[2:])
    assert kinds == {"外卖订单", "推广", "保险", "赔付扣款"}


def test_member_file_has_serial_days_and_quoted_phones(retailer: Retailer) -> None:
    rows = (
        python_calamine.CalamineWorkbook.from_path(retailer.exports / "会员档案.xlsx").get_sheet_by_index(0).to_python()
    )
    place = {name: number for number, name in enumerate(rows[0])}
    registered = [row[place["注册日期"]] for row in rows[1:]]
    phones = [str(row[place["手机号"]]) for row in rows[1:]]
    serial = [day for day in registered if isinstance(day, float)]
    assert 0.2 < len(serial) / len(registered) < 0.4
    assert all(44_000 < day < 46_400 for day in serial)
    assert any(phone.startswith("'1") for phone in phones) and any(phone.startswith("1") for phone in phones)
    assert sum(row[place["状态"]] == "员工" for row in rows[1:]) == 84


def test_ids_are_guarded_and_buyers_masked(retailer: Retailer) -> None:
    assert retailer.one("""select bool_and(regexp_full_match("订单编号", '="\\d{19}"')) from tmall""")
    assert retailer.one("""select bool_and(regexp_full_match("联系手机", '''\\d{3}\\*{4}\\d{4}')) from tmall""")
    assert retailer.one("""select bool_and("收货人姓名" like '_**') from tmall""")
    assert retailer.one("""select bool_and("打款商家金额" like '%元') from tmall""")
    assert retailer.one("""select bool_and("订单号" like chr(9) || 'E%') from youzan""")
    assert retailer.one("""select bool_and(regexp_full_match("联系电话", '\\d{11}-\\d{4}')) from jd""")


def test_bulk_is_plain_and_masks_a_third_on_demand(tmp_path: Path) -> None:
    plain = write_bulk(tmp_path / "plain", truth=tmp_path / "truth", customers=400, seed=5)
    masked = write_bulk(tmp_path / "masked", truth=tmp_path / "truth_masked", customers=400, seed=5, mask_phones=True)
    assert all(name.endswith(".csv") for name in plain.files) and plain.lines == masked.lines
    shares = []
    for folder in ("plain", "masked"):
        lines = [
            line.split(",")
            for path in (tmp_path / folder).glob("pos_*.csv")
            for line in path.read_text("utf-8").splitlines()[1:]
        ]
        phones = {line[3]: line[10] for line in lines if line[10]}
        shares.append(sum("*" in phone for phone in phones.values()) / len(phones))
    assert shares[0] == 0 and 0.25 < shares[1] < 0.42


def test_truth_may_not_lie_among_the_exports(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="truth"):
        write_exports(tmp_path, truth=tmp_path / "truth", customers=120)
    with pytest.raises(ValueError, match="100"):
        write_exports(tmp_path / "a", truth=tmp_path / "b", customers=10)


def test_the_room_knows_only_the_kernel() -> None:
    folder = Path(shuke.demo.__file__).parent
    imported = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                imported.add(node.module or "")
            elif isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
    own = {name for name in imported if name.split(".")[0] == "shuke"}
    assert own and all(name.startswith(("shuke.demo", "shuke.kernel")) for name in own)

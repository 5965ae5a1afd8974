"""Each shipped mapping reads the header of its system unaided, with the quirks of that system's export."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
import xlsxwriter

from shuke.kernel.ids import record_id
from tests.intake.conftest import Shop, csv_text

TMALL = (
    "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,买家实际支付积分,订单状态,"
    "买家留言,收货人姓名,收货地址,运送方式,联系电话,联系手机,订单创建时间,订单付款时间,宝贝标题,宝贝种类,物流单号,物流公司,订单备注,宝贝总数量,"
    "店铺Id,店铺名称,订单关闭原因,卖家服务费,买家服务费,发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,定金排名,修改后的sku,"
    "修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易,打款商家金额,退款金额,确认收货时间"
)
JD = (
    "订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,订单类型,下单帐号,客户姓名,客户地址,"
    "联系电话,订单备注,发票类型,发票抬头,发票内容,商家备注,商家备注等级（等级1-5为由高到低）,运费金额,付款确认时间,增值税发票,货号,订单完成时间,"
    "订单来源,订单渠道"
)
YOUZAN = (
    "订单号,订单状态,订单创建时间,买家付款时间,全部商品名称,商品种类数,订单实付金额,收货人/提货人,收货人手机号/提货人手机号,收货人省份,收货人城市,"
    "收货人地区,详细收货地址/提货地址,买家昵称,买家手机号,优惠券码名称,分销员,退款金额"
)
POS = (
    "门店编码,门店,收银台,小票号,行号,交易时间,交易类型,收银员,导购,会员卡号,手机号,商品编码,商品名称,品类,数量,单价,优惠金额,实收金额,支付方式,"
    "原小票号,外部订单号"
)
SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
    "Taxes,Total,"
    "Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,"
    "Lineitem compare at price,Lineitem sku,Billing Name,Billing Phone,Shipping Name,Shipping City,"
    "Phone,Refunded Amount,Location,Employee"
)


def cells(header: str, **given: str) -> str:
    """A row with the cells named, all others empty."""
    names = header.split(",")
    assert set(given) <= set(names), set(given) - set(names)
    return ",".join(given.get(name, "") for name in names)


def test_tmall_orders_with_guards_and_masked_buyers(shop: Shop) -> None:
    given = {
        "订单编号": '="2402550827000000530"', "买家会员名": "tb9x", "买家应付货款": "108.00", "买家应付邮费": "8.00",
        "买家实际支付金额": "96.00", "订单状态": "卖家已发货，等待买家确认", "收货人姓名": "张**",
        "收货地址": "浙江省 杭州市 西湖区 ****",
        "联系手机": "'138****8000", "订单创建时间": "2025-12-25 16:08:48", "订单付款时间": "2025-12-25 16:12:51",
        "宝贝总数量": "2", "店铺名称": "禾里旗舰店", "天猫卡券抵扣": "15.00", "集分宝抵扣": "5.00", "退款金额": "0.00",
    }  # fmt: skip
    report = shop.bring("ExportOrderList1.csv", csv_text(TMALL, [cells(TMALL, **given)]), encoding="gb18030")
    assert (report.source, report.staged) == ("tmall", 1)
    sale = shop.row("select * from staged_sales")
    assert sale["order_no"] == "2402550827000000530"
    assert sale["record_id"] == record_id("tmall", "2402550827000000530")
    assert (sale["status"], sale["row_grain"], sale["shop"]) == ("shipped", "order", "禾里旗舰店")
    assert (sale["order_paid_minor"], sale["order_platform_discount_minor"]) == (9600, 2000)
    assert sale["ordered_at"] == datetime(2025, 12, 25, 8, 8, 48)
    assert sale["ordered_on"] == date(2025, 12, 25)
    person = shop.row("select * from staged_persons")
    assert (person["shop_user_id"], person["phone"], person["phone_masked"]) == ("tb9x", None, "138****8000")
    assert (person["name"], person["name_masked"], person["kind"]) == ("张**", True, "order")


@pytest.mark.parametrize(
    ("paid", "created", "spec"),
    [
        ("买家实际支付金额", "订单创建时间,订单付款时间", "商品属性"),
        ("买家实付金额", "买家下单时间,买家付款时间", "宝贝规格"),
    ],
)
def test_tmall_lines_in_both_shapes(shop: Shop, paid: str, created: str, spec: str) -> None:
    header = (
        f"子订单编号,主订单编号,标题,价格,购买数量,外部系统编号,{spec},套餐信息,备注,订单状态,商家编码,支付单号,买家应付货款,{paid},"
        f"退款状态,退款金额,{created}"
    )
    row = (
        '="11","="1"",贝果,39.90,2,,原味,,,交易关闭,BG01,,79.80,75.80,退款成功,75.80,2025-01-02 03:04:05,'
        "2025-01-02 03:05:05"
    ).replace('"="1""', '="1"')
    report = shop.bring("lines.csv", csv_text(header, [row]), encoding="gbk")
    assert report.source == "tmall_lines"
    sale = shop.row("select * from staged_sales")
    assert (sale["source"], sale["order_no"], sale["line_no"], sale["row_grain"]) == ("tmall", "1", "11", "line")
    assert (sale["line_amount_minor"], sale["line_refund_minor"], sale["line_refunded"]) == (7580, 7580, True)
    assert (sale["quantity"], sale["unit_price"], sale["spec"]) == (Decimal("2.000"), Decimal("39.900000"), "原味")
    assert shop.rows("select * from staged_persons") == []


def test_jd_repeats_order_totals_and_hides_phones(shop: Shop) -> None:
    order = {"订单号": "300000004774", "下单时间": "2025-03-01 10:00:00", "应付金额": "61.60", "订单状态": "完成",
             "下单帐号": "jd_27kg", "客户姓名": "徐**", "联系电话": "17712345678-1234"}  # fmt: skip
    rows = [
        cells(JD, **order, 商品ID="1", 订购数量="2", 京东价="22.90"),
        cells(JD, **order, 商品ID="2", 订购数量="1", 京东价="15.80"),
    ]
    assert shop.bring("jd.csv", csv_text(JD, rows), encoding="gb18030").staged == 2
    assert shop.rows("select distinct order_paid_minor as paid, status from staged_sales") == [
        {"paid": 6160, "status": "completed"}
    ]
    person = shop.row("select * from staged_persons")
    assert (person["shop_user_id"], person["phone"], person["phone_virtual"]) == ("jd_27kg", None, True)


def test_youzan_with_bom_and_leading_tabs(shop: Shop) -> None:
    given = {
        "订单号": "\tE20250102", "订单状态": "交易完成", "订单创建时间": "2025-01-02 12:00:00",
        "订单实付金额": "¥1,268.50",
        "收货人/提货人": "曾林涛", "买家手机号": "\t150 4854 2420", "收货人省份": "浙江省", "收货人城市": "杭州市",
        "收货人地区": "西湖区",
        "详细收货地址/提货地址": "文三路1号", "分销员": "励勇", "退款金额": "0",
    }  # fmt: skip
    text = csv_text(YOUZAN, [cells(YOUZAN, **given).replace("¥1,268.50", '"¥1,268.50"')])
    assert shop.bring("有赞.csv", text, encoding="utf-8-sig").source == "youzan"
    sale = shop.row("select * from staged_sales")
    assert (sale["order_no"], sale["order_paid_minor"], sale["associate"]) == ("E20250102", 126850, "励勇")
    person = shop.row("select * from staged_persons")
    assert (person["phone"], person["city"], person["address"]) == (
        "8615048542420",
        "杭州市",
        "浙江省杭州市西湖区文三路1号",
    )


def test_pos_returns_and_numbered_lines(shop: Shop) -> None:
    line = {"门店编码": "HZ01", "门店": "滨江店", "小票号": "HZ01001", "行号": "1", "交易时间": "2025-01-02 20:15:00",
            "交易类型": "销售",
            "会员卡号": "880000000048", "商品编码": "A", "数量": "2", "单价": "9.9", "实收金额": "19.8"}  # fmt: skip
    back = line | {"小票号": "HZ01002", "交易类型": "退货", "数量": "1", "实收金额": "9.9", "原小票号": "HZ01001"}
    rows = [cells(POS, **line), cells(POS, **line), cells(POS, **back)]
    report = shop.bring("pos.csv", csv_text(POS, rows), encoding="gb18030")
    assert (report.staged, report.duplicate) == (2, 1)
    assert shop.value("select reason from import_rows") == "repeated_row"
    sale = shop.row("select * from staged_sales where order_no = 'HZ01002'")
    assert (sale["quantity"], sale["line_amount_minor"], sale["original_order_no"]) == (
        Decimal("-1.000"),
        -990,
        "HZ01001",
    )
    assert shop.value("select count(*) from staged_persons where card = '880000000048' and store = '滨江店'") == 2


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def test_meituan_bill_with_two_header_levels_on_the_right_sheet(shop: Shop) -> None:
    rows: list[list[object]] = [
        ["美团外卖账单 2025-01"],
        ["基础信息", "", "", "", "", "", "交易信息", "", "", "", "费用"],
        [
            "订单号",
            "门店id",
            "门店名称",
            "订单状态",
            "账单日期",
            "下单时间",
            "交易类型",
            "商品总价",
            "用户实付",
            "平台补贴",
            "商家应收款",
        ],
        ["100209", "7", "禾里（滨江店）", "已完成", "2025-01-03", "2025-01-02 11:30:00", "外卖订单", 50, 42.5, 5, 38],
        ["", "7", "禾里（滨江店）", "", "2025-01-03", "", "推广", "", "", "", -30],
        ["100209", "7", "禾里（滨江店）", "", "2025-01-03", "", "赔付扣款", "", "", "", -8],
    ]
    report = shop.bring("账单.xlsx", workbook(("汇总", [["合计", 1], ["x", 2]]), ("订单明细", rows)))
    assert (report.source, report.rows_read, report.staged) == ("meituan", 3, 3)
    assert any("汇总" in warning for warning in report.warnings)
    order = shop.row("select * from staged_sales where row_grain = 'order'")
    assert (order["order_no"], order["order_paid_minor"], order["order_platform_discount_minor"]) == (
        "100209",
        4250,
        500,
    )
    assert order["ordered_at"] == datetime(2025, 1, 2, 3, 30)
    assert shop.value("select count(*) from staged_sales where row_grain = 'fee' and order_no is not null") == 2
    assert shop.rows("select * from staged_persons") == []


MEMBER = "会员卡号,姓名,手机号,性别,生日,注册门店,注册日期,归属导购,等级,积分余额,邮箱,unionid,状态"
SERIALS: list[object] = ["880000000048", "王睿平", "'13388986219", "男", 32349, "观前店", 45233]
TEXTS: list[object] = ["880000000055", "李一", "13588986219", "女", "1990-02-30", "观前店", "2023-11-03"]
MEMBERS: list[list[object]] = [
    [*MEMBER.split(",")],
    [*SERIALS, "盛佳雯", "金卡", 973, "A@126.com", "oH1", ""],
    [*TEXTS, "", "", "1,024", "", "", "员工"],
]


def test_members_with_excel_serials_and_apostrophes(shop: Shop) -> None:
    report = shop.bring("会员档案.xlsx", workbook(("会员", MEMBERS)))
    assert (report.source, report.staged) == ("member", 2)
    first, second = shop.rows("select * from staged_persons order by row_no")
    assert (first["phone"], first["gender"], first["email"]) == ("8613388986219", "male", "a@126.com")
    assert (first["card"], first["member_id"]) == ("880000000048", "880000000048")
    assert (first["birthday"], first["registered_on"]) == (date(1988, 7, 25), date(2023, 11, 3))
    assert (first["is_staff"], first["opening_points"], first["kind"]) == (None, 973, "member")
    assert (second["is_staff"], second["opening_points"], second["birthday"]) == (True, 1024, None)


def test_wecom_contacts_with_unix_seconds(shop: Shop) -> None:
    header = (
        "external_userid,name,unionid,follow_user,follow_user_name,store,add_time,remark_mobiles,remark,gender,state"
    )
    rows = [
        "wmA,静待花开,oH1,zhangsan,张三,观前店,1700972624,13388986219,王姐,2,",
        "wmB,x,,lisi,李四,,2025-01-02T03:04:05+08:00,,,0,",
    ]
    assert shop.bring("wecom.csv", csv_text(header, rows)).source == "wecom"
    first, second = shop.rows("select * from staged_persons order by row_no")
    assert (first["source_row_id"], first["kind"], first["phone"], first["gender"]) == (
        "wmA",
        "contact",
        "8613388986219",
        "female",
    )
    assert first["seen_at"] == datetime(2023, 11, 26, 4, 23, 44)
    assert (second["seen_at"], second["gender"]) == (datetime(2025, 1, 1, 19, 4, 5), None)


def test_shopify_carries_totals_on_the_first_row_only(shop: Shop) -> None:
    first = cells(SHOPIFY, Name="#1001", Email="Ann@X.com", Currency="USD", Total="30.00", Phone="+1 415 555 2671",
                  **{"Financial Status": "paid", "Created at": "2025-01-02 10:00:00 -0500", "Lineitem quantity": "1",
                     "Lineitem name": "Mug", "Lineitem price": "10.00"})  # fmt: skip
    second = cells(
        SHOPIFY,
        Name="#1001",
        Email="Ann@X.com",
        **{"Lineitem quantity": "2", "Lineitem name": "Cup", "Lineitem price": "10"},
    )
    assert shop.bring("orders.csv", csv_text(SHOPIFY, [first, second])).staged == 2
    sale = shop.row("select * from staged_sales where order_paid_minor is not null")
    assert (sale["ordered_at"], sale["currency"], sale["status"]) == (datetime(2025, 1, 2, 15), "USD", "paid")
    assert shop.value("select max(phone) from staged_persons") == "14155552671"


def test_douyin_and_pdd(shop: Shop) -> None:
    douyin = "主订单编号,子订单编号,选购商品,商品规格,商品数量,商家编码,订单应付金额,收件人,收件人手机号,"
    douyin += "详细地址,订单提交时间,订单状态,售后状态"
    report = shop.bring(
        "dy.csv", csv_text(douyin, ["\t1,\t11,茶,,1,T1,25.5,张*,1**********,*,2025-01-02 03:04:05,已完成,退款成功"])
    )
    assert (report.source, shop.value("select line_refunded from staged_sales where source = 'douyin'")) == (
        "douyin",
        True,
    )
    pdd = "商品,订单号,订单状态,商品总价（元）,邮费（元）,平台优惠折扣（元）,多多支付立减金额（元）,"
    pdd += "用户实付金额（元）,商家实收金额（元）,订单成交时间,售后状态"
    report = shop.bring(
        "pdd.csv", csv_text(pdd, ["茶,250102-1,已收货,30,0,3,1.5,25.5,28.5,2025-01-02 03:04:05,无售后或售后取消"])
    )
    assert report.source == "pdd"
    sale = shop.row("select * from staged_sales where source = 'pdd'")
    assert (sale["order_paid_minor"], sale["order_platform_discount_minor"], sale["status"]) == (2550, 450, "completed")


def test_eleme_and_wechat_shop(shop: Shop) -> None:
    eleme = "订单编号,门店ID,商户名称,订单状态,退款状态,下单时间,订单序号,用户实付"
    report = shop.bring("ele.csv", csv_text(eleme, ["8001,9,禾里滨江,已完成,,2025年01月02日 11:30:15,3,42.5"]))
    assert report.source == "eleme"
    assert shop.value("select ordered_at from staged_sales where source = 'eleme'") == datetime(2025, 1, 2, 3, 30, 15)
    wechat = (
        "订单号,订单下单时间,订单状态,订单实际支付金额,商品名称,商品编码(自定义),商品数量,商品价格,微信支付单号,unionid"
    )
    report = shop.bring("wx.csv", csv_text(wechat, ["37001,2025-01-02 03:04:05,已完成,42.5,茶,T1,1,42.5,42000,oH1"]))
    assert report.source == "wechat_shop"
    assert shop.value("select unionid from staged_persons where source = 'wechat_shop'") == "oH1"


def test_online_retail_workbook_headers(shop: Shop) -> None:
    new = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country"
    old = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
    assert (
        shop.bring(
            "a.csv", csv_text(new, ["536365,85123A,HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom"])
        ).staged
        == 1
    )
    report = shop.bring("b.csv", csv_text(old, ["536365,85123A,HOLDER,6,12/1/2010 8:26,2.55,17850,United Kingdom"]))
    assert (report.source, report.duplicate) == ("generic_online_retail", 1)
    sale = shop.row("select * from staged_sales")
    assert (sale["currency"], sale["ordered_at"], sale["line_amount_minor"]) == (
        "GBP",
        datetime(2010, 12, 1, 8, 26),
        None,
    )


def test_generic_files(shop: Shop) -> None:
    person = (
        "source,source_row_id,shop_user_id,name,phone,email,unionid,card,member_id,birthday,gender,city,address,seen_at"
    )
    shop.bring(
        "p.csv", csv_text(person, ["crm,7,,Ann,+86 138-1234-5678,,,C1,M1,1990-01-02,F,杭州,,2025-01-02 08:00:00"])
    )
    row = shop.row("select * from staged_persons where kind = 'person'")
    assert (row["source"], row["record_id"], row["phone"]) == ("crm", record_id("crm", "7"), "8613812345678")
    interaction = "source,source_row_id,member_id,phone,unionid,card,kind,at,score,store,associate,note"
    shop.bring(
        "i.csv",
        csv_text(
            interaction,
            ["app,I1,M1,,,,visit,2025-01-02 08:00:00,4.5,滨江店,,", ",,M1,,,,visit,2025-01-03 08:00:00,,,,"],
        ),
    )
    assert (
        shop.value(
            "select count(*) from staged_interactions i join staged_persons p using (record_id)"
            " where p.member_id = 'M1'"
        )
        == 2
    )
    consent = "source,source_row_id,member_id,phone,unionid,card,channel,purpose,state,at,evidence"
    report = shop.bring(
        "c.csv",
        csv_text(consent, ["app,C1,M1,,,,短信,,granted,2025-01-02,form", "app,C2,M1,,,,sms,,maybe,2025-01-02,"]),
    )
    assert (report.staged, report.parts[0].reasons) == (1, {"bad_code": 1})
    coupon = "source,coupon_no,member_id,phone,unionid,card,name,kind,face,min_spend,issued_at,"
    coupon += "expires_at,used_at,used_order_no,status"
    shop.bring("k.csv", csv_text(coupon, ["crm,K1,M1,,,,满100减10,cash,10,100,2025-01-02,2099-01-01,,,issued"]))
    assert shop.row("select face_minor, status from staged_coupons") == {"face_minor": 1000, "status": "issued"}
    shop.bring(
        "u.csv", csv_text("sku,product,category,unit_cost,currency,valid_from", ["A,茶,饮,3.456789,CNY,2025-01-01"])
    )
    assert shop.value("select unit_cost from staged_costs") == Decimal("3.456789")


@pytest.mark.parametrize(
    ("header", "row", "grain"),
    [
        ("order_no,ordered_at,sku,quantity,unit_price", "1,2025-01-02 03:04:05,A,2,1.005", "line"),
        ("訂單編號,訂單時間,商品編號,數量,單價,會員編號", "1,2025-01-02 03:04:05,A,2,1.005,M", "line"),
        ("order_no,ordered_at,order_paid,phone,status", "1,2025-01-02 03:04:05,9.99,13812345678,completed", "order"),
    ],
)
def test_generic_orders_in_both_languages(shop: Shop, header: str, row: str, grain: str) -> None:
    encoding = "big5" if "訂" in header else "utf-8"
    assert shop.bring("g.csv", csv_text(header, [row]), encoding=encoding).source == "generic"
    assert shop.row("select order_no, row_grain from staged_sales") == {"order_no": "1", "row_grain": grain}

"""Buyer fields that a platform masks or encrypts are told as such: never a key, never a name, and counted."""

import duckdb
import pytest

from shuke.intake.rules import veils
from tests.intake.conftest import Shop, csv_text

OAID = "2Hm3oKfJtYq8Zb1vXw7Lr9NcPdSgUaEi4mBh6TjQyFkDzVxCoWsRuGn5I0lMpA=="
TAOBAO = "~kR8qXb2LmN4vZ7tY1wQe3g==~1~"
PDD_PHONE = "~AgAAAAKgKcUBWAEAaZf2nTq5xLrYw0Vd~0~"
DOUYIN_NAME = "##Qk7mZp2Xv9Lr4Tn8Wd3Bf6==##"
DOUYIN_PHONE = "$Qk7mZp2Xv9Lr4Tn8Wd3Bf6==$Ab12Cd34$1$$"
DIGEST = "9f86d081884c7d659a2feaa0c55ad015"

TOKENS = (
    OAID,
    TAOBAO,
    PDD_PHONE,
    DOUYIN_NAME,
    DOUYIN_PHONE,
    DIGEST,
    "已加密",
    "[手机号已加密]",
    "隐私保护",
    "匿名用户",
)
PEOPLE = (
    "王睿平", "欧阳静怡", "Ann Lee", "Maximiliane-Alexandra Hohenstein", "阿布都热合曼·买买提", "静待花开~", "~小鱼儿~",
    "O'Neill", "JOHNSONMACARTHURWELLINGTON", "张**", "先生", "138 1234 5678", "13812345678", "+86-138-1234-5678",
    "0571-88886666 转 1234", "浙江省杭州市西湖区文三路 1 号", "1 Main Street, Springfield",
    "ann.lee@example.com",
)  # fmt: skip


def _true(condition: str, text: str) -> bool:
    found = duckdb.execute(f"select {condition} from (select $text as t)", {"text": text}).fetchall()
    return bool(found and found[0][0])


@pytest.mark.parametrize("text", TOKENS)
def test_tokens_are_known(text: str) -> None:
    assert _true(veils.encrypted("t"), text)


@pytest.mark.parametrize("text", PEOPLE)
def test_people_are_no_tokens(text: str) -> None:
    assert not _true(veils.encrypted("t"), text)


@pytest.mark.parametrize(
    "text", ["oH1bT5vQx2mKcY7wZpLr8NdSgUaE", "wmAbCdEfGhIjKlMnOpQrStUvWxYz12", "tb9x_01", "#1001", "A~B"]
)
def test_open_ids_and_nicks_stay_keys(text: str) -> None:
    assert not _true(f"{veils.masked('t')} or {veils.marked('t')}", text)


def hidden(shop: Shop) -> dict[tuple[str, str], int]:
    rows = shop.rows(
        "select field, kind, rows from import_schema_notes where kind in ('masked', 'encrypted', 'virtual')"
    )
    return {(row["field"], row["kind"]): row["rows"] for row in rows}


TMALL = "订单编号,买家会员名,买家实际支付金额,订单状态,收货人姓名,收货地址,联系手机,订单创建时间"
DAY = "2025-01-02 03:04:05"


def test_taobao_tokens_and_masks(shop: Shop) -> None:
    rows = [
        f"1,{TAOBAO},9,交易成功,{OAID},{OAID},{OAID},{DAY}",
        f"2,t**,9,交易成功,张**,浙江省 杭州市 西湖区 ****,138****8000,{DAY}",
        f"3,tb3,9,交易成功,李一,杭州,18400000000-1234,{DAY}",
        f"4,tb4,9,交易成功,王二,杭州,13812345678,{DAY}",
    ]
    report = shop.bring("t.csv", csv_text(TMALL, rows), encoding="gb18030")
    people = {row["source_row_id"]: row for row in shop.rows("select * from staged_persons")}
    assert "1" not in people or (people["1"]["name"], people["1"]["phone"], people["1"]["shop_user_id"]) == (None,) * 3
    assert (people["2"]["shop_user_id"], people["2"]["phone"], people["2"]["phone_masked"]) == (
        None,
        None,
        "138****8000",
    )
    assert (people["3"]["shop_user_id"], people["3"]["phone"], people["3"]["phone_virtual"]) == ("tb3", None, True)
    assert (people["4"]["phone"], people["4"]["name"], people["4"]["name_masked"]) == ("8613812345678", "王二", False)
    keys = {row["order_no"]: row["buyer_key"] for row in shop.rows("select order_no, buyer_key from staged_sales")}
    assert keys == {"1": None, "2": None, "3": "shop_user_id", "4": "phone"}
    assert hidden(shop) == {
        ("name", "encrypted"): 1, ("name", "masked"): 1, ("address", "encrypted"): 1, ("address", "masked"): 1,
        ("phone", "encrypted"): 1, ("phone", "masked"): 1, ("phone", "virtual"): 1, ("shop_user_id", "encrypted"): 1,
        ("shop_user_id", "masked"): 1,
    }  # fmt: skip
    assert any("加密 encrypted 1" in warning for warning in report.warnings)
    document = report.as_document()["schema_changes"]
    assert {"kind": "encrypted", "field": "phone", "rows": 1}.items() <= next(
        change for change in document if change["field"] == "phone" and change["kind"] == "encrypted"
    ).items()


def test_pinduoduo_and_douyin_receivers(shop: Shop) -> None:
    pdd = "商品,订单号,订单状态,用户实付金额(元),商家实收金额(元),订单成交时间,收货人,手机,省,市,区"
    rows = [
        f"茶,250102-1,已收货,9,9,{DAY},{TAOBAO},{PDD_PHONE},浙江省,杭州市,西湖区",
        f"茶,250102-2,已收货,9,9,{DAY},****,****,****,****,****",
    ]
    shop.bring("p.csv", csv_text(pdd, rows))
    douyin = "主订单编号,子订单编号,选购商品,商品数量,订单应付金额,收件人,收件人手机号,详细地址,订单提交时间,订单状态"
    rows = [
        f"1,1,茶,1,9,{DOUYIN_NAME},{DOUYIN_PHONE},{OAID},{DAY},已完成",
        f"2,2,茶,1,9,张三,18412345678-4567,杭州,{DAY},已完成",
    ]
    shop.bring("d.csv", csv_text(douyin, rows))
    assert shop.rows("select name, phone from staged_persons where name is not null and not name_masked") == [
        {"name": "张三", "phone": None}
    ]
    assert shop.value("select count(*) from staged_persons where phone is not null") == 0
    assert shop.value("select count(*) from staged_sales where buyer_key is not null") == 0
    told = shop.rows("select source, field, kind, rows from import_schema_notes order by all")
    assert {(row["source"], row["field"], row["kind"]) for row in told} == {
        ("douyin", "address", "encrypted"), ("douyin", "name", "encrypted"), ("douyin", "phone", "encrypted"),
        ("douyin", "phone", "virtual"), ("pdd", "name", "encrypted"), ("pdd", "name", "masked"),
        ("pdd", "phone", "encrypted"), ("pdd", "phone", "masked"), ("pdd", "address", "masked"),
    }  # fmt: skip


def test_jd_masked_accounts_are_no_keys(shop: Shop) -> None:
    jd = "订单号,商品ID,商品名称,订购数量,下单时间,京东价,应付金额,订单状态,下单帐号,客户姓名,客户地址,联系电话"
    rows = [
        f"1,5,茶,1,{DAY},9,9,完成,jd_2***,徐**,{OAID},{OAID}",
        f"2,5,茶,1,{DAY},9,9,完成,jd_27kg,徐**,杭州,177****1234",
    ]
    shop.bring("j.csv", csv_text(jd, rows))
    assert shop.rows("select order_no, buyer_key from staged_sales order by 1") == [
        {"order_no": "1", "buyer_key": None}, {"order_no": "2", "buyer_key": "shop_user_id"},
    ]  # fmt: skip


def test_hidden_cards_and_mails_of_a_till(shop: Shop) -> None:
    pos = "小票号,行号,交易时间,门店,会员卡号,手机号,商品编码,数量,实收金额"
    rows = [f"1,1,{DAY},滨江店,8800****0048,,A,1,9", f"2,1,{DAY},滨江店,880000000048,138****5678,A,1,9"]
    shop.bring("p.csv", csv_text(pos, rows))
    assert shop.rows("select order_no, buyer_key from staged_sales order by 1") == [
        {"order_no": "1", "buyer_key": None}, {"order_no": "2", "buyer_key": "card"},
    ]  # fmt: skip
    assert hidden(shop) == {("card", "masked"): 1, ("phone", "masked"): 1}


def test_a_token_that_changes_makes_no_new_row(shop: Shop) -> None:
    """Each export encrypts anew: the same order with another token is a repeat."""
    shop.bring("a.csv", csv_text(TMALL, [f"1,tb,9,交易成功,{OAID},杭州,{OAID},{DAY}"]))
    other = OAID[::-1].lstrip("=") + "=="
    report = shop.bring("b.csv", csv_text(TMALL, [f"1,tb,9,交易成功,{other},杭州,{other},{DAY}"]))
    assert (report.staged, report.duplicate) == (0, 1)

"""A change at the source is caught when the next export comes, told in full, and refused where it would cost money."""

from collections.abc import Mapping
from typing import Any

import pytest

from shuke.intake.actions.proposals import accept_proposal
from shuke.intake.rules.schema import alike, compare_columns, compare_fields
from shuke.intake.values import Field, FileReport, NoteKind, Observed
from shuke.kernel.actor import SYSTEM
from tests.intake.conftest import Shop, csv_text

PDD = (
    "商品,订单号,订单状态,商品总价(元),邮费(元),店铺优惠折扣(元),平台优惠折扣(元),用户实付金额(元),商家实收金额(元),商品数量(件),"
    "商品id,商品规格,商家编码-规格维度,商家备注,售后状态,订单成交时间"
)
TMALL = (
    "订单编号,买家会员名,买家应付货款,买家应付邮费,买家实际支付金额,订单状态,收货人姓名,联系手机,订单创建时间,订单付款时间,"
    "宝贝标题,宝贝总数量,店铺名称,退款金额"
)


def orders(header: str, count: int = 30, *, first: int = 1, **fixed: Any) -> str:
    """A Tmall or Pinduoduo export of plausible rows; `fixed` gives a column's value."""
    rows = []
    for number in range(first, first + count):
        values = {
            "商品": "茶", "订单号": f"250102-{number:015d}", "订单状态": "已收货", "商品总价(元)": "42.50",
            "邮费(元)": "0",
            "用户实付金额(元)": f"{number}.50", "商家实收金额(元)": "40.10", "商品数量(件)": "1",
            "订单成交时间": "2025-01-02 03:04:05", "订单编号": f"25400{number:014d}", "买家会员名": f"tb{number}",
            "买家应付货款": "42.50", "买家应付邮费": "0.00", "买家实际支付金额": f"{number}.50",
            "订单创建时间": "2025-01-02 03:04:05",
            "联系手机": f"138{number:08d}", "宝贝标题": "茶", "宝贝总数量": "1", "店铺名称": "禾里", "退款金额": "0.00",
        }  # fmt: skip
        if header.startswith("订单编号"):
            values["订单状态"] = "交易成功"
        values |= fixed
        rows.append(",".join(values.get(name, "") for name in header.split(",")))
    return csv_text(header, rows)


def told(report: FileReport) -> list[tuple[str, str, str, str]]:
    return [(note.kind.value, note.field, note.column, note.word) for part in report.parts for note in part.notes]


def test_the_same_columns_tell_nothing(shop: Shop) -> None:
    assert told(shop.bring("a.csv", orders(TMALL))) == []
    assert told(shop.bring("b.csv", orders(TMALL, first=31))) == []


def test_new_gone_and_renamed_columns(shop: Shop) -> None:
    shop.bring("a.csv", orders(TMALL))
    header = TMALL.replace(",店铺名称", "").replace("宝贝标题", "宝贝大标题") + ",花呗分期,买家下单渠道"
    report = shop.bring("b.csv", orders(header, first=31))
    assert told(report) == [
        ("column_renamed", "product", "宝贝标题", "宝贝大标题"),
        ("column_gone", "shop", "店铺名称", ""),
        ("new_column", "", "花呗分期", ""),
        ("new_column", "", "买家下单渠道", ""),
    ]
    document = report.as_document()
    assert [change["kind"] for change in document["schema_changes"]][:2] == ["column_renamed", "column_gone"]
    assert any("宝贝标题 → 宝贝大标题" in warning for warning in report.warnings)
    kept = shop.rows("select kind, field, column_name, word from import_schema_notes order by all")
    assert len(kept) == 4
    assert kept[0] == {"kind": "column_gone", "field": "shop", "column_name": "店铺名称", "word": ""}
    # the next export like this one is no news
    assert told(shop.bring("c.csv", orders(header, first=61))) == []


def test_a_name_that_the_mapping_knows_is_read_and_told(shop: Shop) -> None:
    shop.bring("a.csv", orders(TMALL))
    header = TMALL.replace("买家实际支付金额", "买家实付金额").replace("订单创建时间", "买家下单时间")
    report = shop.bring("b.csv", orders(header, first=31, 买家实付金额="12.34", 买家下单时间="2025-02-03 04:05:06"))
    assert report.staged == 30
    assert told(report) == [
        ("column_renamed", "order_paid", "买家实际支付金额", "买家实付金额"),
        ("column_renamed", "ordered_at", "订单创建时间", "买家下单时间"),
    ]


def test_a_renamed_amount_is_refused_with_the_line_that_mends_it(shop: Shop) -> None:
    shop.bring("a.csv", orders(TMALL))
    renamed = orders(TMALL.replace("买家实际支付金额", "买家实付款"), first=31, 买家实付款="12.34")
    report = shop.refuse("b.csv", renamed)
    assert report.error_code == "SourceChanged"
    assert "'买家实际支付金额' → '买家实付款'" in report.error
    assert 'order_paid: "买家实付款"' in report.hint
    proposed = shop.workspace.mappings / "tmall.yaml.proposed"
    assert "extends: tmall" in proposed.read_text("utf-8")
    accept_proposal(SYSTEM, workspace=shop.workspace, code="tmall", text=proposed.read_text("utf-8"))
    assert shop.bring("b.csv", renamed).staged == 30
    assert shop.value("select count(*) from staged_sales where order_paid_minor = 1234") == 30
    # old exports are read as before
    assert shop.bring("c.csv", orders(TMALL, first=61)).staged == 30


def test_a_second_change_is_added_to_the_shops_own_mapping(shop: Shop) -> None:
    shop.bring("a.csv", orders(TMALL))
    shop.workspace.mappings.mkdir(exist_ok=True)
    (shop.workspace.mappings / "tmall.yaml").write_text(
        "extends: tmall\ncolumns:\n  order_refund: 实退金额\nvalues:\n  status: {已揽收: shipped}\n", "utf-8"
    )
    header = TMALL.replace("买家实际支付金额", "买家实付款")
    shop.refuse("b.csv", orders(header, first=31))
    text = (shop.workspace.mappings / "tmall.yaml.proposed").read_text("utf-8")
    assert "实退金额" in text and "已揽收" in text and "买家实付款" in text
    accept_proposal(SYSTEM, workspace=shop.workspace, code="tmall", text=text)
    shop.bring("b.csv", orders(header, first=31, 订单状态="已揽收"))
    assert shop.value("select count(*) from staged_sales where status = 'shipped'") == 30


@pytest.mark.parametrize("known", [True, False])
def test_a_renamed_column_of_the_signature_is_refused(shop: Shop, known: bool) -> None:
    header = TMALL.replace(",订单付款时间", "")
    if known:
        shop.bring("a.csv", orders(header))
    renamed = orders(header.replace("订单创建时间", "订单生成时间"), first=31, 订单生成时间="2025-01-02 03:04:05")
    report = shop.refuse("b.csv", renamed)
    assert report.error_code == "SourceChanged"
    assert 'ordered_at: "订单生成时间"' in report.hint


def test_a_platforms_orders_do_not_turn_into_orders_of_nobody(shop: Shop) -> None:
    pos = "小票号,行号,交易时间,门店,商品编码,商品名称,数量,单价,实收金额"
    rows = [f"S{n},1,2025-01-02 03:04:05,滨江店,A,茶,1,9.9,9.9" for n in range(30)]
    shop.bring("a.csv", csv_text(pos, rows))
    # 日期 is a word of the general mapping, which knows all other columns too
    report = shop.refuse("b.csv", csv_text(pos.replace("交易时间", "日期"), rows))
    assert 'ordered_at: "日期"' in report.hint


def test_without_its_day_a_file_is_refused_and_not_emptied(shop: Shop) -> None:
    report = shop.refuse("a.csv", csv_text("小票号,商品编码,实收金额,交易时间x", ["1,A,9,2025-01-02"]))
    assert report.error_code in ("SourceChanged", "UnknownHeader")
    assert shop.value("select count(*) from import_rows") == 0


def test_naming_the_mapping_means_it(shop: Shop) -> None:
    shop.bring("a.csv", orders(TMALL))
    path = shop.write("b.csv", orders(TMALL.replace("买家实际支付金额", "买家实付款"), first=31))
    (report,) = shop.take(path, mapping="tmall").files
    assert (report.error, report.staged) == ("", 30)
    assert ("column_renamed", "order_paid", "买家实际支付金额", "买家实付款") in told(report)


def test_words_never_seen_are_listed_with_their_orders_and_money(shop: Shop) -> None:
    shop.bring("a.csv", orders(PDD))
    shop.bring("b.csv", orders(PDD, count=3, first=31, 订单状态="已揽收"))
    (note,) = shop.rows("select * from import_schema_notes where kind = 'unknown_word'")
    assert (note["field"], note["column_name"], note["word"]) == ("status", "订单状态", "已揽收")
    assert (note["rows"], note["orders"], note["amount_minor"]) == (3, 3, 3150 + 3250 + 3350)
    # the same rows once more are repeats: they are told again by nobody
    shop.bring("c.csv", "\ufeff" + orders(PDD, count=3, first=31, 订单状态="已揽收"))
    assert shop.value("select count(*) from import_schema_notes where kind = 'unknown_word'") == 1


def test_the_money_of_an_order_in_several_rows_is_told_once(shop: Shop) -> None:
    header = "订单号,商品ID,商品名称,订购数量,下单时间,京东价,订单金额,应付金额,订单状态,下单帐号"
    rows = [f"7,{n},茶,1,2025-01-02 03:04:05,10,30,30,已拒收,jd1" for n in range(3)]
    shop.bring("jd.csv", csv_text(header, rows))
    (note,) = shop.rows("select rows, orders, amount_minor from import_schema_notes")
    assert note == {"rows": 3, "orders": 1, "amount_minor": 3000}


@pytest.mark.parametrize(("paid", "change"), [("4250", "16 -> 4250"), ("", "100% filled -> empty")])
def test_amounts_in_cents_and_emptied_columns(shop: Shop, paid: str, change: str) -> None:
    shop.bring("a.csv", orders(PDD))
    fixed = {"用户实付金额(元)": paid}
    report = shop.bring("b.csv", orders(PDD, first=31, **fixed))
    assert told(report) == [("column_changed", "order_paid", "用户实付金额(元)", change)]
    assert told(shop.bring("c.csv", orders(PDD, first=61))) == []


def test_two_columns_of_one_name(shop: Shop) -> None:
    header = "订单号,下单时间,金额,金额,状态"
    report = shop.bring("g.csv", csv_text(header, ["1,2025-01-02 03:04:05,9.99,5.00,已完成"]))
    assert ("column_twice", "line_amount", "金额", "2x") in told(report)
    assert any("金额" in warning and "twice" in warning for warning in report.warnings)


def _observed(columns: str, **fields: Field) -> Observed:
    return Observed(tuple(columns), fields, 100)


def test_columns_are_compared_with_the_most_similar_of_the_last_exports() -> None:
    shapes = [_observed("abc"), _observed("xyz")]
    reads: Mapping[str, Any] = {}
    assert compare_columns("xyz", reads, before=shapes) == []
    assert [note.kind for note in compare_columns("xy", reads, before=shapes)] == [NoteKind.COLUMN_GONE]
    assert compare_columns("new", reads, before=[]) == []


def test_a_small_export_is_no_proof_of_another_kind() -> None:
    before = [_observed("a", order_no=Field(("a",), 1.0, "digits"))]
    now = Field(("a",), 1.0, "text")
    assert [note.word for note in compare_fields(Observed(("a",), {"order_no": now}, 100), before=before)] == [
        "digits -> text"
    ]
    assert list(compare_fields(Observed(("a",), {"order_no": now}, 5), before=before)) == []


@pytest.mark.parametrize(
    ("name", "others", "found"),
    [
        ("买家实际支付金额", ["买家付款时间", "买家实付款"], "买家实付款"),
        ("买家付款时间", ["买家付款金额"], ""),
        ("退款金额", ["退款状态"], ""),
        ("order_date", ["order date", "order_id"], "order date"),
        ("total", ["花呗分期"], ""),
    ],
)
def test_names_alike(name: str, others: list[str], found: str) -> None:
    assert alike(name, others) == found


def test_general_files_are_nobodys_successors(shop: Shop) -> None:
    consent = "source,source_row_id,member_id,phone,unionid,card,channel,purpose,state,at,evidence"
    shop.bring("c.csv", csv_text(consent, ["app,C1,M1,,,,sms,,granted,2025-01-02,form"]))
    interaction = "source,source_row_id,member_id,phone,unionid,card,kind,at,score,store,associate,note"
    assert (
        shop.bring("i.csv", csv_text(interaction, ["app,I1,M1,,,,visit,2025-01-02 08:00:00,4.5,滨江店,,"])).staged == 1
    )


def test_two_versions_of_a_system_take_turns(shop: Shop) -> None:
    older, newer = TMALL, TMALL.replace("买家实际支付金额", "买家实付金额").replace("退款金额", "返点积分")
    shop.bring("a.csv", orders(older))
    assert shop.bring("b.csv", orders(newer, first=31, 买家实付金额="1.00")).staged == 30
    assert told(shop.bring("c.csv", orders(older, first=61))) == []

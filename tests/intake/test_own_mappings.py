"""Mappings of a shop's own: whole ones, ones that extend a shipped one, and every mistake told with file and line."""

from pathlib import Path

import pytest
import yaml

from shuke.intake.adapters.mappings import BadMapping
from shuke.intake.queries import channels, checked_mapping
from tests.intake.conftest import Shop, csv_text

WHOLE = """\
code: kiosk
zh: 自助机
en: Kiosk
kind: sales
grain: line
signature: [Ticket, Article, [Paid, Total]]
columns:
  order_no: Ticket
  ordered_at: When
  sku: Article
  quantity: Pieces
  line_amount: [Paid, Total]
  status: State
  phone: Mobile
values:
  status: {ok: completed, void: cancelled}
"""


def own(shop: Shop, name: str, text: str) -> Path:
    shop.workspace.mappings.mkdir(exist_ok=True)
    path = shop.workspace.mappings / name
    path.write_text(text, "utf-8")
    return path


def test_a_whole_mapping_reads_its_files(shop: Shop) -> None:
    own(shop, "kiosk.yaml", WHOLE)
    text = csv_text("Ticket,When,Article,Pieces,Paid,State,Mobile", ["7,2025-01-02 03:04:05,A,2,19.80,ok,13812345678"])
    report = shop.bring("k.csv", text)
    assert (report.source, report.staged) == ("kiosk", 1)
    sale = shop.row("select source, order_no, status, line_amount_minor from staged_sales")
    assert sale == {"source": "kiosk", "order_no": "7", "status": "completed", "line_amount_minor": 1980}


def test_an_extension_adds_names_and_words_and_keeps_the_rest(shop: Shop) -> None:
    text = "extends: pos\ncolumns:\n  order_no: 凭条号\n  associate: [服务员]\n"
    own(shop, "pos.yaml", text)
    mapping = {channel.code: channel for channel in channels(shop.workspace)}["pos"]
    assert mapping.columns["order_no"].columns[:2] == ("凭条号", "小票号")
    assert "凭条号" in mapping.signature[0]
    for header in ("凭条号,交易时间,商品编码,数量,实收金额,服务员", "小票号,交易时间,商品编码,数量,实收金额,导购"):
        report = shop.bring(f"{header[:3]}.csv", csv_text(header, [f"{header[:3]},2025-01-02 03:04:05,A,1,9.9,励勇"]))
        assert (report.source, report.staged) == ("pos", 1)
    assert shop.value("select count(*) from staged_sales where source = 'pos' and associate = '励勇'") == 2


def test_an_extension_of_general_files_does_not_swallow_platforms(shop: Shop) -> None:
    own(shop, "generic.yaml", "extends: generic\ncolumns:\n  order_paid: 成交价\n")
    header = "订单编号,买家会员名,买家实际支付金额,订单状态,订单创建时间"
    assert shop.bring("t.csv", csv_text(header, ["1,a,9,交易成功,2025-01-02 03:04:05"])).source == "tmall"


def test_a_new_status_is_taught(shop: Shop) -> None:
    own(shop, "pdd.yaml", "extends: pdd\nvalues:\n  status: {已揽收: shipped}\n")
    header = "商品,订单号,订单状态,用户实付金额(元),商家实收金额(元),订单成交时间"
    report = shop.bring("p.csv", csv_text(header, ["茶,250102-1,已揽收,9,9,2025-01-02 03:04:05"]))
    assert report.warnings == ()
    assert shop.value("select status from staged_sales") == "shipped"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (WHOLE.replace("sku: Article", "skuu: Article"), 10, "'skuu' is not known"),
        (WHOLE.replace("grain: line", "grain: lines"), 5, "'lines' is not known"),
        (WHOLE.replace("kind: sales", "kind: sale"), 4, "'sale' is not known"),
        (WHOLE.replace("cancelled}", "canceled}"), 16, "'canceled' is not known"),
        (WHOLE.replace("signature: [Ticket, Article, [Paid, Total]]", "signature: []"), 6, "'signature' is missing"),
        (WHOLE.replace("order_no: Ticket", "order_no: {plus: [Ticket]}"), 8, "'order_no' needs a column's name"),
        (WHOLE + "colums: {}\n", 17, "'colums' is not known"),
        (WHOLE + "grain: line\n", 17, "stands here twice"),
        (WHOLE + "timezone: Mars/Base\n", 17, "no IANA time zone"),
        (WHOLE + "currency: yuan\n", 17, "three capitals"),
        (WHOLE + "utc: maybe\n", 17, "true or false"),
        (WHOLE + "share: 7\n", 17, "from 0 to 1"),
        (WHOLE.replace("  sku: Article", " sku: Article"), 10, ""),
        ("a: &a [x]\nb: *a\n", 1, "not read here"),
        ("extends: nobody\n", 1, "'nobody' is not known"),
        ("extends: pos\ncolumns: [a]\n", 2, "must have lines of its own"),
        ("extends: pos\nvalues:\n  sku: {a: b}\n", 3, "takes no words"),
    ],
)
def test_mistakes_are_told_with_file_and_line(text: str, line: int, words: str) -> None:
    with pytest.raises(BadMapping) as error:
        checked_mapping(text, name="mine.yaml")
    assert f"mappings/mine.yaml line {line}:" in str(error.value)
    assert words in str(error.value)
    assert error.value.hint


@pytest.mark.parametrize(
    "text", ["", "- a\n", "just words", "x" * 300_000, "a: 2020-99-99\n", "a: !!python/object:os.system {}\n"]
)
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(BadMapping, match=r"mappings/mine\.yaml"):
        checked_mapping(text, name="mine.yaml")


def test_near_words_are_proposed() -> None:
    with pytest.raises(BadMapping) as error:
        checked_mapping(WHOLE.replace("line_amount:", "line_amout:"), name="mine.yaml")
    assert error.value.hint == "Did you mean 'line_amount'?"


def test_two_files_for_one_code_are_refused(shop: Shop) -> None:
    own(shop, "a.yaml", WHOLE)
    own(shop, "b.yaml", WHOLE)
    with pytest.raises(BadMapping, match="Two files"):
        channels(shop.workspace)


def test_no_import_runs_on_a_broken_mapping(shop: Shop) -> None:
    own(shop, "a.yaml", WHOLE.replace("Ticket,", "[Ticket,"))
    path = shop.write("k.csv", "a,b\n1,2\n")
    with pytest.raises(BadMapping, match="line"):
        shop.take(path)


def test_the_how_to_shows_mappings_that_can_be_used(shop: Shop) -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "add-a-channel.md").read_text("utf-8")
    blocks = [block.split("```")[0] for block in page.split("```yaml\n")[1:]]
    assert len(blocks) >= 3
    for number, block in enumerate(blocks):
        assert checked_mapping(block, name=f"block{number}.yaml").columns
    example = checked_mapping(blocks[0], name="kiosk.yaml")
    header, *rows = page.split("```csv\n")[1].split("```")[0].strip().splitlines()
    own(shop, "kiosk.yaml", blocks[0])
    report = shop.bring("kiosk.csv", csv_text(header, rows))
    assert (report.source, report.staged, report.quarantined) == (example.code, len(rows), 0)


def test_the_how_to_names_every_target_and_key() -> None:
    from shuke.intake.adapters.mappings import KEYS
    from shuke.intake.rules.targets import TARGETS
    from shuke.intake.values import Kind

    page = (Path(__file__).parents[2] / "docs" / "how-to" / "add-a-channel.md").read_text("utf-8")
    missing = [word for word in (*KEYS, *TARGETS[Kind.SALES], *TARGETS[Kind.PERSONS]) if f"`{word}`" not in page]
    assert not missing


def test_shipped_mappings_are_bilingual() -> None:
    folder = Path(__file__).parents[2] / "shuke" / "intake" / "definitions"
    for path in sorted(folder.glob("*.yaml")):
        document = yaml.safe_load(path.read_text("utf-8"))
        assert document["zh"] and document["en"], path.name
        assert document["code"] == path.stem

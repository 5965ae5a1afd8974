"""The exports of all channels together: what each order is worth; a delivery that the till tells too counts once."""

from datetime import date
from pathlib import Path

import pytest

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.procedures.import_files import import_files
from shuke.procedures.refresh import check
from tests.intake.conftest import csv_text
from tests.intake.test_mappings_exports import FILES, content

AS_OF = date(2025, 2, 1)
TILL = "小票号,行号,交易时间,门店,商品编码,数量,实收金额,券码,平台订单号"
# till number: the number of the other system as this till writes it
COPIES = {
    "HZ1": ("MT-1002098877665544", "1002098877665544"),
    "HZ2": ("#8012345678901234567", "8012345678901234567"),
    "HZ3": ("京东到家2413579246801357", "2413579246801357"),
    "HZ4": ("991200001111", "991200001111"),
    "HZ5": ("DY:108912345678", "108912345678"),
    "HZ6": ("E20250102160848000017", "E20250102160848000017"),
}
# order: gross, net, status; None where several files tell it
WORTH = {
    ("tmall", "2402550827000000530"): (8600, 8600 - 1020, "part_refunded"),
    ("tmall", "2402550827000000531"): (8600, 0, "refunded"),
    ("jd", "300000004774"): (6160, 6160, "completed"),
    ("jd", "2413579246801357"): (4800, 4800, "completed"),
    ("jd", "2413579246801358"): (0, 0, "cancelled"),
    ("pdd", "250102-123456789012345"): (2550, 2550, "completed"),
    ("pdd", "250103-123456789012346"): (2550, 0, "refunded"),
    ("douyin", "108912345678"): (8800, 8800, "completed"),
    ("douyin", "6935000000000000001"): (3550 + 2000, 3550, "part_refunded"),
    ("meituan", "1002098877665544"): (4250, 4250, "completed"),
    ("meituan", "1002098877665545"): (3000, 2000, "part_refunded"),
    ("meituan", "991200001111"): (1880, 1880, "completed"),
    ("eleme", "8012345678901234567"): (4250, 4250, "completed"),
    ("eleme", "8012345678901234568"): (2000, 0, "refunded"),
    ("youzan", "E20250102160848000017"): (126850, 126850, "completed"),
    ("youzan", "E20250102160848000018"): (0, 0, "unpaid"),
    ("wechat_shop", "3720000000000000002"): (4250, 0, "refunded"),
    ("shopify", "#1001"): (3500, 2500, "part_refunded"),
}


@pytest.fixture
def everything(workspace: Workspace, tmp_path: Path) -> Workspace:
    """A shop with every export, the older shape of each after the newer one left out."""
    paths = []
    left_out = {
        "tmall_orders_2023",
        "tmall_lines_2023",
        "tmall_lines_sheet",
        "jd_2024",
        "pdd_fullwidth",
        "eleme_finance",
    }
    for name in FILES.keys() - left_out:
        file, data = content(name, FILES[name].encoding)
        paths.append(tmp_path / file)
        paths[-1].write_bytes(data)
    rows = [f"{no},1,2025-01-02 20:00:00,滨江店,A,1,9.9,,{written}" for no, (written, _) in COPIES.items()]
    paths.append(tmp_path / "till.csv")
    paths[-1].write_text(csv_text(TILL, [*rows, "HZ7,1,2025-01-02 20:00:00,滨江店,A,1,9.9,,#12"]), "utf-8")
    report = import_files(SYSTEM, workspace=workspace, paths=sorted(paths))
    assert report.ok, [(file.file, file.error) for file in report.refused]
    check(SYSTEM, workspace=workspace, as_of=AS_OF, progress=lambda _: None)
    return workspace


def test_what_orders_are_worth(everything: Workspace) -> None:
    with open_reader(SYSTEM, everything) as lake:
        rows = lake.rows("select source, order_no, gross_minor, net_minor, status, counted, duplicate_of from orders")
    told = {(row["source"], row["order_no"]): row for row in rows}
    worth = {key: (told[key]["gross_minor"], told[key]["net_minor"], told[key]["status"]) for key in WORTH}
    assert worth == WORTH
    assert all(told[key]["counted"] for key in WORTH)
    copies = {no: (told["pos", no]["counted"], told["pos", no]["duplicate_of"]) for no in COPIES}
    assert copies == {no: (False, number) for no, (_, number) in COPIES.items()}
    assert told["pos", "HZ7"]["counted"]
    # the bill's receipt of the shared till file names the same delivery
    assert told["pos", "HZ0120250102003"]["duplicate_of"] == "1002098877665544"


def test_every_line_has_an_amount_and_no_hidden_buyer_is_a_key(everything: Workspace) -> None:
    with open_reader(SYSTEM, everything) as lake:
        wrong = lake.rows(
            "select o.order_no from orders o join order_lines l on l.order_key = o.order_key"
            " where o.status not in ('unpaid', 'cancelled') and l.amount_minor is null"
        )
        hidden = lake.value(
            "select count(*) from identifiers where usable and source in ('meituan', 'eleme', 'pdd', 'douyin')"
        )
    assert wrong == []
    assert hidden == 0

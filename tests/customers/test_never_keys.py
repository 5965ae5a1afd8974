"""From staged rows: what is nobody's key, and what is a key only where it was given."""

from collections.abc import Callable

from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from tests.customers.people import identity, person, resolve

Fill = Callable[..., None]


def test_a_buyer_id_counts_within_its_shop_only(workspace: Workspace, fill_lake: Fill) -> None:
    rows = [
        person("tmall", "t1", shop="旗舰店", shop_user_id="b1"),
        person("tmall", "t2", shop="旗舰店", shop_user_id="b1", seen=1),
        person("tmall", "t3", shop="奥莱店", shop_user_id="b1", seen=2),
        person("jd", "j1", shop="旗舰店", shop_user_id="b1", seen=3),
    ]
    fill_lake(staged_persons=rows)
    resolve(workspace)
    found = identity(workspace)
    assert found["tmall", "t1"] == found["tmall", "t2"]
    assert len(set(found.values())) == 3


def test_virtual_numbers_and_platform_tokens_tie_nobody(workspace: Workspace, fill_lake: Fill) -> None:
    rows = [
        person("jd", f"j{n}", name="张**", name_masked=True, phone_virtual=True, shop_user_id="***1", seen=n)
        for n in range(4)
    ]
    fill_lake(staged_persons=rows)
    resolve(workspace)
    assert set(identity(workspace).values()) == {None}


def test_records_of_tests_are_nobodys(workspace: Workspace, fill_lake: Fill) -> None:
    phone = "8613912345601"
    rows = [
        person("pos", "x1", phone=phone, name="测试单"),
        person("pos", "x2", phone=phone, name="test 2", seen=1),
        person("pos", "o1", phone=phone, name="陈小燕", seen=2),
        person("pos", "o2", phone=phone, seen=3),
        person("pos", "o3", phone=phone, name="Testa Rossa", seen=4),
    ]
    fill_lake(staged_persons=rows)
    resolve(workspace)
    found = identity(workspace)
    assert found["pos", "x1"] is found["pos", "x2"] is None
    assert found["pos", "o1"] == found["pos", "o2"] is not None
    with open_reader(SYSTEM, workspace) as lake:
        reasons = lake.rows("select reason from identity where source_row_id in ('x1', 'x2')")
    assert {row["reason"] for row in reasons} == {"test"}

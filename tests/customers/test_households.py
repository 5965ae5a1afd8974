"""Households: a second grouping with limits, ids that last, and never the person."""

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shuke.customers.actions.households import write_households
from shuke.customers.queries import household
from shuke.customers.rules.households import Tie, households
from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.lake.queries import open_reader
from tests.customers.people import day, person, resolve

Fill = Callable[..., None]
HOME = "浙江省宁波市江北区人民路 12 号 3 幢 502 室"


def customer(number: int, name: str, address: str | None, **values: Any) -> dict[str, Any]:
    return {"customer_id": number, "name": name, "address": address, "is_staff": False} | values


def at_home(workspace: Workspace, fill_lake: Fill, *profiles: dict[str, Any]) -> dict[int, int]:
    """Customer -> household of such profiles alone."""
    nobody = {"type": "phone", "value_hash": 1, "customer_id": 1}
    seen = {
        "evidence_id": 1,
        "from_at": day(0),
        "phone_hash": 1,
        "customer_id": 1,
        "phone_usable": True,
        "reason": "phone",
        "is_staff": False,
    }
    fill_lake(customer_profiles=profiles, customer_lookup=[nobody], customer_evidence=[seen])
    with open_run(workspace, kind="test") as run:
        write_households(run)
        run.publish()
    with open_reader(SYSTEM, workspace) as lake:
        return {row["customer_id"]: row["household_id"] for row in lake.rows("select * from households")}


def test_one_home_and_one_family_name(workspace: Workspace, fill_lake: Fill) -> None:
    found = at_home(
        workspace, fill_lake,
        customer(1, "陈小燕", HOME), customer(2, "陈大明", HOME.replace(" ", "")), customer(3, "李强", HOME),
        customer(4, "Ann Lee", "12 Oak Street, Flat 3"), customer(5, "Bob Lee", "12 oak street,flat 3"),
        customer(6, "陈一", "浙江省宁波市江北区人民路 14 号"),
    )  # fmt: skip
    assert found == {1: 1, 2: 1, 4: 4, 5: 4}


def test_blocks_of_flats_and_firms_are_no_homes(workspace: Workspace, fill_lake: Fill) -> None:
    block = [customer(10 + number, f"王{number}", "人民路 100 号阳光小区") for number in range(7)]
    firm = [customer(30, "赵一", "人民路 9 号云海科技有限公司"), customer(31, "赵二", "人民路 9 号云海科技有限公司")]
    mixed = [customer(40 + n, f"{name}一", HOME) for n, name in enumerate("钱孙周吴钱")]
    vague = [customer(50, "冯一", "江北区人民路小区"), customer(51, "冯二", "江北区人民路小区")]
    staff = [customer(60, "褚一", "东街 8 号 1 室"), customer(61, "褚二", "东街 8 号 1 室", is_staff=True)]
    assert at_home(workspace, fill_lake, *block, *firm, *mixed, *vague, *staff) == {}


def test_the_id_of_a_household_lasts(workspace: Workspace, fill_lake: Fill) -> None:
    couple = [customer(5, "陈小燕", HOME), customer(7, "陈大明", HOME)]
    assert at_home(workspace, fill_lake, *couple) == {5: 5, 7: 5}
    assert at_home(workspace, fill_lake, customer(2, "陈奶奶", HOME), *couple) == {2: 5, 5: 5, 7: 5}


def test_a_family_on_one_phone(workspace: Workspace, fill_lake: Fill) -> None:
    phone = "8613912345670"
    rows = [
        person("member", "a", card="C1", phone=phone, name="陈小燕", birthday=day(1).date()),
        person("member", "b", card="C2", phone=phone, name="李大明", birthday=day(2).date()),
        person("member", "c", card="C3", phone="8613912345671", name="王五"),
    ]
    fill_lake(staged_persons=rows)
    resolve(workspace)
    with open_run(workspace, kind="test") as run:
        assert write_households(run) == 1
        run.publish()
    with open_reader(SYSTEM, workspace) as lake:
        who = {row["name"]: row["customer_id"] for row in lake.rows("select name, customer_id from customer_profiles")}
        found = household(SYSTEM, lake=lake, customer_id=who["陈小燕"])
        assert found is not None
        assert (found.reason, found.customers) == ("phone", tuple(sorted((who["陈小燕"], who["李大明"]))))
        assert household(SYSTEM, lake=lake, customer_id=who["王五"]) is None


TIES = st.lists(
    st.builds(
        Tie,
        reason=st.sampled_from(["address", "phone"]),
        customers=st.sets(st.integers(1, 30), min_size=2, max_size=4).map(lambda found: tuple(sorted(found))),
    ),
    max_size=20,
)


@given(TIES, TIES)
def test_households_are_small_apart_and_named_once(first: list[Tie], second: list[Tie]) -> None:
    before: dict[int, int] = {}
    for ties in (first, second):
        found = households(ties, before=before, most=6)
        members = [one for household in found for one in household.customers]
        assert len(members) == len(set(members))
        assert all(2 <= len(household.customers) <= 6 for household in found)
        numbers = [household.household_id for household in found]
        assert len(numbers) == len(set(numbers))
        again = households(ties, before={one: h.household_id for h in found for one in h.customers}, most=6)
        assert again == found
        before = {one: household.household_id for household in found for one in household.customers}

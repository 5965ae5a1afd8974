"""The whole room on real rows: staged persons in, customers with stable ids out."""

import random
from collections.abc import Callable
from datetime import date

import pytest

from shuke.customers.actions import IdsTaken, commit_resolution
from shuke.customers.models import Allocator
from shuke.journal.models import Entry
from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.errors import NotAllowed
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from tests.customers.people import Row, day, forget, identity, person, resolve, sale, table

Fill = Callable[..., None]
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周", "伟芳娜敏静丽强磊军洋"


def crowd(people: int, *, seed: int) -> list[Row]:
    """People with a card, a phone, a WeChat contact and orders, some of them sharing or changing a phone."""
    chance = random.Random(seed)
    rows: list[Row] = []
    for number in range(people):
        name = chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN)
        phone = f"86139{number - (number % 17 == 3):08}"
        card = f"C{number:06}"
        if chance.random() < 0.7:
            born = date(1960 + chance.randrange(45), 1 + chance.randrange(12), 1 + chance.randrange(28))
            rows.append(
                person("member", card, card=card, phone=phone, name=name, birthday=born, seen=chance.randrange(90))
            )
        if chance.random() < 0.4:
            rows.append(person("wecom", f"wx{number}", unionid=f"u{number}", phone=phone, seen=chance.randrange(500)))
        for order in range(chance.randrange(1, 5)):
            keys = chance.choice([{"card": card, "phone": phone}, {"phone": phone}, {"card": card}])
            rows.append(person("pos", f"P{number}-{order}", seen=chance.randrange(500), **keys))
        if chance.random() < 0.3:
            masked = f"{phone[2:5]}****{phone[-4:]}"
            buyer = {"shop_user_id": f"tb{number}", "phone_masked": masked, "name": f"{name[0]}**", "name_masked": True}
            rows.append(person("tmall", f"T{number}", seen=chance.randrange(500), city="杭州市", **buyer))
    return rows


def test_the_same_rows_give_the_same_map(workspace: Workspace, fill_lake: Fill) -> None:
    rows = crowd(150, seed=1)
    fill_lake(staged_persons=rows)
    first = resolve(workspace)
    with open_reader(SYSTEM, workspace) as lake:
        names = ("identity", "customer_profiles", "customer_lookup", "customer_aliases", "evidence_owners")
        before = {name: table(lake, name) for name in names}
    assert first.created > 100
    shuffled = rows[:]
    random.Random(2).shuffle(shuffled)
    fill_lake(staged_persons=[{**row, "row_no": number} for number, row in enumerate(shuffled)])
    again = resolve(workspace)
    assert (again.created, again.merged, again.split, again.next_id) == (0, 0, 0, first.next_id)
    with open_reader(SYSTEM, workspace) as lake:
        assert {name: table(lake, name) for name in names} == before
    # A rebuild of a workspace that remembers nothing gives the same ids.
    forget(workspace)
    resolve(workspace)
    with open_reader(SYSTEM, workspace) as lake:
        assert {name: table(lake, name) for name in names} == before


def test_neither_the_order_of_rows_nor_threads_change_a_byte_of_the_map(workspace: Workspace, fill_lake: Fill) -> None:
    people = crowd(150, seed=7)
    # A second version of each tenth record, and statements at one instant: what ties must be decided by values.
    people += [{**row, "city": "宁波市", "address": f"江北区{n}号"} for n, row in enumerate(people[::10])]
    said = [
        {
            "batch_id": 1, "row_hash": number, "record_id": row["record_id"], "source": row["source"], "channel": "all",
            "purpose": "marketing", "state": "granted" if number % 3 else "refused", "at": day(1),
            "evidence": f"e{number}",
        }
        for number, row in enumerate([*people[:60], *people[:60]])
    ]  # fmt: skip
    sales = [sale("pos", f"X{n}", external_order_no=f"P{n}-0") for n in range(40)]
    maps = set()
    for threads, seed in ((2, 1), (1, 2), (2, 3)):
        forget(workspace)
        chance = random.Random(seed)
        mixed = [chance.sample(rows, len(rows)) for rows in (people, said, sales)]
        numbered = [[{**row, "row_no": number} for number, row in enumerate(rows)] for rows in mixed]
        fill_lake(staged_persons=numbered[0], staged_consents=numbered[1], staged_sales=numbered[2])
        with open_reader(SYSTEM, workspace) as lake:
            lake.cursor.execute(f"set threads = {threads}")
        resolve(workspace)
        names = ("identity", "customer_profiles", "customer_consents", "customer_evidence", "customer_lookup")
        with open_reader(SYSTEM, workspace) as lake:
            maps.add(repr([table(lake, name) for name in names]).encode())
    assert len(maps) == 1


def test_one_per_cent_more_leaves_everybody_else_alone(workspace: Workspace, fill_lake: Fill) -> None:
    rows = crowd(200, seed=3)
    fill_lake(staged_persons=rows)
    resolve(workspace)
    before = identity(workspace)
    more = [person("member", f"N{number}", phone=f"8613712{number:06}", seen=390) for number in range(4)]
    more += [person("pos", "joins", card="C000005", phone="8613712000001", seen=400)]
    fill_lake(staged_persons=rows + more)
    resolved = resolve(workspace)
    after = identity(workspace)
    with open_reader(SYSTEM, workspace) as lake:
        aliases = {row["alias_id"]: row["customer_id"] for row in lake.rows("select * from customer_aliases")}
        living = {row["customer_id"] for row in lake.rows("select customer_id from customer_profiles")}
    touched = {before["pos", key[1]] for key in before if key[0] == "pos" and key[1].startswith("P5-")}
    assert {key for key in before if before[key] != after[key] and before[key] not in touched} == set()
    old = {number for number in before.values() if number is not None}
    assert {aliases.get(number, number) for number in old} <= living
    assert resolved.created == 3
    assert after["pos", "joins"] == after["member", "N1"]


def test_a_phone_that_ties_two_customers_merges_and_its_end_splits(workspace: Workspace, fill_lake: Fill) -> None:
    apart = [
        person("pos", "a1", card="A00001"),
        person("pos", "a2", card="A00001", seen=1),
        person("pos", "b1", card="B00001", seen=2),
    ]
    tie = person("member", "m", card="A00001", phone="8613912340001", name="陈小燕")
    other = person("wecom", "w", unionid="u1", phone="8613912340001", seen=3)
    fill_lake(staged_persons=[*apart, other])
    resolve(workspace)
    before = identity(workspace)
    assert before["pos", "a1"] != before["wecom", "w"]
    fill_lake(staged_persons=[*apart, other, tie])
    merged = resolve(workspace)
    after = identity(workspace)
    assert merged.merged == 1
    assert after["wecom", "w"] == after["pos", "a1"] == before["pos", "a1"]
    with open_reader(SYSTEM, workspace) as lake:
        assert lake.rows("select * from customer_aliases") == [
            {"alias_id": before["wecom", "w"], "customer_id": before["pos", "a1"]}
        ]
    fill_lake(staged_persons=[*apart, other])
    split = resolve(workspace)
    again = identity(workspace)
    assert split.split == 1
    assert again["pos", "a1"] == before["pos", "a1"]
    # The part that left gets a new id: an id once given away as an alias is never reused.
    assert again["wecom", "w"] not in {before["wecom", "w"], before["pos", "a1"]}


def test_dummies_virtual_and_missing_keys_are_nobodys(workspace: Workspace, fill_lake: Fill) -> None:
    dummies = ["8613800138000", "8611111111111", "8613812345678"]
    rows = [person("pos", f"d{n}", phone=phone) for n, phone in enumerate(dummies)]
    rows += [person("member", f"m{n}", card=f"M{n:05}", phone=phone) for n, phone in enumerate(dummies * 2)]
    rows += [
        person("jd", "j1", name="张**", name_masked=True, phone_virtual=True),
        person("tmall", "t1", shop_user_id="张***1", name="张**", name_masked=True),
        person("person", "p1", name="李雷"),
    ]
    sales = [sale("meituan", "none"), sale("meituan", "ad", row_grain="fee"), sale("pos", "d0", buyer_key="phone")]
    fill_lake(staged_persons=rows, staged_sales=sales)
    resolve(workspace)
    found = identity(workspace)
    assert {key for key, who in found.items() if who is None} == {
        ("pos", "d0"), ("pos", "d1"), ("pos", "d2"), ("jd", "j1"), ("tmall", "t1"), ("meituan", "none"),
    }  # fmt: skip
    known = [who for who in found.values() if who is not None]
    assert len(set(known)) == len(known) == 7
    with open_reader(SYSTEM, workspace) as lake:
        blocked = lake.rows("select distinct block_reason from identifiers where type = 'phone' and not usable")
        assert {row["block_reason"] for row in blocked} <= {"list", "pattern"}
        assert lake.value("select reason from identity where source_row_id = 'd0'") == "blocked_value"
        assert lake.value("select count(*) from customer_profiles where phone is not null") == 0


def test_a_till_number_is_nobodys_and_its_holder_stays(workspace: Workspace, fill_lake: Fill) -> None:
    till = "8613912345670"
    rows = [person("pos", f"w{n}", phone=till, seen=n // 5) for n in range(100)]
    rows += [person("member", "S1", card="S00001", phone=till, name="季兰芳", is_staff=True)]
    rows += [person("pos", f"o{n}", phone=f"86139000{n:05}", seen=n) for n in range(200)]
    fill_lake(staged_persons=rows)
    resolved = resolve(workspace)
    assert resolved.blocked == {"phone_till": 1}
    found = identity(workspace)
    assert {found["pos", f"w{n}"] for n in range(100)} == {None}
    with open_reader(SYSTEM, workspace) as lake:
        holder = lake.row(
            "select is_staff, phone from customer_profiles where customer_id = $id", id=found["member", "S1"]
        )
    assert holder == {"is_staff": True, "phone": None}


def test_records_without_a_day_make_no_till_number(workspace: Workspace, fill_lake: Fill) -> None:
    undated = [person("person", f"u{n}", phone="8613912345671", name="郝买主") | {"seen_at": None} for n in range(60)]
    others = [person("pos", f"o{n}-{k}", phone=f"86139000{n:05}", seen=k) for n in range(5) for k in range(20)]
    fill_lake(staged_persons=undated + others)
    assert resolve(workspace).blocked == {}
    assert len({identity(workspace)["person", f"u{n}"] for n in range(60)}) == 1


def test_a_dummy_found_late_dissolves_its_blob_and_gives_the_ids_back(workspace: Workspace, fill_lake: Fill) -> None:
    shared = "8613912345699"
    rows = [person("member", f"m{n}", phone=shared, email=f"m{n}@a.cn", seen=n) for n in range(3)]
    fill_lake(staged_persons=rows)
    resolve(workspace)
    blob = identity(workspace)
    assert len(set(blob.values())) == 1
    own = workspace.root / "guards.yaml"
    own.write_text(f'blocked:\n  phones: ["{shared}"]\n', "utf-8")
    resolve(workspace)
    apart = identity(workspace)
    assert len(set(apart.values())) == 3
    own.unlink()
    resolve(workspace)
    assert identity(workspace) == blob


def test_a_number_that_changed_hands_gives_each_owner_their_receipts(workspace: Workspace, fill_lake: Fill) -> None:
    phone = "8613912345601"
    rows = [
        person("member", "old", card="C00001", phone=phone, name="陈小燕", seen=0),
        person("pos", "o1", card="C00001", phone=phone, seen=50),
        person("member", "new", card="C00002", phone=phone, name="王建国", seen=300),
        person("pos", "n1", card="C00002", phone=phone, seen=400),
        *(person("pos", f"r{seen}", phone=phone, seen=seen) for seen in (10, 90, 310, 450)),
    ]
    fill_lake(staged_persons=rows)
    resolve(workspace)
    found = identity(workspace)
    assert found["member", "old"] == found["pos", "o1"] == found["pos", "r10"] == found["pos", "r90"]
    assert found["member", "new"] == found["pos", "n1"] == found["pos", "r310"] == found["pos", "r450"]
    assert found["member", "old"] != found["member", "new"]


def test_an_order_in_two_systems_is_one_persons(workspace: Workspace, fill_lake: Fill) -> None:
    fill_lake(
        staged_persons=[person("youzan", "Y1", phone="8613912345601", name="陈小燕")],
        staged_sales=[
            sale("youzan", "Y1", buyer_key="phone"),
            sale("pos", "P1", external_order_no="Y1"),
            sale("pos", "P2"),
        ],
    )
    resolve(workspace)
    found = identity(workspace)
    assert found["pos", "P1"] == found["youzan", "Y1"] is not None
    assert found["pos", "P2"] is None


def test_both_evidence_tables_hash_alike(workspace: Workspace, fill_lake: Fill) -> None:
    rows = crowd(40, seed=9)
    rows.append(
        person("jd", "x", shop_user_id="jd_1", address="浙江省 宁波市 江北区 ****", gender="female", is_staff=False)
    )
    rows.append(person("person", "y", email="A@b.com", member_id="9", city="杭州市", address="浙江省宁波市海曙区1号"))
    fill_lake(staged_persons=rows)
    resolve(workspace)
    with open_reader(SYSTEM, workspace) as lake:
        lost = "select count(*) from record_evidence where evidence_id not in (select evidence_id from person_evidence)"
        assert lake.value(lost) == 0
        placed = lake.rows("select city, district from person_evidence where district is not null order by city")
    assert [(row["city"], row["district"]) for row in placed] == [("宁波市", "江北区"), ("杭州市", "海曙区")]


def test_ids_are_booked_once_and_told_to_the_journal(workspace: Workspace, fill_lake: Fill) -> None:
    fill_lake(staged_persons=[person("member", "m", card="M00001")])
    resolution = resolve(workspace)
    assert Allocator.objects.get().next_id == resolution.next_id == resolution.first_id + 1
    assert Entry.objects.get(verb="customers_resolved").details["created"] == 1
    with pytest.raises(IdsTaken):
        commit_resolution(SYSTEM, resolution=resolution)
    manager = Actor(name="m", role=Role.MANAGER, stores=frozenset({"滨江店"}))
    with pytest.raises(NotAllowed):
        commit_resolution(manager, resolution=resolution)


def test_an_empty_shop_has_no_customers(workspace: Workspace) -> None:
    assert resolve(workspace).customers == 0
    assert identity(workspace) == {}

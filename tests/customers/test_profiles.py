"""Profiles, consents, search, evidence and the journaled look."""

from collections.abc import Callable
from datetime import date

import pytest

from shuke.customers.actions import reveal
from shuke.customers.queries import NoSuchCustomer, consents, evidence, profile, search
from shuke.journal.models import Entry
from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.errors import NotAllowed, WrongUse
from shuke.kernel.ids import record_id
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.lake.queries import open_reader
from tests.customers.people import Row, day, identity, person, resolve, sale

Fill = Callable[..., None]
PHONE = "8613912345601"
OPERATOR = Actor(name="op", role=Role.OPERATOR)


def store(actor: str, name: str) -> Actor:
    return Actor(name=actor, role=Role.MANAGER, stores=frozenset({name}))


def one_customer() -> list[Row]:
    """A member who also bought online, masked at a marketplace, and is a WeChat contact under a nickname."""
    return [
        person("member", "C00001", card="C00001", phone=PHONE, name="陈小燕", birthday=date(1990, 5, 17), seen=5,
               store="滨江店", associate="李雷", registered_on=date(2025, 1, 6), gender="female"),
        person("wecom", "wx1", unionid="u1", phone=PHONE, name="小燕子", seen=9, store="滨江店", associate="韩梅"),
        person("youzan", "Y1", phone=PHONE, name="陈小燕", email="Chen@Example.com", city="杭州市",
               address="杭州市滨江区1号", seen=300),
        person("tmall", "T1", shop_user_id="tb1", phone_masked="139****5601", name="陈**", name_masked=True, seen=400,
               city="杭州市"),
        *(person("pos", f"P{n}", card="C00001", store="天一店", associate="陆二", seen=100 + n) for n in range(3)),
    ]  # fmt: skip


@pytest.fixture
def shop(workspace: Workspace, fill_lake: Fill) -> Workspace:
    """One rich customer, another one at another store, and who may see whom."""
    rows = [
        *one_customer(),
        person("member", "C00002", card="C00002", phone="8613912349999", name="王建国", store="城西店", seen=7),
    ]
    said = {"batch_id": 1, "row_no": 1, "row_hash": 1, "source": "consent", "purpose": "marketing"}
    fill_lake(
        staged_persons=[*rows, person("consent", "K1", phone=PHONE)],
        staged_sales=[sale("pos", "P0", buyer_key="card")],
        staged_consents=[
            {**said, "record_id": record_id("consent", "K1"), "channel": "sms", "state": state, "at": day(at)}
            for state, at in (("granted", 1), ("withdrawn", 9), ("granted", 9))
        ]
        + [{**said, "record_id": record_id("consent", "K1"), "channel": "all", "state": "granted", "at": day(2)}],
    )
    with open_run(workspace, kind="test") as run:
        names = " union all ".join(
            f"select '{source}' as source, '{name}' as written, '{name}' as store, 'store' as channel"
            for source in ("member", "wecom", "pos")
            for name in ("滨江店", "天一店", "城西店")
        )
        run.write("store_names", sql=names)
        run.publish()
    resolve(workspace)
    with open_run(workspace, kind="test") as run:
        run.write("customer_stores", sql="select customer_id, store, 'owner' as reason from customer_profiles")
        run.publish()
    return workspace


def who(shop: Workspace) -> int:
    found = identity(shop)["member", "C00001"]
    assert found is not None
    return found


def test_survivorship_field_by_field(shop: Workspace) -> None:
    found = identity(shop)
    mine = [key for key, customer in found.items() if customer == who(shop)]
    assert len(mine) == 8
    with open_reader(SYSTEM, shop) as lake:
        known = profile(SYSTEM, lake=lake, customer_id=who(shop))
    assert (known.name, known.phone, known.email) == ("陈小燕", PHONE, "Chen@Example.com")
    assert (known.birthday, known.gender, known.city) == (date(1990, 5, 17), "female", "杭州市")
    assert (known.card, known.store, known.associate) == ("C00001", "滨江店", "韩梅")
    assert (known.registered_on, known.is_member, known.in_wecom) == (date(2025, 1, 6), True, True)
    assert (known.records, known.sources, known.address) == (8, 6, "杭州市滨江区1号")


def test_the_latest_statement_holds_and_the_stricter_of_two(shop: Workspace) -> None:
    with open_reader(SYSTEM, shop) as lake:
        said = {row.channel: row.state for row in consents(SYSTEM, lake=lake, customer_id=who(shop))}
        assert said["sms"] == "withdrawn"
        assert (said["email"], said["wecom"], "all" in said) == ("granted", "granted", False)
        stranger = identity(shop)["member", "C00002"]
        assert consents(SYSTEM, lake=lake, customer_id=stranger or 0) == []


def test_search_by_any_identifier(shop: Workspace) -> None:
    phones = ["13912345601", "86 139-1234-5601", "+8613912345601", "5601"]
    others = ["陈小燕", "陈 小燕", "C00001", "chen@example.com", "u1", "tb1", "Y1", "P2", str(who(shop))]
    with open_reader(OPERATOR, shop) as lake:
        for text in (*phones, *others):
            assert search(OPERATOR, lake=lake, text=text) == [who(shop)], text
        for text in ("13800138000", "  ", "陈", "1' or '1'='1"):
            assert search(OPERATOR, lake=lake, text=text) == [], text


def test_a_store_sees_its_own_customers_only(shop: Workspace) -> None:
    own, other = store("m1", "滨江店"), store("m2", "城西店")
    with open_reader(own, shop) as lake:
        assert search(own, lake=lake, text="陈小燕") == [who(shop)]
        assert profile(own, lake=lake, customer_id=who(shop)).phone == "139****5601"
        assert evidence(own, lake=lake, customer_id=who(shop))
    with open_reader(other, shop) as lake:
        assert search(other, lake=lake, text="陈小燕") == search(other, lake=lake, text="P2") == []
        for ask in (profile, evidence, consents):
            with pytest.raises(NoSuchCustomer):
                ask(other, lake=lake, customer_id=who(shop))
    with pytest.raises(NoSuchCustomer):
        reveal(other, workspace=shop, customer_id=who(shop))
    assert not Entry.objects.filter(verb="revealed").exists()


def test_the_evidence_is_masked_and_says_for_and_against(shop: Workspace) -> None:
    with open_reader(OPERATOR, shop) as lake:
        records = evidence(OPERATOR, lake=lake, customer_id=who(shop))
    assert sum(record.records for record in records) == 8
    text = repr(records)
    assert PHONE not in text
    assert "陈小燕" not in text
    member = next(record for record in records if "member" in record.sources)
    phone = next(key for key in member.keys if key.kind == "phone")
    assert (phone.value, phone.usable, phone.shared_with) == ("139****5601", True, 3)
    assert "name" in member.agrees
    assert "name" in next(record for record in records if "wecom" in record.sources).differs
    masked = next(record for record in records if "tmall" in record.sources)
    assert (masked.reason, masked.source_row_ids) == ("masked_phone", ("T1",))
    assert any(key.reason == "masked" for key in masked.keys)


def test_a_look_is_journaled_and_needs_the_permission(shop: Workspace) -> None:
    seen = reveal(OPERATOR, workspace=shop, customer_id=who(shop), fields=["phone", "name"])
    assert (seen.phone, seen.name, seen.email) == (PHONE, "陈小燕", None)
    entry = Entry.objects.get(verb="revealed")
    assert (entry.object_id, entry.details) == (str(who(shop)), {"fields": ["name", "phone"]})
    associate = Actor(name="a", role=Role.ASSOCIATE, stores=frozenset({"滨江店"}))
    with pytest.raises(NotAllowed):
        reveal(associate, workspace=shop, customer_id=who(shop))
    with pytest.raises(WrongUse):
        reveal(OPERATOR, workspace=shop, customer_id=who(shop), fields=["card; drop"])
    with pytest.raises(NoSuchCustomer):
        reveal(OPERATOR, workspace=shop, customer_id=1)
    assert Entry.objects.filter(verb="revealed").count() == 1


def test_an_alias_leads_to_the_living_customer(shop: Workspace, fill_lake: Fill) -> None:
    stranger = identity(shop)["member", "C00002"]
    tie = person("person", "tie", card="C00002", unionid="u1", name="陈小燕", seen=9)
    rows = [row for row in one_customer() if row["source"] != "member"]
    plain = person("member", "C00002", card="C00002", phone="8613912349999", seen=7)
    fill_lake(staged_persons=[*rows, plain, tie])
    resolve(shop)
    living = identity(shop)["member", "C00002"]
    with open_reader(SYSTEM, shop) as lake:
        known = profile(SYSTEM, lake=lake, customer_id=stranger or 0)
        assert known.customer_id == living
        assert stranger in (known.customer_id, *known.alias_ids)
        assert search(SYSTEM, lake=lake, text=str(stranger)) == [living]

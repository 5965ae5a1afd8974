"""Ids stay: whoever is not touched keeps theirs, and every id ever given out leads to one living customer."""

import random
from collections.abc import Callable

import pytest

from shuke.customers.adapters import BadGuards, guards, shop_guards
from shuke.kernel.actor import SYSTEM
from shuke.kernel.ids import record_id
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from tests.customers.people import Row, identity, person, resolve
from tests.customers.test_resolution import crowd

Fill = Callable[..., None]
Block = Callable[[str], None]


@pytest.fixture
def block(workspace: Workspace) -> Block:
    """Blocks a phone in the shop's own guards.yaml; an empty text takes the file away."""

    def put(phone: str) -> None:
        path = workspace.root / "guards.yaml"
        if phone:
            path.write_text(f'blocked:\n  phones: ["{phone}"]\n', "utf-8")
        else:
            path.unlink()

    return put


@pytest.mark.parametrize(
    "text",
    ["- 1", "blocked: 3", "limits: {phone: 9}", "blocked: {phones: 138}", "blocked: {cards: []}", "a: [", "\x00"],
)
def test_guards_of_a_shop_that_cannot_be_used_are_told(workspace: Workspace, text: str) -> None:
    (workspace.root / "guards.yaml").write_text(text, "utf-8")
    with pytest.raises(BadGuards, match=r"guards\.yaml"):
        shop_guards(workspace.root)


def test_guards_of_a_shop_add_to_those_shipped(workspace: Workspace) -> None:
    text = "blocked: {phones: [13800001234, '+86 139-0000-4321', '02155550000'], emails: [Shop@Example.com]}"
    (workspace.root / "guards.yaml").write_text(text, "utf-8")
    found, shipped = shop_guards(workspace.root).parameters, guards().parameters
    assert isinstance(shipped["blocked_phones"], list)
    assert found["blocked_phones"] == [*shipped["blocked_phones"], "8613800001234", "8613900004321", "02155550000"]
    assert "shop@example.com" in str(found["blocked_emails"])
    assert {**found, "blocked_phones": 0, "blocked_emails": 0} == {**shipped, "blocked_phones": 0, "blocked_emails": 0}


def leads(workspace: Workspace) -> tuple[dict[int, int], set[int]]:
    """Where ids lead, and the living customers."""
    with open_reader(SYSTEM, workspace) as lake:
        aliases = {row["alias_id"]: row["customer_id"] for row in lake.rows("select * from customer_aliases")}
        living = {row["customer_id"] for row in lake.rows("select customer_id from customer_profiles")}
    return aliases, living


def renamed(row: Row, *, source: str, to: str) -> Row:
    """The row as it comes when its channel is exported under another name."""
    if row["source"] != source:
        return row
    return row | {"source": to, "record_id": record_id(to, row["source_row_id"])}


def test_a_blob_of_receipts_that_was_blocked_comes_back_with_its_ids(
    workspace: Workspace, fill_lake: Fill, block: Block
) -> None:
    shared = "8613912345699"
    rows = [person("pos", f"r{n}", phone=shared, seen=n) for n in range(9)]
    rows += [person("pos", f"c{n}", card=f"C{n:05}", seen=n) for n in range(3)]
    fill_lake(staged_persons=rows[1:])
    resolve(workspace)
    # A card that was a customer of its own joins the blob and leads there, also after the blob was away.
    fill_lake(staged_persons=[*rows, person("pos", "tie", card="C00001", phone=shared, seen=20)])
    resolve(workspace)
    before, aliases = identity(workspace), leads(workspace)[0]
    assert len(aliases) == 1
    block(shared)
    resolve(workspace)
    away = identity(workspace)
    assert [away["pos", f"r{n}"] for n in range(9)] == [None] * 9
    assert away["pos", "c1"] == before["pos", "c1"]
    resolve(workspace)
    assert identity(workspace) == away
    block("")
    again = resolve(workspace)
    assert (identity(workspace), leads(workspace)[0]) == (before, aliases)
    assert again.created == 0


def test_a_customer_who_is_nobody_for_a_while_gets_the_ids_that_led_there_back(
    workspace: Workspace, fill_lake: Fill, block: Block
) -> None:
    one, other = "8613912345601", "8613912345602"
    apart = [person("pos", "a", phone=one), person("pos", "b", phone=other, seen=1)]
    fill_lake(staged_persons=apart)
    resolve(workspace)
    gone = identity(workspace)["pos", "b"]
    tie = person("wecom", "w", phone=other, unionid="u1", seen=2)
    fill_lake(staged_persons=[apart[0], person("pos", "b", phone=one, seen=1)])
    resolve(workspace)
    whole = identity(workspace)
    assert leads(workspace)[0] == {gone: whole["pos", "a"]}
    block(one)
    resolve(workspace)
    assert leads(workspace) == ({}, set())
    block("")
    fill_lake(staged_persons=[apart[0], person("pos", "b", phone=one, seen=1), tie])
    resolve(workspace)
    assert {key: identity(workspace)[key] for key in whole} == whole
    assert leads(workspace)[0] == {gone: whole["pos", "a"]}


def test_deleting_one_person_changes_no_other_id(workspace: Workspace, fill_lake: Fill) -> None:
    rows = crowd(40, seed=11)
    fill_lake(staged_persons=rows)
    resolve(workspace)
    before = identity(workspace)
    for leaver in sorted(who for who in before.values() if who is not None)[::60]:
        hers = {key for key, who in before.items() if who == leaver}
        fill_lake(staged_persons=[row for row in rows if (row["source"], row["source_row_id"]) not in hers])
        resolve(workspace)
        assert identity(workspace) == {key: who for key, who in before.items() if key not in hers}
        assert leaver not in leads(workspace)[1]
    fill_lake(staged_persons=rows)
    resolve(workspace)
    assert identity(workspace) == before


def test_renaming_a_channel_changes_no_id(workspace: Workspace, fill_lake: Fill) -> None:
    rows = crowd(150, seed=12)
    # Buyers of one shop whom nothing but their number there knows, and another shop with the same numbers.
    rows += [person("tmall", f"B{n}", shop_user_id=f"b{n}", seen=n) for n in range(5)]
    rows += [person("youzan", f"Y{n}", shop_user_id=f"b{n}", seen=n) for n in range(5)]
    # Members of whom no key is known, or one that is blocked.
    rows += [person("member", f"L{n}", name="李明", seen=n) for n in range(3)]
    rows += [person("member", f"Z{n}", phone="8613800138000", seen=n) for n in range(3)]
    fill_lake(staged_persons=rows)
    first = resolve(workspace)
    before = identity(workspace)
    for source, to in (("tmall", "tmall_new"), ("pos", "till"), ("member", "crm")):
        rows = [renamed(row, source=source, to=to) for row in rows]
        before = {(to if key[0] == source else key[0], key[1]): who for key, who in before.items()}
        fill_lake(staged_persons=rows)
        again = resolve(workspace)
        assert identity(workspace) == before
        assert (again.next_id, again.created, again.merged) == (first.next_id, 0, 0)


def test_a_record_twice_or_an_unrelated_person_changes_no_id(workspace: Workspace, fill_lake: Fill) -> None:
    rows = crowd(100, seed=13)
    fill_lake(staged_persons=rows)
    resolve(workspace)
    before = identity(workspace)
    twice = [{**row, "row_no": 99, "batch_id": 2} for row in rows[::7]]
    copied = [
        {**row, "source_row_id": f"copy-{row['source_row_id']}", "record_id": record_id(row["source"], f"copy-{n}")}
        for n, row in enumerate(rows)
        if row["kind"] == "order" and n % 9 == 0
    ]
    newcomer = person("member", "N1", card="N00001", phone="8613700000001", name="尉迟恭", seen=3)
    fill_lake(staged_persons=[newcomer, *copied, *rows, *twice])
    resolve(workspace)
    after = identity(workspace)
    assert {key: after[key] for key in before} == before
    for source, row_id in set(after) - set(before) - {("member", "N1")}:
        assert after[source, row_id] == before[source, row_id.removeprefix("copy-")]
    assert after["member", "N1"] not in before.values()


@pytest.mark.parametrize("seed", range(2))
def test_any_id_ever_given_out_leads_to_one_living_customer(workspace: Workspace, fill_lake: Fill, seed: int) -> None:
    chance = random.Random(seed)
    rows = crowd(60, seed=seed)
    given: set[int] = set()
    for _ in range(5):
        rows += [
            person("pos", f"tie{chance.random()}", card=f"C{chance.randrange(60):06}", seen=600,
                   phone=f"86139{chance.randrange(60):08}")
            for _ in range(4)
        ]  # fmt: skip
        fill_lake(staged_persons=chance.sample(rows, len(rows)))
        resolve(workspace)
        given |= {who for who in identity(workspace).values() if who is not None}
        given |= {who for who in identity(workspace, "customer_id_automatic").values() if who is not None}
        aliases, living = leads(workspace)
        assert not living & set(aliases)
        assert {aliases.get(number, number) for number in given} <= living

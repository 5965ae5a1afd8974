"""Decisions of people through resolutions: they hold, they can be taken back, and they name each other."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

import shuke.customers.queries as known
from shuke.customers.actions import Contradiction, NoSuchDecision, decide_merge, decide_split, take_back
from shuke.customers.adapters import guards, weights
from shuke.customers.models import Decision
from shuke.journal.models import Entry
from shuke.kernel.actor import Actor, Role
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import NotAllowed, WrongUse
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from tests.customers.people import Row, day, forget, identity, person, resolve

Fill = Callable[..., None]
OWNER = Actor(name="陈", role=Role.OWNER)
PHONE_A, PHONE_B = "8613911110001", "8613911110002"


def people() -> list[Row]:
    """A with seven records, B with five, and somebody else."""
    rows = [
        person("member", "A", card="A", phone=PHONE_A, name="陈小燕", seen=1, birthday=day(-9000).date()),
        person("member", "B", card="B", phone=PHONE_B, name="陈燕", seen=3),
        person("member", "C", card="C", phone="8613911110003", name="王强", seen=2),
    ]
    for card, phone, times in (("A", PHONE_A, 6), ("B", PHONE_B, 4), ("C", "8613911110003", 2)):
        for number in range(times):
            keys = ({"card": card}, {"phone": phone}, {"card": card, "phone": phone})[number % 3]
            rows.append(person("pos", f"P{card}{number}", seen=10 + 9 * number, **keys))
    return rows


@pytest.fixture
def shop(workspace: Workspace, fill_lake: Fill) -> Workspace:
    fill_lake(staged_persons=people())
    resolve(workspace)
    return workspace


def of(workspace: Workspace, card: str) -> int:
    found = identity(workspace)["member", card]
    assert found is not None
    return found


def records(workspace: Workspace, customer_id: int) -> set[str]:
    return {number for (_, number), owner in identity(workspace).items() if owner == customer_id}


def merge(workspace: Workspace, *, replace: bool = False) -> int:
    """Decides that A and B are one, and applies it; the decision's number."""
    decided = decide_merge(
        OWNER, workspace=workspace, left=of(workspace, "A"), right=of(workspace, "B"), reason="一个人", replace=replace
    )
    resolve(workspace)
    return decided.decision_id


def evidence_with(workspace: Workspace, customer_id: int, numbers: Sequence[str]) -> list[int]:
    with open_reader(OWNER, workspace) as lake:
        rows = known.evidence(OWNER, lake=lake, customer_id=customer_id)
    return [row.evidence_id for row in rows if set(row.source_row_ids) & set(numbers)]


def test_a_merge_holds_and_is_taken_back_with_both_ids(shop: Workspace) -> None:
    a, b = of(shop, "A"), of(shop, "B")
    before = identity(shop)
    number = merge(shop)
    assert of(shop, "A") == of(shop, "B") == a
    assert known.waiting(OWNER) == 0
    resolve(shop)
    assert of(shop, "B") == a
    taken = take_back(OWNER, decision_id=number, reason="看错了")
    assert taken.waiting == known.waiting(OWNER) == 1
    resolve(shop)
    assert identity(shop) == before and (of(shop, "A"), of(shop, "B")) == (a, b)
    resolve(shop)
    assert identity(shop) == before
    with pytest.raises(NoSuchDecision):
        take_back(OWNER, decision_id=number)


def test_newcomers_between_do_not_take_an_id_away(shop: Workspace, fill_lake: Fill) -> None:
    a, b = of(shop, "A"), of(shop, "B")
    number = merge(shop)
    newcomers = [person("pos", f"N{n}", card="B", seen=300) for n in range(30)]
    fill_lake(staged_persons=people() + newcomers)
    resolve(shop)
    assert len(records(shop, a)) == 12 + 30
    take_back(OWNER, decision_id=number)
    resolve(shop)
    assert (of(shop, "A"), of(shop, "B")) == (a, b)
    assert len(records(shop, a)) == 7 and len(records(shop, b)) == 5 + 30


def test_a_merge_under_another_merge_is_taken_back_last(shop: Workspace) -> None:
    before = identity(shop)
    first = merge(shop)
    both = of(shop, "A")
    second = decide_merge(OWNER, workspace=shop, left=both, right=of(shop, "C"), reason="也是").decision_id
    resolve(shop)
    assert of(shop, "A") == of(shop, "B") == of(shop, "C")
    with pytest.raises(known.BuiltOn, match=rf"decision {second}\)"):
        take_back(OWNER, decision_id=first)
    with open_reader(OWNER, shop) as lake, pytest.raises(known.BuiltOn):
        known.decision_sides(OWNER, lake=lake, decision_id=first)
    take_back(OWNER, decision_id=second)
    resolve(shop)
    assert of(shop, "A") == of(shop, "B") == both and of(shop, "C") == before["member", "C"]
    take_back(OWNER, decision_id=first)
    resolve(shop)
    assert identity(shop) == before


def test_two_merges_taken_back_at_once_give_every_id_back(shop: Workspace, fill_lake: Fill) -> None:
    before = identity(shop)
    first = merge(shop)
    fill_lake(staged_persons=people() + [person("pos", f"N{n}", card="B", seen=300) for n in range(30)])
    resolve(shop)
    second = decide_merge(OWNER, workspace=shop, left=of(shop, "A"), right=of(shop, "C"), reason="也是").decision_id
    resolve(shop)
    take_back(OWNER, decision_id=second)
    take_back(OWNER, decision_id=first)
    resolve(shop)
    found = identity(shop)
    assert {key: found[key] for key in before} == before
    assert {found["pos", f"N{n}"] for n in range(30)} == {of(shop, "B")}


def test_a_decision_taken_back_before_it_was_applied_did_nothing(shop: Workspace) -> None:
    before = identity(shop)
    decided = decide_merge(OWNER, workspace=shop, left=of(shop, "A"), right=of(shop, "B"), reason="一个人")
    assert decided.waiting == 1
    assert take_back(OWNER, decision_id=decided.decision_id).waiting == 0
    resolve(shop)
    assert identity(shop) == before
    with open_reader(OWNER, shop) as lake:
        assert {event.kind for event in known.history(OWNER, lake=lake, customer_id=of(shop, "A"))} == {"created"}


def test_a_split_holds_through_imports_new_rules_and_a_rebuild(
    shop: Workspace, fill_lake: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = of(shop, "A")
    gone = {"PA2", "PA5"}
    decide_split(OWNER, workspace=shop, customer_id=a, evidence=evidence_with(shop, a, ["PA2"]), reason="同事代刷")
    resolve(shop)
    other = identity(shop)["pos", "PA2"]
    assert other not in (a, None) and records(shop, other or 0) == gone
    fill_lake(
        staged_persons=[*people(), *(person("pos", f"PA2{n}", card="A", phone=PHONE_A, seen=90) for n in range(3))]
    )
    resolve(shop)
    assert records(shop, other or 0) == gone and len(records(shop, a)) == 8
    # Other rules.
    old = guards()
    loose = replace(old, limits=replace(old.limits, values={"phone": 50, "card": 50}, recycled_after_days=9000))
    changed = replace(weights(), automatic_from=0.5, probable_from=0.3, review_from=0.1)
    for name in ("resolution", "evidence"):
        monkeypatch.setattr(f"shuke.customers.actions.{name}.guards", lambda: loose)
    monkeypatch.setattr("shuke.customers.actions.resolution.weights", lambda: changed)
    resolve(shop)
    assert records(shop, other or 0) == gone and of(shop, "A") == a
    # From nothing: the same two customers, whatever their numbers.
    forget(shop)
    resolve(shop)
    rebuilt = identity(shop)
    assert rebuilt["pos", "PA2"] == rebuilt["pos", "PA5"] != rebuilt["member", "A"]
    assert len(records(shop, of(shop, "A"))) == 8


def test_a_decision_that_does_not_fit_is_refused_or_replaces(shop: Workspace) -> None:
    a = of(shop, "A")
    merged = merge(shop)
    decided = decide_split(
        OWNER, workspace=shop, customer_id=a, evidence=evidence_with(shop, a, ["B", "PB0", "PB1", "PB2", "PB3"]),
        reason="两个人",
    )  # fmt: skip
    assert decided.replaced == (merged,)
    resolve(shop)
    assert of(shop, "A") == a != of(shop, "B")
    with pytest.raises(Contradiction, match=str(decided.decision_id)) as refused:
        merge(shop)
    assert refused.value.decisions == (decided.decision_id,)
    last = merge(shop, replace=True)
    assert of(shop, "B") == a
    assert Decision.objects.get(revokes_id=decided.decision_id).because_id == last
    with open_reader(OWNER, shop) as lake:
        rows = known.decisions(OWNER, lake=lake)
    assert [row.kind for row in rows] == ["revoked", "merge", "revoked", "split", "merge"]
    assert all(row.applied for row in rows) and rows[3].revoked_by == rows[0].decision_id


def test_nothing_can_be_decided_about_nothing(shop: Workspace) -> None:
    a = of(shop, "A")
    with pytest.raises(WrongUse, match="one customer already"):
        decide_merge(OWNER, workspace=shop, left=a, right=a, reason="一个人")
    with pytest.raises(WrongUse, match="reason"):
        decide_merge(OWNER, workspace=shop, left=a, right=of(shop, "B"), reason=" ")
    with pytest.raises(WrongUse, match="not none and not all"):
        decide_split(OWNER, workspace=shop, customer_id=a, evidence=[], reason="两个人")


def test_records_that_vanished_do_no_harm_and_are_counted(shop: Workspace, fill_lake: Fill) -> None:
    a, b = of(shop, "A"), of(shop, "B")
    merge(shop)
    fill_lake(staged_persons=people()[:1])
    resolve(shop)
    assert of(shop, "A") == a
    with open_reader(OWNER, shop) as lake:
        (row,) = known.decisions(OWNER, lake=lake)
        assert (row.records, row.vanished) == (12, 11)
        assert known.living_at(OWNER, lake=lake, customer_id=b, at=utc_now()) == a


def test_any_id_leads_to_who_it_was_at_any_time(shop: Workspace) -> None:
    a, b = of(shop, "A"), of(shop, "B")
    early = utc_now()
    first = merge(shop)
    together = utc_now()
    take_back(OWNER, decision_id=first)
    resolve(shop)
    parted = utc_now()
    merge(shop)
    with open_reader(OWNER, shop) as lake:
        stood = [known.living_at(OWNER, lake=lake, customer_id=b, at=at) for at in (early, together, parted, utc_now())]
        assert stood == [b, a, b, a]
        assert known.living_at(OWNER, lake=lake, customer_id=a, at=parted) == a
        with pytest.raises(known.NoSuchCustomer):
            known.living_at(OWNER, lake=lake, customer_id=99, at=utc_now())
        events = known.history(OWNER, lake=lake, customer_id=b)
    assert [(event.kind, event.customer_id) for event in events if event.kind != "created"] == [
        ("merged", b), ("split", b), ("merged", b),
    ]  # fmt: skip
    assert [event.decision_id is not None for event in events[:3]] == [True, False, False]
    assert all(event.by == "陈" and event.records == 5 and len(event.rule_version) == 12 for event in events[:3])


def test_decisions_are_journaled_and_never_changed(shop: Workspace) -> None:
    number = merge(shop)
    entry = Entry.objects.get(verb="decided_merge")
    assert entry.actor == "陈" and entry.details["decision"] == number
    assert "陈小燕" not in str(entry.details)
    for sql in (
        "update customers_decision set reason = 'x'",
        "delete from customers_decisionrecord",
        f"delete from customers_decision where id = {number}",
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_stores_see_the_history_of_their_own_customers_only(shop: Workspace, fill_lake: Fill) -> None:
    a, c = of(shop, "A"), of(shop, "C")
    manager = Actor(name="店", role=Role.MANAGER, stores=frozenset({"西湖店"}))
    fill_lake(customer_stores=[{"customer_id": a, "store": "西湖店"}])
    with open_reader(manager, shop) as lake:
        assert [event.kind for event in known.history(manager, lake=lake, customer_id=a)] == ["created"]
        assert known.living_at(manager, lake=lake, customer_id=a, at=utc_now()) == a
        assert known.certainty(manager, lake=lake, customer_id=a) == 1.0
        for ask in (known.history, known.household, known.certainty):
            with pytest.raises(known.NoSuchCustomer):
                ask(manager, lake=lake, customer_id=c)
        with pytest.raises(known.NoSuchCustomer):
            known.living_at(manager, lake=lake, customer_id=c, at=utc_now())
        with pytest.raises(NotAllowed):
            known.decisions(manager, lake=lake)
    assert known.waiting(manager) == 0

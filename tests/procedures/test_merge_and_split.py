"""Merge and split through the whole house: what moves, what comes back exactly, and what is sent once."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

import shuke.customers.queries as known
from shuke.customers.actions import Contradiction
from shuke.customers.models import Decision
from shuke.journal.models import Entry
from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import NotAllowed, WrongUse
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.procedures import merge_customers, review_pairs, split_customer
from shuke.procedures.refresh import check
from shuke.proposals.models import Proposal
from shuke.touches.models import Task
from tests.customers.people import Row, day, person, sale

Fill = Callable[..., None]
OPERATOR = Actor(name="陈", role=Role.OPERATOR)
AS_OF = date(2025, 12, 1)


def quiet(_: str) -> None:
    return None


def orders_of(card: str, phone: str, *, first: int, times: int) -> tuple[list[Row], list[Row]]:
    """Orders of one person: staged persons and staged sales."""
    persons, sales = [], []
    for number in range(times):
        order = f"P{card}-{number}"
        keys = ({"card": card}, {"phone": phone}, {"card": card, "phone": phone})[number % 3]
        persons.append(person("pos", order, seen=first + number * 20, store="西湖店", **keys))
        on = day(first + number * 20)
        sales.append(
            sale(
                "pos", order, line_no="1", sku=f"S{number % 4}", product=f"茶{number % 4}", quantity=1, store="西湖店",
                unit_price=100 + number, line_amount_minor=10_000 + 100 * number, status="completed", buyer_key="card",
                ordered_at=on, ordered_on=on.date(), paid_at=on,
            )
        )  # fmt: skip
    return persons, sales


def said(card: str, state: str, seen: int) -> tuple[Row, Row]:
    """A statement of consent, as a person record of kind fact and as the statement."""
    row = person("consent", f"{card}-{seen}", card=card, seen=seen)
    statement = {
        "batch_id": 1, "row_no": seen, "row_hash": row["record_id"], "record_id": row["record_id"], "source": "consent",
        "channel": "sms", "purpose": "marketing", "state": state, "at": day(seen), "evidence": "form",
    }  # fmt: skip
    return row, statement


@pytest.fixture
def shop(workspace: Workspace, fill_lake: Fill) -> Workspace:
    """燕 with card A (six orders, sms granted), 燕子 with card B (four orders, sms withdrawn), and a bystander."""
    fill(fill_lake)
    check(SYSTEM, workspace=workspace, as_of=AS_OF, progress=quiet)
    return workspace


def fill(fill_lake: Fill) -> None:
    persons: list[Row] = [
        person("member", "A", card="A", phone="8613911110001", name="陈小燕", seen=1, birthday=date(1990, 1, 2)),
        person("member", "B", card="B", phone="8613911110002", name="陈燕", seen=3, birthday=date(1990, 1, 2)),
        person("member", "C", card="C", phone="8613911110003", name="王强", seen=2),
    ]
    sales: list[Row] = []
    for card, phone, times in (("A", "8613911110001", 6), ("B", "8613911110002", 4), ("C", "8613911110003", 3)):
        some, sold = orders_of(card, phone, first=10, times=times)
        persons += some
        sales += sold
    statements = [said("A", "granted", 50), said("B", "withdrawn", 40)]
    persons += [row for row, _ in statements]
    fill_lake(
        staged_persons=[{**row, "row_no": number} for number, row in enumerate(persons)],
        staged_sales=sales,
        staged_consents=[statement for _, statement in statements],
    )


def of_card(workspace: Workspace, card: str) -> int:
    with open_reader(SYSTEM, workspace) as lake:
        row = lake.row("select customer_id from identity where source = 'member' and source_row_id = $card", card=card)
    assert row is not None
    return int(row["customer_id"])


_LOOKS: Mapping[str, str] = {
    "profile": "select * from customer_profiles where customer_id = {id}",
    "orders": "select * from orders where customer_id = {id} order by order_key",
    "lines": "select * from order_lines where customer_id = {id} order by order_key, line_no",
    "interactions": "select * from interactions where customer_id = {id} order by record_id",
    "consents": "select * from customer_consents where customer_id = {id} order by channel, purpose",
    "identity": "select record_id, customer_id, customer_id_automatic, probability, band, reason from identity"
    " where customer_id = {id} order by record_id",
    "identifiers": "select i.* from identifiers i join identity e on e.record_id = i.record_id"
    " where e.customer_id = {id} order by i.record_id, i.type",
    "look-up": "select type, value_hash from customer_lookup where customer_id = {id} order by type, value_hash",
}


def everything(workspace: Workspace, *ids: int) -> dict[str, Any]:
    """All that is known by customer, unmasked."""
    with open_reader(SYSTEM, workspace) as lake:
        return {f"{what} {one}": lake.rows(sql.format(id=one)) for one in ids for what, sql in _LOOKS.items()}


def evidence_of(workspace: Workspace, customer_id: int, *, card: str) -> list[int]:
    """Evidence of a customer whose records carry the card in their number."""
    with open_reader(OPERATOR, workspace) as lake:
        rows = known.evidence(OPERATOR, lake=lake, customer_id=customer_id)
    return [row.evidence_id for row in rows if any(card in number for number in row.source_row_ids)]


def merge(workspace: Workspace, left: int, right: int) -> int:
    return merge_customers.merge(
        OPERATOR, workspace=workspace, left=left, right=right, reason="两张卡是一个人", progress=quiet
    )


def queue_tasks(a: int, b: int) -> None:
    """One play queued for both, one handed out already; another play for one of them."""
    winback, birthday = (
        Proposal.objects.create(
            id=number, as_of=AS_OF, play=play, segment=play, currency="CNY", salt="s", holdout_share=0.1,
            created_at=utc_now(),
        )
        for number, play in enumerate(("winback", "birthday"), 1)
    )  # fmt: skip
    for number, (customer, proposal, state) in enumerate(
        [(a, winback, "planned"), (b, winback, "exported"), (b, birthday, "planned")]
    ):
        Task.objects.create(
            code=f"T{number}", proposal=proposal, as_of=AS_OF, play=proposal.play, segment=proposal.segment,
            customer_id=customer, channel="sms", reason="r", send_on=AS_OF, best_time="10:00", state=state,
        )  # fmt: skip


def test_two_are_merged_and_parted_again(shop: Workspace) -> None:
    """One shop for all of it, for a resolution of the whole house is not cheap."""
    a, b = of_card(shop, "A"), of_card(shop, "B")
    before = everything(shop, a, b)
    queue_tasks(a, b)
    a_preview_tells_what_will_move(shop, a, b)
    assert everything(shop, a, b) == before and not Decision.objects.exists()
    assert merge(shop, b, a) == a
    both_are_one(shop, a, b)
    decision = the_history_tells_it(shop, a, b)
    preview = merge_customers.preview_undo(OPERATOR, workspace=shop, decision_id=decision)
    assert {preview.keeps.orders, preview.leaves.orders} == {4, 6} and preview.restores == b
    sides = merge_customers.undo(OPERATOR, workspace=shop, decision_id=decision, reason="看错了", progress=quiet)
    assert sides == (b, a)
    assert everything(shop, a, b) == before
    assert (
        Entry.objects.filter(verb="decided_merge").exists() and Entry.objects.filter(verb="decision_revoked").exists()
    )
    assert merge(shop, a, b) == a
    a_split_by_evidence_undoes_it_too(shop, a, b, before=before)


def a_preview_tells_what_will_move(shop: Workspace, a: int, b: int) -> None:
    found = merge_customers.preview(OPERATOR, workspace=shop, left=b, right=a)
    assert (found.survivor.customer_id, found.goes.customer_id) == (a, b)
    assert (found.orders, found.net_minor, found.identifiers) == (4, 40_600, 2)
    assert (found.survivor.net_minor, found.goes.net_minor) == (61_500, 40_600)
    assert found.goes.phone == "139****0002" and found.goes.name == "陈**"
    assert [(one.channel, one.left, one.right, one.after) for one in found.consents] == [
        ("sms", "granted", "withdrawn", "withdrawn")
    ]
    assert set(found.contradictions) == {"card", "name"}
    assert (found.tasks, found.doubles) == (3, 1)
    with pytest.raises(WrongUse, match="one customer already"):
        merge_customers.preview(OPERATOR, workspace=shop, left=a, right=a)


def both_are_one(shop: Workspace, a: int, b: int) -> None:
    together = everything(shop, a, b)
    assert len(together[f"orders {a}"]) == 10 and not together[f"orders {b}"]
    assert [row["state"] for row in together[f"consents {a}"]] == ["withdrawn"]
    assert dict(Task.objects.values_list("code", "state")) == {"T0": "cancelled", "T1": "exported", "T2": "planned"}
    assert Entry.objects.filter(verb="cancelled", object_id="T0").count() == 1


def the_history_tells_it(shop: Workspace, a: int, b: int) -> int:
    with open_reader(OPERATOR, shop) as lake:
        assert known.profile(OPERATOR, lake=lake, customer_id=b).customer_id == a
        (event, *_) = known.history(OPERATOR, lake=lake, customer_id=a)
    assert (event.kind, event.customer_id, event.other_id, event.by, event.reason) == ("merged", b, a, "陈", "merge")
    assert event.decision_id is not None
    return event.decision_id


def a_split_by_evidence_undoes_it_too(shop: Workspace, a: int, b: int, *, before: dict[str, Any]) -> None:
    theirs = evidence_of(shop, a, card="B")
    preview = split_customer.preview(OPERATOR, workspace=shop, customer_id=a, evidence=theirs)
    assert (preview.keeps_id, preview.restores) == ("keeps", b)
    assert (preview.leaves.orders, preview.leaves.net_minor) == (4, 40_600)
    assert preview.keeps.phone == "139****0001" and preview.leaves.phone == "139****0002"
    assert len(preview.undoes) == 1
    sides = split_customer.split(
        OPERATOR, workspace=shop, customer_id=a, evidence=theirs, reason="两个人", progress=quiet
    )
    assert sides == (a, b)
    after = everything(shop, a, b)
    # Their records are pinned apart now, and say so; all else is as it was.
    for what in ("identity", "identifiers"):
        for one in (a, b):
            then = {row["record_id"] for row in before.pop(f"{what} {one}")}
            assert {row["record_id"] for row in after.pop(f"{what} {one}")} == then
    assert after == before
    assert "apart" in merge_customers.preview(OPERATOR, workspace=shop, left=a, right=b).contradictions
    with pytest.raises(Contradiction):
        merge(shop, a, b)


def test_only_owner_and_operator_decide(workspace: Workspace) -> None:
    for role in (Role.MANAGER, Role.ASSOCIATE):
        actor = Actor(name="店", role=role, stores=frozenset({"西湖店"}), associate="店")
        with pytest.raises(NotAllowed):
            merge_customers.merge(actor, workspace=workspace, left=1, right=2, reason="x", progress=quiet)
        with pytest.raises(NotAllowed):
            merge_customers.undo(actor, workspace=workspace, decision_id=1, reason="x", progress=quiet)
        with pytest.raises(NotAllowed):
            split_customer.preview(actor, workspace=workspace, customer_id=1, evidence=[1])
        with pytest.raises(NotAllowed):
            split_customer.split(actor, workspace=workspace, customer_id=1, evidence=[1], reason="x", progress=quiet)
        with pytest.raises(NotAllowed):
            review_pairs.decide(actor, workspace=workspace, pair_id="1-2", answer="same")
        with pytest.raises(NotAllowed):
            review_pairs.label(actor, workspace=workspace, pair_id="1-2", answer="same")
        with pytest.raises(NotAllowed):
            review_pairs.apply(actor, workspace=workspace, progress=quiet)
    assert not Decision.objects.exists()

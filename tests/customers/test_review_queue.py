"""The review queue and the labelling sample on real rows: who sees what, and what an answer does."""

from collections.abc import Callable
from typing import Any

import pytest

import shuke.customers.queries as known
from shuke.customers.actions import decide_pair, record_label, take_back
from shuke.customers.models import Decision, Label
from shuke.customers.queries import NoSuchPair, label_batch, measured, review_pair, review_queue
from shuke.customers.values import ReviewPage
from shuke.kernel.actor import Actor, Role
from shuke.kernel.errors import NotAllowed, WrongUse
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from tests.customers.people import Row, day, forget, identity, person, resolve

Fill = Callable[..., None]
OWNER = Actor(name="陈", role=Role.OWNER)
MANAGER = Actor(name="店", role=Role.MANAGER, stores=frozenset({"西湖店"}))


def doubtful(number: int, *, orders: int) -> list[Row]:
    """Two cards without names on one phone, each with `orders` orders."""
    phone = f"8613922220{number:03}"
    rows = [
        person("member", f"D{number}-{card}", card=f"D{number}-{card}", phone=phone, seen=card, gender="female",
               email=f"someone{number}@example.com" if card else None)
        for card in (0, 1)
    ]  # fmt: skip
    return rows + [
        person("pos", f"O{number}-{card}-{n}", card=f"D{number}-{card}", seen=30 + n)
        for card in (0, 1)
        for n in range(orders)
    ]


@pytest.fixture
def shop(workspace: Workspace, fill_lake: Fill) -> Workspace:
    rows = [
        *doubtful(1, orders=2), *doubtful(2, orders=9), *doubtful(3, orders=4),
        *(person("member", f"M{n}", card=f"M{n}", phone=f"8613911110{n:03}", name="王强", birthday=day(n - 9000).date())
          for n in range(12)),
        *(person("pos", f"MO{n}", phone=f"8613911110{n:03}", seen=n) for n in range(12)),
    ]  # fmt: skip
    fill_lake(staged_persons=rows)
    resolve(workspace)
    return workspace


def queue(workspace: Workspace, actor: Actor = OWNER, **asked: Any) -> ReviewPage:
    with open_reader(actor, workspace) as lake:
        return review_queue(actor, lake=lake, **asked)


def test_the_weightiest_comes_first_and_shows_both_sides(shop: Workspace) -> None:
    page = queue(shop)
    assert page.total == 3 and page.by_reason == {"two_accounts": 3}
    assert [pair.records for pair in page.pairs] == [10, 5, 3]
    pair = page.pairs[0]
    owners = identity(shop)
    assert {pair.left.customer_id, pair.right.customer_id} == {owners["member", "D2-0"], owners["member", "D2-1"]}
    assert (pair.left.records, pair.left.orders, pair.left.sources) == (10, 9, ("member", "pos"))
    points = {point.field: point for point in pair.evidence}
    assert (points["phone"].says, points["phone"].weight) == ("for", "strong")
    assert points["phone"].left == points["phone"].right and "****" in str(points["phone"].left)
    assert points["card"].says == "against" and points["gender"].says == "for"
    assert points["email"].says == "neutral" and {points["email"].left, points["email"].right} == {
        None,
        "s***@example.com",
    }
    assert not pair.joined and 0 < (pair.probability or 0) < 1
    assert {key.kind for key in pair.left.keys} >= {"card", "phone"}


def test_an_answer_leaves_the_queue_at_once_and_is_applied_later(shop: Workspace) -> None:
    first, second, third = queue(shop).pairs
    same = decide_pair(OWNER, workspace=shop, pair_id=first.pair_id, answer="same")
    different = decide_pair(OWNER, workspace=shop, pair_id=second.pair_id, answer="different", note="母女")
    assert (same.waiting, different.waiting) == (1, 2)
    assert [pair.pair_id for pair in queue(shop).pairs] == [third.pair_id]
    with pytest.raises(NoSuchPair):
        decide_pair(OWNER, workspace=shop, pair_id=first.pair_id, answer="different")
    resolve(shop)
    page = queue(shop)
    assert [pair.pair_id for pair in page.pairs] == [third.pair_id] and known.waiting(OWNER) == 0
    with open_reader(OWNER, shop) as lake:
        ids = [
            {
                known.profile(OWNER, lake=lake, customer_id=side.customer_id or 0).customer_id
                for side in (p.left, p.right)
            }
            for p in (first, second)
        ]
    assert [len(one) for one in ids] == [1, 2]
    take_back(OWNER, decision_id=same.decision_id)
    resolve(shop)
    assert {pair.left.customer_id for pair in queue(shop).pairs} >= {third.left.customer_id}
    assert queue(shop).total == 2
    forget(shop)
    resolve(shop)
    assert queue(shop).total == 2


def test_a_doubtful_tie_that_is_in_use_is_parted_by_an_answer(workspace: Workspace, fill_lake: Fill) -> None:
    phone = "8613911118888"
    named = [("A", "陈小燕", 6), ("B", "李大明", 1)]
    rows = [person("member", card, card=card, phone=phone, name=name, seen=1) for card, name, _ in named]
    rows += [
        person("pos", f"{card}{n}", card=card, phone=phone, seen=5 + n)
        for card, _, times in named
        for n in range(times)
    ]
    rows += [person("pos", f"X{n}", phone=phone, seen=20 + n) for n in range(3)]
    fill_lake(staged_persons=rows)
    resolve(workspace)
    owners = identity(workspace)
    a, b = owners["member", "A"], owners["member", "B"]
    (pair,) = queue(workspace, joined=True, reason="shared_number").pairs
    assert a != b and {owners["pos", f"X{n}"] for n in range(3)} == {pair.left.customer_id} == {pair.right.customer_id}
    assert 3 in (pair.left.records, pair.right.records), "only the evidence itself is shown"
    decide_pair(OWNER, workspace=workspace, pair_id=pair.pair_id, answer="different")
    resolve(workspace)
    after = identity(workspace)
    assert (after["member", "A"], after["member", "B"]) == (a, b)
    (receipts,) = {after["pos", f"X{n}"] for n in range(3)}
    assert receipts != pair.left.customer_id
    assert queue(workspace, joined=True).total == 0


def test_an_answer_taken_back_brings_the_pair_back(shop: Workspace) -> None:
    pair = queue(shop).pairs[0]
    decided = decide_pair(OWNER, workspace=shop, pair_id=pair.pair_id, answer="same")
    assert take_back(OWNER, decision_id=decided.decision_id).waiting == 0
    assert pair in queue(shop).pairs


def test_a_skipped_pair_goes_to_the_end(shop: Workspace) -> None:
    first, second, third = queue(shop).pairs
    decided = decide_pair(OWNER, workspace=shop, pair_id=first.pair_id, answer="skip")
    assert decided.waiting == 0 and Decision.objects.get().kind == "skipped"
    assert [pair.pair_id for pair in queue(shop).pairs] == [second.pair_id, third.pair_id, first.pair_id]
    assert [pair.pair_id for pair in queue(shop, limit=1, skip=1).pairs] == [third.pair_id]


def test_filters_count_what_they_show(shop: Workspace) -> None:
    assert queue(shop, joined=True).total == 0 and not queue(shop, joined=True).pairs
    assert queue(shop, reason="two_accounts").total == 3
    assert queue(shop, reason="masked_phone").total == 0


def test_who_may_look_and_who_may_decide(shop: Workspace, fill_lake: Fill) -> None:
    pair = queue(shop).pairs[0]
    fill_lake(customer_stores=[{"customer_id": pair.left.customer_id, "store": "西湖店"}])
    assert queue(shop, MANAGER).total == 0, "one side is no customer of theirs"
    both = [{"customer_id": side.customer_id, "store": "西湖店"} for side in (pair.left, pair.right)]
    fill_lake(customer_stores=both)
    page = queue(shop, MANAGER)
    assert [one.pair_id for one in page.pairs] == [pair.pair_id] and page.total == 1
    with pytest.raises(NotAllowed):
        decide_pair(MANAGER, workspace=shop, pair_id=pair.pair_id, answer="same")
    associate = Actor(name="导购", role=Role.ASSOCIATE, stores=frozenset({"西湖店"}), associate="导购")
    with pytest.raises(NotAllowed):
        queue(shop, associate)
    with pytest.raises(WrongUse):
        decide_pair(OWNER, workspace=shop, pair_id=pair.pair_id, answer="perhaps")
    with open_reader(OWNER, shop) as lake, pytest.raises(NoSuchPair):
        review_pair(OWNER, lake=lake, pair_id="1-2")


def test_a_batch_for_labelling_hides_what_the_rules_think(shop: Workspace) -> None:
    with open_reader(OWNER, shop) as lake:
        batch = label_batch(OWNER, lake=lake, size=9)
        assert label_batch(OWNER, lake=lake, size=9) == batch
        assert measured(OWNER, lake=lake).precision is None
    assert len(batch) == 9 and len({pair.pair_id for pair in batch}) == 9
    assert {(pair.probability, pair.reason, pair.joined, pair.refused) for pair in batch} == {(None, "", False, False)}
    record_label(OWNER, workspace=shop, pair_id=batch[0].pair_id, answer="unsure")
    with open_reader(OWNER, shop) as lake:
        again = label_batch(OWNER, lake=lake, size=9)
    assert [pair.pair_id for pair in again[:8]] == [pair.pair_id for pair in batch[1:]]
    with pytest.raises(NotAllowed):
        record_label(MANAGER, workspace=shop, pair_id=batch[1].pair_id, answer="same")


def test_labels_measure_the_shop(shop: Workspace) -> None:
    owners = identity(shop)
    with open_reader(OWNER, shop) as lake:
        batch = label_batch(OWNER, lake=lake, size=100)
        strata = {row["pair_id"]: row["stratum"] for row in lake.rows("select pair_id, stratum from review_pairs")}
    for pair in batch:
        # Everybody who is joined is one person, and one of the three doubtful pairs is one, too.
        is_same = pair.left.customer_id == pair.right.customer_id or pair.left.customer_id == owners["member", "D1-0"]
        answered = record_label(OWNER, workspace=shop, pair_id=pair.pair_id, answer="same" if is_same else "different")
    assert answered == len(batch) == Label.objects.count() and strata
    with open_reader(OWNER, shop) as lake:
        found = measured(OWNER, lake=lake)
        assert label_batch(OWNER, lake=lake) == ()
    assert found.labels == len(batch) and found.precision is not None and found.recall is not None
    assert found.precision.mid == 1.0 and found.precision.low < 1.0
    automatic, _, apart = found.by_band
    assert (apart.population, apart.labels, apart.same) == (3, 3, 1)
    assert found.recall.mid == pytest.approx(automatic.population / (automatic.population + 1))

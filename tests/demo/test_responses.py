"""People respond by their own hidden traits, and the same draw decides both arms."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from shuke.demo.actions import respond
from shuke.demo.rules.responses import Hidden, touched, untouched
from shuke.demo.values import Answer, Arm, TaskRow
from tests.demo.conftest import AS_OF, Retailer

SEND_ON = AS_OF + timedelta(days=1)


def tasks(retailer: Retailer, where: str = "true") -> list[TaskRow]:
    """One treated task a member."""
    rows = retailer.sql(
        f"""select r.source_row_id from truth_records r join truth_persons p using (person_id)
        where r.source = 'member' and p.card = r.source_row_id and p.kind = 'customer' and {where} order by 1"""
    )
    return [
        TaskRow(f"T{place}", "member", str(row[0]), "win_back", SEND_ON, 0.2, Arm.TREATED)
        for place, row in enumerate(rows)
    ]


def test_touched_buyers_hold_the_untouched_ones(retailer: Retailer) -> None:
    treated = tasks(retailer)
    held = [replace(task, arm=Arm.HOLDOUT) for task in treated]
    with_touch, without = respond(retailer.truth, treated, seed=1), respond(retailer.truth, held, seed=1)
    bought = {p.task_code for p in with_touch.purchases}
    base = {p.task_code for p in without.purchases}
    assert base < bought and len(base) > 30
    assert not without.outcomes and all(p.discount_minor == 0 for p in without.purchases)
    assert {o.task_code for o in with_touch.outcomes} == {task.task_code for task in treated}
    assert {o.task_code for o in with_touch.outcomes if o.answer is Answer.BOUGHT} == bought
    assert respond(retailer.truth, treated, seed=1) == with_touch != respond(retailer.truth, treated, seed=2)


def test_purchases_fall_into_the_week_and_the_offer_is_taken_off(retailer: Retailer) -> None:
    week = respond(retailer.truth, tasks(retailer), seed=1)
    assert all(SEND_ON <= p.bought_on < SEND_ON + timedelta(days=7) for p in week.purchases)
    assert all(p.net_minor > 0 and p.discount_minor == (p.net_minor + p.discount_minor) // 5 for p in week.purchases)


def test_people_who_dropped_out_hardly_come_back(retailer: Retailer) -> None:
    gone = tasks(retailer, "p.dropout_on < date '2026-11-01'")
    week = respond(retailer.truth, gone, seed=1)
    assert len(gone) > 200 and len(week.purchases) < 0.05 * len(gone)
    held = respond(retailer.truth, [replace(task, arm=Arm.HOLDOUT) for task in gone], seed=1)
    assert not held.purchases


def test_records_about_nobody_are_touched_in_vain(retailer: Retailer) -> None:
    task = TaskRow("X", "member", "no such card", "win_back", SEND_ON, 0.0, Arm.TREATED)
    week = respond(retailer.truth, [task], seed=1)
    assert [o.answer for o in week.outcomes] == [Answer.NO_ANSWER] and not week.purchases
    assert respond(retailer.truth, [], seed=1).outcomes == ()


def test_chances_follow_the_gamma_clock() -> None:
    """Against the exponential case (shape 1), whose chance is 1 - exp(-rate x days) whatever the time since."""
    ones = np.ones(3)
    people = Hidden(
        rate=ones / 30, shape=ones, sensitivity=ones * 0.5, response=np.array([0.0, 0.5, 1.0]), affluence=ones,
        is_alive=np.array([True, True, True]), days_since=np.array([0.0, 20.0, 200.0]),
    )  # fmt: skip
    base = untouched(people, days=7)
    assert np.allclose(base, 1 - np.exp(-7 / 30))
    after = touched(people, base=base, offer=ones * 0.2)
    assert np.isclose(after[0], base[0]) and base[1] < after[1] < after[2] < 1
    regular = replace(people, shape=ones * 8, days_since=np.array([0.0, 25.0, 40.0]))
    assert bool(np.all(np.diff(untouched(regular, days=7)) > 0))

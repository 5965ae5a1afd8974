"""From proposals and orders to results: who counts, which orders count, who sees what."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.lake.queries import open_reader
from shuke.outcomes.actions import build
from shuke.outcomes.queries import last_week, weeks
from shuke.outcomes.values import PlayResult, ResultView
from shuke.plays.queries import policy as policy_of
from shuke.proposals.models import Proposal
from shuke.touches.models import Task

MONDAY = date(2026, 11, 16)
AS_OF = MONDAY + timedelta(days=7)
OTHERS = {
    "value_minor": 0, "segment": "win_back", "reason": "ok", "draw": 0.5, "home_store": "", "associate": "",
    "segment_reason": "", "purchase_minor": 0, "cycle_days": 30.0, "days_since": 60, "orders": 3, "orders_365": 2,
}  # fmt: skip


def proposal(number: int, *, store: str = "", play: str = "win_back", **fields: Any) -> Proposal:
    known = {
        "as_of": MONDAY, "state": "exported", "segment": play, "currency": "CNY", "salt": "s", "holdout_share": 0.1,
        "plan": {"zh": "召回", "en": "Win back"}, "evidence": {"prior": {"low": 0, "mid": 0.2, "high": 0.4}},
        "created_at": datetime(2026, 11, 16, tzinfo=UTC),
    }  # fmt: skip
    return Proposal.objects.create(id=number, play=play, store=store, **{**known, **fields})


def person(customer: int, *, arm: str, of: Proposal, share: float = 0.5) -> dict[str, Any]:
    return {
        "proposal": of.pk, "as_of": of.as_of, "play": of.play, "customer_id": customer, "arm": arm,
        "propensity": share, "store": of.store, **OTHERS,
    }  # fmt: skip


def order(customer: int, *, on: date, net: int = 10_000, **fields: Any) -> dict[str, Any]:
    known = {"counted": True, "is_return": False, "returned_minor": 0, "order_key": customer, "ordered_at": on}
    return {"customer_id": customer, "ordered_on": on, "net_minor": net, **known, **fields}


NONE = [order(-1, on=MONDAY)]
ALONE = [{"alias_id": -1, "customer_id": -1}]


def results(
    workspace: Workspace, *, as_of: date = AS_OF, actor: Actor = SYSTEM, store: str | None = None
) -> ResultView:
    shop = {"as_of": as_of, "timezone": workspace.timezone, "currency": workspace.currency}
    with open_run(workspace, kind="test") as run:
        build(SYSTEM, run=run, parameters=shop, policy=policy_of(SYSTEM, workspace=workspace))
        run.publish()
    with open_reader(actor, workspace) as lake:
        return last_week(actor, lake=lake, language="zh-hans", store=store)


def only(view: ResultView) -> PlayResult:
    (result,) = view.plays
    return result


def test_before_anything_was_measured_there_is_nothing(workspace: Workspace) -> None:
    with open_reader(SYSTEM, workspace) as lake:
        assert last_week(SYSTEM, lake=lake, language="en") == ResultView(None, None, ())


def test_which_people_and_orders_count(workspace: Workspace, fill_lake: Any) -> None:
    made = proposal(1)
    treated, held = range(1, 21), range(101, 121)
    people = [person(n, arm="treated", of=made) for n in treated] + [person(n, arm="holdout", of=made) for n in held]
    people.append(person(999, arm="excluded", of=made))
    orders = [
        *(order(n, on=MONDAY + timedelta(days=n % 7)) for n in range(1, 9)),
        order(1, on=MONDAY, net=500),
        order(9, on=MONDAY - timedelta(days=1)),
        order(10, on=AS_OF),
        order(11, on=MONDAY, counted=False),
        order(12, on=MONDAY, returned_minor=10_000),
        order(13, on=MONDAY, net=-4_000, is_return=True),
        *(order(n, on=MONDAY) for n in (101, 102, 999)),
    ]
    aliases = [{"alias_id": n, "customer_id": n} for n in (*treated, *held)]
    fill_lake(proposal_people=people, orders=orders, customer_aliases=aliases)
    found = only(results(workspace))
    assert (found.treated, found.holdout, found.treated_buyers, found.holdout_buyers) == (20, 20, 8, 2)
    assert found.difference == pytest.approx(0.3) and found.week == MONDAY and found.days == 7
    assert found.extra_buyers is not None and found.extra_buyers[1] == pytest.approx(6)
    with open_reader(SYSTEM, workspace) as lake:
        assert lake.value("select sum(net_minor) from outcome_people where arm = 'treated'") == 80_500 + 10_000 - 4_000


def test_the_arm_is_that_of_the_draw_at_the_share_approved(workspace: Workspace, fill_lake: Any) -> None:
    made = proposal(1)
    people = [person(n, arm="treated", of=made, share=0.9) for n in range(1, 10)]
    people.append(person(10, arm="holdout", of=made, share=0.1))
    changed = [
        {
            "proposal": 1, "customer_id": n, "store": "", "arm": "treated" if n <= 7 else "holdout", "removed": n == 1,
            "propensity": 0.7 if n <= 7 else 0.3,
        }
        for n in range(1, 11)
    ]  # fmt: skip
    fill_lake(
        proposal_people=people,
        arm_changes=changed,
        customer_aliases=ALONE,
        orders=[order(1, on=MONDAY), order(8, on=MONDAY)],
    )
    found = only(results(workspace))
    assert (found.treated, found.holdout, found.treated_buyers, found.holdout_buyers) == (7, 3, 1, 1)


def test_people_merged_since_count_once_and_in_no_arm_where_the_draw_disagrees(
    workspace: Workspace, fill_lake: Any
) -> None:
    made = proposal(1)
    people = [person(n, arm="treated", of=made) for n in (1, 2, 3)] + [
        person(n, arm="holdout", of=made) for n in (7, 8)
    ]
    aliases = [{"alias_id": a, "customer_id": c} for a, c in ((1, 1), (2, 1), (3, 3), (7, 3), (8, 8))]
    fill_lake(proposal_people=people, customer_aliases=aliases, orders=[order(1, on=MONDAY), order(3, on=MONDAY)])
    found = only(results(workspace))
    assert (found.treated, found.holdout, found.treated_buyers) == (1, 1, 1)


def test_a_window_ends_and_its_result_stands(workspace: Workspace, fill_lake: Any) -> None:
    made = proposal(1)
    people = [person(n, arm="treated", of=made) for n in (1, 2)] + [person(n, arm="holdout", of=made) for n in (3, 4)]
    end = MONDAY + timedelta(days=policy_of(SYSTEM, workspace=workspace).measure_days)
    orders = [order(1, on=end - timedelta(days=1)), order(2, on=end), order(3, on=end)]
    fill_lake(proposal_people=people, orders=orders, customer_aliases=ALONE)
    view = results(workspace, as_of=end + timedelta(days=14))
    found = only(view)
    assert (found.treated_buyers, found.holdout_buyers, view.until) == (1, 0, end)
    assert "11 月 16 日那周" in found.sentence


def test_only_approved_proposals_of_earlier_weeks_are_measured(workspace: Workspace, fill_lake: Any) -> None:
    kept = proposal(1, state="approved")
    others = [
        proposal(2, play="a", state="rejected"), proposal(3, play="b", state="proposed"),
        proposal(4, play="c", state="withdrawn"), proposal(5, play="d", as_of=AS_OF),
    ]  # fmt: skip
    people = [
        person(n.pk * 10 + k, arm=arm, of=n) for n in (kept, *others) for k, arm in enumerate(("treated", "holdout"))
    ]
    fill_lake(proposal_people=people, orders=NONE, customer_aliases=ALONE)
    assert [result.play for result in results(workspace).plays] == ["win_back"]


def test_stores_are_pooled_and_a_manager_sees_the_own_one(workspace: Workspace, fill_lake: Any) -> None:
    first, second = proposal(1, store="滨江店"), proposal(2, store="城西店")
    people = [person(n, arm="treated", of=first, share=0.9) for n in range(90)]
    people += [person(n, arm="holdout", of=first, share=0.1) for n in range(100, 110)]
    people += [person(n, arm="treated", of=second, share=0.5) for n in range(200, 250)]
    people += [person(n, arm="holdout", of=second, share=0.5) for n in range(300, 350)]
    orders = [order(n, on=MONDAY) for n in (*range(9), 100, *range(200, 240), *range(300, 340))]
    fill_lake(proposal_people=people, orders=orders, customer_aliases=ALONE)
    for number, customer in ((1, 5), (2, 205)):
        owner = first if number == 1 else second
        Task.objects.create(
            code=f"T{number}", proposal=owner, as_of=MONDAY, play="win_back", segment="win_back", store=owner.store,
            associate="x", customer_id=customer, channel="sms", reason="", send_on=MONDAY, best_time="",
            state="done", outcome=("bought", "no_reply")[number - 1],
        )  # fmt: skip
    found = only(results(workspace))
    assert found.difference == pytest.approx(0, abs=1e-12), "each store's difference is nothing, so is the whole"
    assert (found.treated, found.holdout, found.reached, found.replied) == (140, 60, 2, 1)
    manager = Actor(name="店长", role=Role.MANAGER, stores=frozenset({"城西店"}))
    own = only(results(workspace, actor=manager))
    assert (own.treated, own.holdout, own.treated_buyers, own.reached, own.replied) == (50, 50, 40, 1, 0)
    assert only(results(workspace, store="城西店")).treated == 50
    assert results(workspace, actor=manager, store="滨江店").plays == ()


def test_without_a_holdout_it_says_so(workspace: Workspace, fill_lake: Any) -> None:
    made = proposal(1)
    people = [person(n, arm="treated", of=made, share=1.0) for n in range(5)]
    fill_lake(proposal_people=people, orders=NONE, customer_aliases=ALONE)
    found = only(results(workspace))
    assert (found.verdict, found.treated, found.difference, found.extra_buyers) == ("none", 5, None, None)
    assert "没有留对照" in found.sentence


def test_weeks_stand_newest_first(workspace: Workspace, fill_lake: Any) -> None:
    older = MONDAY - timedelta(days=7)
    made = [proposal(1), proposal(2, as_of=older)]
    people = [person(n.pk * 10 + k, arm=arm, of=n) for n in made for k, arm in enumerate(("treated", "holdout"))]
    fill_lake(proposal_people=people, orders=NONE, customer_aliases=ALONE)
    results(workspace)
    with open_reader(SYSTEM, workspace) as lake:
        held = weeks(SYSTEM, lake=lake, language="en")
    assert [view.as_of for view in held] == [MONDAY, older]
    assert [only(view).days for view in held] == [7, 14]

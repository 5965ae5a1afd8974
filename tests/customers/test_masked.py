"""Masked phones join only with further evidence, and less readily in a larger shop."""

import numpy as np
import pytest

from shuke.customers.adapters import weights
from shuke.customers.rules.accounts import attach_accounts
from shuke.customers.rules.masked import attach, likely
from tests.customers.people import Row, evidence_of, groups, measured, parts_of

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"


def known(number: int, *, prefix: int = 138) -> Row:
    """A member with a full phone: name, city and pattern vary with the number."""
    name = f"{SURNAMES[number % 20]}{SURNAMES[number // 20 % 20]}{SURNAMES[number // 400 % 20]}"
    return {
        "phone": f"p{prefix}{number}",
        "mask": f"{prefix}****{number % 10_000:04}",
        "name": name,
        "city": f"city{number % 4}",
        "own": True,
    }


def test_same_digits_and_initial_join_where_the_pattern_is_rare() -> None:
    rows = [known(number) for number in range(60)]
    rows.append({"mask": rows[7]["mask"], "initial": rows[7]["name"][0], "city": rows[7]["city"]})
    assert [7, 60] in groups(rows)


def test_same_digits_alone_join_nobody() -> None:
    rows = [known(number) for number in range(60)]
    rows.append({"mask": rows[7]["mask"], "own": True})
    assert [60] in groups(rows)


def test_another_initial_is_another_person() -> None:
    rows = [known(number) for number in range(60)]
    rows.append({"mask": rows[7]["mask"], "initial": "孔", "city": rows[7]["city"], "own": True})
    assert [60] in groups(rows)


def test_two_candidates_with_equal_evidence_are_not_chosen_between() -> None:
    rows = [known(number) for number in range(60)]
    twin = {**rows[7], "phone": "another"}
    rows += [twin, {"mask": rows[7]["mask"], "initial": rows[7]["name"][0], "city": rows[7]["city"], "own": True}]
    assert [61] in groups(rows)


@pytest.mark.parametrize("size", [200, 5_000, 30_000])
def test_precision_holds_as_the_shop_grows(size: int) -> None:
    """Masked records of people who are not known by a full phone: few may join, whatever the size of the shop."""
    chance = np.random.default_rng(size)
    rows = [known(int(number)) for number in chance.permutation(1_000_000)[:size]]
    strangers, own = 300, 300
    for number in chance.integers(0, 1_000_000, strangers).tolist():
        person = known(number)
        rows.append(
            {"mask": f"138****{chance.integers(10_000):04}", "initial": person["name"][0], "city": person["city"]}
        )
    for row in chance.integers(0, size, own).tolist():
        rows.append({"mask": rows[row]["mask"], "initial": rows[row]["name"][0], "city": rows[row]["city"]})
        rows[-1]["truth"] = row
    evidence = evidence_of(rows)
    joins = likely(attach(evidence, np.arange(len(rows)), statistics=measured(evidence), weights=weights()), 0.6)
    right = sum(rows[m].get("truth") is not None and rows[rows[m]["truth"]]["phone"] == rows[o]["phone"]
                for m, o in zip(joins.masked.tolist(), joins.owner.tolist(), strict=True))  # fmt: skip
    assert right / max(len(joins.masked), 1) >= (0.9 if size > 200 else 0.85)
    promised = float(joins.probability.sum())
    # What was promised is about what was kept: within 6 of 100 joins.
    assert right >= promised - 0.06 * len(joins.masked) - 3


def test_a_second_account_needs_a_rare_name_and_birthday() -> None:
    member = {"name": "陈小燕", "birthday": 107_000, "own": True}
    rows: list[Row] = [{**member, "card": "c1", "phone": "p1"}, {**member, "card": "c2", "phone": "p2"}]
    rows += [
        {"name": f"王{number}", "birthday": 100_000 + number, "own": True, "card": f"x{number}"} for number in range(50)
    ]
    assert [0, 1] in groups(rows)
    reasons = parts_of(rows).reason
    assert reasons[1] != reasons[5]
    # The same birthday for everybody is a placeholder and proves nothing.
    crowd = [
        {"name": "陈小燕" if n < 40 else f"王{n}", "birthday": 107_000, "own": True, "card": f"y{n}"}
        for n in range(400)
    ]
    evidence = evidence_of(crowd)
    joins = attach_accounts(evidence, np.arange(400), statistics=measured(evidence), weights=weights())
    assert not len(likely(joins, 0.6).masked)

"""What holds about a channel and purpose, also for customers of several parts: against the rule written out."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from shuke.customers.rules.consents import stricter
from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.lake.queries import open_reader

Fill = Callable[..., None]
START = datetime(2026, 1, 1)


def at(number: int) -> datetime:
    return START + timedelta(days=number)


def statement(record: int, state: str, day: int, *, channel: str = "sms") -> dict[str, Any]:
    return {
        "record_id": record, "channel": channel, "purpose": "marketing", "state": state, "at": at(day),
        "source": "consent", "evidence": f"e{record}-{day}", "batch_id": 1, "row_no": day,
        "row_hash": record * 1000 + day,
    }  # fmt: skip


def of(record: int, customer: int, *, own: int | None = None) -> dict[str, Any]:
    return {"record_id": record, "customer_id": customer, "customer_id_automatic": own or customer}


def pinned(record: int, part: int | None, day: int | None) -> dict[str, Any]:
    return {"record_id": record, "party": 1, "part": part, "merged_at": None if day is None else at(day)}


def held(workspace: Workspace, fill_lake: Fill, **tables: Any) -> dict[tuple[int, str], str]:
    """(customer, channel) -> state, as the table gives it."""
    pins = tables.pop("pinned_records")
    fill_lake(**tables, pinned_records=pins or [pinned(0, None, None)])
    with open_run(workspace, kind="test") as run:
        run.build(["customer_consents"], parameters={})
        run.publish()
    with open_reader(SYSTEM, workspace) as lake:
        rows = lake.rows("select customer_id, channel, state from customer_consents")
    assert len({(row["customer_id"], row["channel"]) for row in rows}) == len(rows)
    return {(row["customer_id"], row["channel"]): row["state"] for row in rows}


def test_one_part_says_the_latest(workspace: Workspace, fill_lake: Fill) -> None:
    said = [statement(1, "refused", 1), statement(2, "granted", 5), statement(1, "granted", 3, channel="all")]
    found = held(workspace, fill_lake, staged_consents=said, identity=[of(1, 7), of(2, 7)], pinned_records=[])
    assert found[7, "sms"] == "granted" and found[7, "email"] == "granted" and len(found) == 8


def test_after_a_merge_the_stricter_holds_until_somebody_says_more(workspace: Workspace, fill_lake: Fill) -> None:
    merged = [pinned(1, 7, 10), pinned(2, 8, 10)]
    ids = [of(1, 7), of(2, 7), of(3, 7)]
    said = [statement(1, "granted", 5), statement(2, "withdrawn", 2)]
    assert (
        held(workspace, fill_lake, staged_consents=said, identity=ids, pinned_records=merged)[7, "sms"] == "withdrawn"
    )
    again = [*said, statement(3, "granted", 11)]
    assert held(workspace, fill_lake, staged_consents=again, identity=ids, pinned_records=merged)[7, "sms"] == "granted"
    # Taken back, each has its own again.
    apart = [of(1, 7), of(2, 8)]
    found = held(workspace, fill_lake, staged_consents=said, identity=apart, pinned_records=[])
    assert found == {(7, "sms"): "granted", (8, "sms"): "withdrawn"}


def test_a_probable_tie_lets_nobody_be_asked_against_their_will(workspace: Workspace, fill_lake: Fill) -> None:
    said = [statement(1, "refused", 2), statement(2, "granted", 9)]
    ids = [of(1, 7), of(2, 7, own=8)]
    assert held(workspace, fill_lake, staged_consents=said, identity=ids, pinned_records=[])[7, "sms"] == "refused"


def test_unknown_is_no_statement() -> None:
    assert stricter("unknown", "granted") == "granted"
    assert stricter("granted", "withdrawn") == "withdrawn"
    assert stricter("refused", "unknown") == "refused"


def test_against_the_rule_written_out(workspace: Workspace, fill_lake: Fill) -> None:
    chance = random.Random(4)
    ids, pins, said = [], [], []
    for customer in range(1, 120):
        merged_on = chance.choice([None, 15])
        for place in range(chance.randrange(1, 4)):
            record = customer * 10 + place
            own = customer * 100 + chance.choice([0, 0, place])
            ids.append(of(record, customer, own=own))
            if merged_on and chance.random() < 0.8:
                pins.append(pinned(record, customer * 100 + place, merged_on))
            for day in chance.sample(range(30), chance.randrange(3)):
                said.append(statement(record, chance.choice(["granted", "refused", "withdrawn"]), day))
    found = held(workspace, fill_lake, staged_consents=said, identity=ids, pinned_records=pins)
    assert found == expected(said, ids=ids, pins=pins)


def expected(
    said: list[dict[str, Any]], *, ids: list[dict[str, Any]], pins: list[dict[str, Any]]
) -> dict[tuple[int, str], str]:
    """The rule, statement by statement."""
    owner = {row["record_id"]: row for row in ids}
    pin = {row["record_id"]: row for row in pins}
    merged = {owner[row["record_id"]]["customer_id"]: row["merged_at"] for row in pins}
    parts: dict[tuple[int, Any], list[dict[str, Any]]] = {}
    for row in said:
        record = row["record_id"]
        part = pin[record]["part"] if record in pin else owner[record]["customer_id_automatic"]
        parts.setdefault((owner[record]["customer_id"], part), []).append(row)
    found: dict[tuple[int, str], str] = {}
    for customer in {one for one, _ in parts}:
        lasts = [latest(rows) for (one, _), rows in parts.items() if one == customer]
        after = [row for row in lasts if customer in merged and row["at"] > merged[customer]]
        pick = (
            latest(after)
            if after
            else min(lasts, key=lambda row: (row["state"] == "granted", negative(row), row["state"]))
        )
        found[customer, "sms"] = pick["state"]
    return found


def latest(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return min(rows, key=lambda row: (negative(row), row["state"] == "granted", row["state"]))


def negative(row: dict[str, Any]) -> float:
    return -float((row["at"] - START).days)

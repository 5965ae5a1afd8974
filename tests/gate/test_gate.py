"""The gate's SQL gives the answer of the rule for one customer, for thousands of random customers."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

import shuke.gate.actions as gate
from shuke.gate import rules
from shuke.gate.values import REASONS, ChannelRule, Person
from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.plays.adapters import DEFINITIONS, load_policy
from tests.predictions.world import AS_OF, profile

POLICY = load_policy(DEFINITIONS / "policy.yaml")
SHOP = {"as_of": AS_OF, "timezone": "Asia/Shanghai", "currency": "CNY"}
PLAYS = {
    "high": ("s1", 1, ("wecom", "phone", "in_store")),
    "leave": ("s2", 2, ("wecom", "in_store", "sms")),
    "back": ("s3", 3, ("sms", "email")),
}
_NEEDS = {"wecom": "own_contact", "in_store": "free"}
RULES = [
    ChannelRule(play, priority, channel, place, _NEEDS.get(channel, "needed"), "1.1")
    for play, (_, priority, channels) in PLAYS.items()
    for place, channel in enumerate(channels, start=1)
]


def random_person(luck: random.Random) -> Person:
    def day(within: int) -> date:
        return AS_OF - timedelta(days=luck.randint(-3, within))

    def sometimes(share: float) -> bool:
        return luck.random() < share

    channels = ("sms", "email", "wecom", "phone", "all")
    consents = {
        luck.choice(channels): (
            luck.choice(("granted", "refused", "withdrawn")),
            datetime.combine(day(40), datetime.min.time()),
        )
        for _ in range(luck.choice((0, 0, 1, 2)))
    }
    blocks = [b for b in ("refused_contact", "complaint_open", "already_in_play", "holdout_watch") if sometimes(0.04)]
    return Person(
        birthday=luck.choice((None, None, date(2008, 11, 23), date(2008, 11, 24), date(1990, 1, 1), date(2015, 5, 5))),
        is_staff=sometimes(0.05),
        wholesale_orders=int(sometimes(0.05)),
        store=luck.choice(("", "滨江店")),
        associate=luck.choice(("", "周敏")),
        in_wecom=sometimes(0.4),
        phone=luck.choice(("", "8613800001111", "138****1111")),
        email=luck.choice(("", "a@example.com")),
        blocks=frozenset(blocks),
        complained_on=tuple(day(60) for _ in range(luck.choice((0, 0, 0, 1)))),
        contacts=tuple((day(40), luck.choice(tuple(PLAYS))) for _ in range(luck.choice((0, 0, 1, 2, 3)))),
        personalisation_refused=sometimes(0.05),
        consents=tuple((channel, state, at) for channel, (state, at) in consents.items()),
    )


def tables_of(people: dict[int, Person], *, segments: dict[int, list[str]], shop_has_stores: bool) -> dict[str, Any]:
    online = {"store": "天猫", "city": "", "channel": "online", "first_seen_on": AS_OF, "last_seen_on": AS_OF}
    rules_rows = [{**vars(rule), "segment": PLAYS[rule.play][0]} for rule in RULES]
    found: dict[str, list[dict[str, Any]]] = {
        "stores": [online, {**online, "store": "滨江店", "channel": "store"}] if shop_has_stores else [online],
        "play_channels": rules_rows,
        **{table: list(rows) for table, rows in NOBODY.items()},
    }
    for number, person in people.items():
        for table, rows in rows_of(number, person=person).items():
            found.setdefault(table, []).extend(rows)
        member = {
            "customer_id": number,
            "value_minor": 1,
            "as_of": AS_OF,
            "since_on": AS_OF,
            "reason": "r",
            "store": "",
            "facts": "{}",
        }
        found.setdefault("segment_members", []).extend({**member, "segment": segment} for segment in segments[number])
    return found


# Customer 0 is in no segment: the rows only give empty tables their columns.
_OLD = datetime(2026, 1, 1)
NOBODY: dict[str, list[dict[str, Any]]] = {
    "customer_consents": [{"customer_id": 0, "channel": "sms", "purpose": "marketing", "state": "granted", "at": _OLD}],
    "interactions": [{"customer_id": 0, "record_id": 0, "at": _OLD, "kind": "complaint", "happened_on": AS_OF}],
    "contacts": [{"customer_id": 0, "touched_on": AS_OF, "channel": "sms", "play": "high", "outcome": None}],
    "contact_blocks": [{"customer_id": 0, "reason": "refused_contact", "since_on": AS_OF, "until_on": None}],
    "customer_features": [{"customer_id": 0, "wholesale_orders": 0, "store_main": ""}],
}


def rows_of(number: int, *, person: Person) -> dict[str, list[dict[str, Any]]]:
    own = {"customer_id": number}
    consents = [
        {**own, "channel": channel, "purpose": "marketing", "state": state, "at": at}
        for channel, state, at in person.consents
    ]
    if person.personalisation_refused:
        consents.append({**own, "channel": "all", "purpose": "personalisation", "state": "refused", "at": _OLD})
    copied = ("birthday", "is_staff", "store", "associate", "in_wecom", "phone", "email")
    return {
        "customer_profiles": [profile(number, **{name: getattr(person, name) for name in copied})],
        "customer_features": [{**own, "wholesale_orders": person.wholesale_orders, "store_main": None}],
        "customer_consents": consents,
        "contacts": [
            {**own, "touched_on": day, "channel": "sms", "play": play, "outcome": None} for day, play in person.contacts
        ],
        "contact_blocks": [
            {**own, "reason": reason, "since_on": AS_OF, "until_on": None} for reason in sorted(person.blocks)
        ],
        "interactions": [
            {**own, "record_id": number, "at": _OLD, "kind": "complaint", "happened_on": day}
            for day in person.complained_on
        ],
    }


@pytest.mark.parametrize(("seed", "shop_has_stores"), [(1, True), (2, True), (3, False)])
def test_sql_equals_the_rule_for_one_customer(
    workspace: Workspace, fill_lake: Any, seed: int, shop_has_stores: bool
) -> None:
    luck = random.Random(seed)
    people = {number: random_person(luck) for number in range(1, 1500)}
    segments = {number: luck.sample(["s1", "s2", "s3"], luck.randint(1, 3)) for number in people}
    fill_lake(**tables_of(people, segments=segments, shop_has_stores=shop_has_stores))
    with open_run(workspace, kind="test") as run:
        gate.build(SYSTEM, run=run, parameters=SHOP, policy=POLICY)
        rows = run.reader().rows("select * from gate_answers")
    got = {(row["customer_id"], row["play"]): (row["channel"], row["reason"]) for row in rows}
    wanted = {}
    for number, person in people.items():
        mine = [rule for rule in RULES if PLAYS[rule.play][0] in segments[number]]
        answers = rules.answer(person, rules=mine, policy=POLICY, as_of=AS_OF, shop_has_stores=shop_has_stores)
        wanted |= {(number, play): (given.channel, given.reason) for play, given in answers.items()}
    assert got == wanted
    allowed = [customer for (customer, _), (_, reason) in got.items() if reason == "ok"]
    assert len(allowed) == len(set(allowed)), "nobody is in two plays"
    assert {reason for _, reason in got.values()} >= set(REASONS), "every reason occurs, so every branch was compared"
    for row in rows:
        setting = rules.SETTINGS.get(row["reason"])
        assert row["clause"] == ("1.1" if row["allowed"] else POLICY.clause(setting) if setting else None)


def test_unknown_consent_is_its_own_reason_and_never_permission(workspace: Workspace, fill_lake: Any) -> None:
    people = {1: Person(birthday=date(1990, 1, 1), phone="8613800001111", email="a@example.com", store="滨江店")}
    fill_lake(**tables_of(people, segments={1: ["s3"]}, shop_has_stores=True))
    with open_run(workspace, kind="test") as run:
        gate.build(SYSTEM, run=run, parameters=SHOP, policy=POLICY)
        row = run.reader().row("select reason, channel, clause from gate_answers")
    assert row == {"reason": "consent_unknown", "channel": None, "clause": "1.1"}


@pytest.mark.parametrize(
    ("consents", "state"),
    [
        ([], "consent_unknown"),
        ([("sms", "granted", -5)], "open"),
        ([("all", "granted", -5)], "open"),
        ([("sms", "granted", 1)], "consent_unknown"),
        ([("sms", "withdrawn", 1)], "consent_refused"),
        ([("sms", "granted", -5), ("all", "refused", -3)], "consent_refused"),
        ([("all", "refused", -5), ("sms", "granted", -3)], "open"),
    ],
)
def test_consent_of_a_channel_and_of_all(consents: list[tuple[str, str, int]], state: str) -> None:
    said = tuple((c, s, datetime.combine(AS_OF + timedelta(days=d), datetime.min.time())) for c, s, d in consents)
    rule = ChannelRule("back", 3, "sms", 1, "needed", "1.1")
    person = Person(phone="8613800001111", consents=said)
    assert rules.channel_state(person, rule=rule, as_of=AS_OF, shop_has_stores=True) == state

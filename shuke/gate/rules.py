"""The gate for one customer: asked before something is sent, and the oracle that the SQL is tested against."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from shuke.gate.values import Answer, ChannelRule, Person
from shuke.plays.values import Policy

# Which setting of the policy stands behind each reason; its clause is quoted.
SETTINGS = {
    "staff": "staff_excluded",
    "minor": "minor_age",
    "wholesale": "wholesale_excluded",
    "no_personalisation": "personalisation_refusal_excludes",
    "refused_contact": "refusal_closes",
    "consent_refused": "refusal_closes",
    "consent_unknown": "channels_needing_consent",
    "complaint_open": "complaint_rest_days",
    "holdout_watch": "measure_days",
    "touched_recently": "touches_per_7_days",
    "same_play_recently": "same_play_rest_days",
    "already_in_play": "same_play_rest_days",
    "over_capacity": "tasks_per_associate_day",
}


def parameters(policy: Policy) -> dict[str, Any]:
    """The policy as parameters of the gate's SQL."""
    return {
        "staff_excluded": policy.staff_excluded,
        "wholesale_excluded": policy.wholesale_excluded,
        "minor_age": policy.minor_age,
        "complaint_rest_days": policy.complaint_rest_days,
        "touches_per_7_days": policy.touches_per_7_days,
        "same_play_rest_days": policy.same_play_rest_days,
        "clause_staff": policy.clause("staff_excluded"),
        "clause_minor": policy.clause("minor_age"),
        "clause_wholesale": policy.clause("wholesale_excluded"),
        "clause_no_personalisation": policy.clause("personalisation_refusal_excludes"),
        "clause_refused": policy.clause("refusal_closes"),
        "clause_unknown": policy.clause("channels_needing_consent"),
        "clause_complaint": policy.clause("complaint_rest_days"),
        "clause_holdout": policy.clause("measure_days"),
        "clause_touches": policy.clause("touches_per_7_days"),
        "clause_same_play": policy.clause("same_play_rest_days"),
    }


def blocked(person: Person, *, policy: Policy, as_of: date) -> str | None:
    """What keeps a person out of every play on a day, or None. The first of the list is named."""
    checks = (
        ("staff", policy.staff_excluded and person.is_staff),
        ("minor", person.birthday is not None and age(person.birthday, as_of=as_of) < policy.minor_age),
        ("wholesale", policy.wholesale_excluded and person.wholesale_orders > 0),
        ("no_personalisation", person.personalisation_refused),
        ("refused_contact", "refused_contact" in person.blocks),
        ("complaint_open", "complaint_open" in person.blocks or _complained(person, policy=policy, as_of=as_of)),
        ("already_in_play", "already_in_play" in person.blocks),
        ("holdout_watch", "holdout_watch" in person.blocks),
        ("touched_recently", _touches(person, since=as_of - timedelta(days=7)) >= policy.touches_per_7_days),
    )
    return next((reason for reason, holds in checks if holds), None)


def channel_state(person: Person, *, rule: ChannelRule, as_of: date, shop_has_stores: bool) -> str:
    """`open`, or why one channel is closed: `consent_refused`, `consent_unknown`, `no_channel`."""
    granted, refused = _statements(person, channel=rule.channel, as_of=as_of)
    if refused:
        return "consent_refused"
    if rule.consent == "needed" and not granted:
        return "consent_unknown"
    return "open" if _reachable(person, channel=rule.channel, shop_has_stores=shop_has_stores) else "no_channel"


def answer(
    person: Person, *, rules: Sequence[ChannelRule], policy: Policy, as_of: date, shop_has_stores: bool = True
) -> dict[str, Answer]:
    """One answer a play for one customer; `rules` are the channels of the plays whose segments hold the customer."""
    out = blocked(person, policy=policy, as_of=as_of)
    own: dict[str, tuple[int, Answer]] = {}
    for play in sorted({rule.play for rule in rules}):
        mine = sorted((rule for rule in rules if rule.play == play), key=lambda rule: rule.place)
        states = {
            rule.channel: channel_state(person, rule=rule, as_of=as_of, shop_has_stores=shop_has_stores)
            for rule in mine
        }
        rest_from = as_of - timedelta(days=policy.same_play_rest_days)
        rested = any(day >= rest_from and contact_play == play for day, contact_play in person.contacts)
        own[play] = (mine[0].priority, _own_answer(states, out=out, rested=rested))
    allowed = [priority for priority, given in own.values() if given.allowed]
    return {
        play: Answer(None, "already_in_play") if given.allowed and priority > min(allowed) else given
        for play, (priority, given) in own.items()
    }


def _own_answer(states: Mapping[str, str], *, out: str | None, rested: bool) -> Answer:
    if out is not None:
        return Answer(None, out)
    if rested:
        return Answer(None, "same_play_recently")
    opened = [channel for channel, state in states.items() if state == "open"]
    if opened:
        return Answer(opened[0], "ok")
    return Answer(
        None, next((why for why in ("consent_unknown", "consent_refused") if why in states.values()), "no_channel")
    )


def age(birthday: date, *, as_of: date) -> int:
    """Full years on a day."""
    return as_of.year - birthday.year - ((as_of.month, as_of.day) < (birthday.month, birthday.day))


def _complained(person: Person, *, policy: Policy, as_of: date) -> bool:
    first = as_of - timedelta(days=policy.complaint_rest_days)
    return any(first <= day < as_of for day in person.complained_on)


def _touches(person: Person, *, since: date) -> int:
    return sum(day >= since for day, _ in person.contacts)


def _statements(person: Person, *, channel: str, as_of: date) -> tuple[bool, bool]:
    def latest(which: str, *, granted: bool) -> Any:
        return max(
            (
                at
                for where, state, at in person.consents
                if where == which and (state == "granted") == granted and (not granted or at.date() < as_of)
            ),
            default=None,
        )

    own_yes, own_no = latest(channel, granted=True), latest(channel, granted=False)
    all_yes, all_no = latest("all", granted=True), latest("all", granted=False)
    refused = own_no is not None and (own_yes is None or own_no >= own_yes)
    refused = refused or (
        all_no is not None and (all_yes is None or all_no >= all_yes) and (own_yes is None or all_no >= own_yes)
    )
    return own_yes is not None or all_yes is not None, refused


def _reachable(person: Person, *, channel: str, shop_has_stores: bool) -> bool:
    if channel == "in_store":
        return bool(person.store) or not shop_has_stores
    if channel in ("wecom", "wecom_mass"):
        return person.in_wecom and (channel == "wecom_mass" or bool(person.associate))
    if channel == "email":
        return bool(person.email)
    return bool(person.phone) and "*" not in person.phone

"""Writes the files about people: members, contacts, consents, interactions, coupons and costs."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import pyarrow as pa

from shuke.demo.actions.session import Session
from shuke.demo.adapters import write_xlsx
from shuke.demo.rules import lettering as text
from shuke.demo.rules.coupons import (
    COUPON_HEADER,
    Coupons,
    coupon_numbers,
    coupon_rows,
    known_coupons,
    unused_coupons,
)
from shuke.demo.rules.facts import (
    CONSENT_HEADER,
    COST_HEADER,
    INTERACTION_HEADER,
    Consents,
    Interactions,
    consent_rows,
    cost_rows,
    draw_consents,
    draw_interactions,
    interaction_rows,
)
from shuke.demo.rules.identities import external_users
from shuke.demo.rules.members import (
    CONTACT_HEADER,
    MEMBER_HEADER,
    Cards,
    contact_ids,
    contact_rows,
    member_cards,
    member_columns,
    member_keys,
    member_rows,
)
from shuke.demo.values import DAY_SECONDS, Flags, Ints

_ROWS_A_SHEET = 1_000_000
_AT_ONCE = 200_000


def write_members(session: Session, *, workbook: bool) -> list[str]:
    """The member file: a workbook, or UTF-8 text for benchmarks."""
    cards = _cards_where(every := member_cards(session.people), where=every.day < session.until)
    session.ledger.records(
        "member", ids=text.digits(cards.number, width=12), person=cards.person, keys=member_keys(cards)
    )
    _note_members(session, cards=cards)
    cards = _cards_where(cards, where=cards.day >= session.since)
    if not workbook:
        output = session.csv(f"会员档案{session.stamp}.csv", header=",".join(MEMBER_HEADER))
        for part in _card_parts(cards, size=_AT_ONCE):
            columns = _columns(session, cards=part)
            output.append([columns[name] for name in MEMBER_HEADER])
        output.close()
        return [output.path.name]
    names = []
    for number, part in enumerate(_card_parts(cards, size=_ROWS_A_SHEET)):
        name = f"会员档案{session.stamp}.xlsx" if number == 0 else f"会员档案{session.stamp}_{number + 1}.xlsx"
        rows = member_rows(
            _columns(session, cards=part),
            cards=part,
            epoch_day=session.world.span.epoch_day,
            born=session.people.born[part.person],
        )
        write_xlsx(session.folder / name, sheet="会员", header=MEMBER_HEADER, rows=rows)
        names.append(name)
    return names


def write_contacts(session: Session) -> list[str]:
    """WeCom contacts; the truth holds each contact once."""
    ids = contact_ids(session.people)
    ids = ids[session.people.contact[ids] < session.until]
    output = session.csv(f"wecom_contacts{session.stamp}.csv", header=CONTACT_HEADER)
    for part in _id_parts(ids):
        columns, keys = contact_rows(session.world, people=session.people, ids=part, until=session.until)
        fresh = pa.array(session.people.contact[part] >= session.since)
        output.append([column.filter(fresh) for column in columns])
        once = np.concatenate([[True], part[1:] != part[:-1]])
        taken = pa.array(once)
        session.ledger.records("wecom", ids=external_users(part[once]), person=part[once], keys=keys.filter(taken))
    output.close()
    return [output.path.name]


def write_facts(session: Session, *, coupons: list[Coupons]) -> list[str]:
    """Consents, interactions, coupons and product costs."""
    consents = draw_consents(session.world, people=session.people)
    names = [
        _numbered(session, name="consents", header=CONSENT_HEADER, at=consents.at, part=_consents(session, consents))
    ]
    events = draw_interactions(session.world, people=session.people)
    names.append(
        _numbered(
            session, name="interactions", header=INTERACTION_HEADER, at=events.at, part=_interactions(session, events)
        )
    )
    names.append(_write_coupons(session, coupons=coupons))
    if session.continues:
        return names
    output = session.csv("costs.csv", header=COST_HEADER)
    output.append(cost_rows(session.world))
    output.close()
    return [*names, output.path.name]


Part = Callable[[int, int], list[pa.Array]]


def _numbered(session: Session, *, name: str, header: str, at: Ints, part: Part) -> str:
    """Rows by time, numbered over the whole span; those of this run's days are written."""
    output = session.csv(f"{name}{session.stamp}.csv", header=header)
    fresh, count = np.searchsorted(at, np.array([session.since, session.until]) * DAY_SECONDS).tolist()
    edges = sorted({*range(0, count, _AT_ONCE), fresh, count})
    for begin, end in pairwise(edges):
        columns = part(begin, end)
        if begin >= fresh:
            output.append(columns)
    output.close()
    return output.path.name


def _consents(session: Session, every: Consents) -> Part:
    def part(begin: int, end: int) -> list[pa.Array]:
        cut = slice(begin, end)
        consents = Consents(every.person[cut], every.statement[cut], every.state[cut], every.at[cut])
        columns, keys = consent_rows(session.world, people=session.people, consents=consents, begin=begin)
        session.ledger.records("consent", ids=columns[1], person=consents.person, keys=keys)
        return columns

    return part


def _interactions(session: Session, every: Interactions) -> Part:
    def part(begin: int, end: int) -> list[pa.Array]:
        cut = slice(begin, end)
        events = Interactions(every.person[cut], every.kind[cut], every.at[cut], every.score[cut])
        columns, keys = interaction_rows(session.world, people=session.people, interactions=events, begin=begin)
        session.ledger.records("interaction", ids=columns[1], person=events.person, keys=keys)
        return columns

    return part


def _write_coupons(session: Session, *, coupons: list[Coupons]) -> str:
    output = session.csv(f"coupons{session.stamp}.csv", header=COUPON_HEADER)
    for every in (*coupons, unused_coupons(session.world, people=session.people)):
        part, fresh = known_coupons(every, since=session.since, until=session.until)
        columns, keys = coupon_rows(session.world, people=session.people, coupons=part, until=session.until)
        output.append([column.filter(pa.array(fresh)) for column in columns])
        session.ledger.records("coupon", ids=coupon_numbers(part), person=part.person, keys=keys)
    output.close()
    return output.path.name


def _note_members(session: Session, *, cards: Cards) -> None:
    people, ledger = session.people, session.ledger
    again = cards.number >= 990_000_000_000
    ledger.problem("two_cards", rows=int(again.sum()), note="one person, a second card under a new phone")
    ledger.problem("dummy_phone_member", rows=int(cards.dummy.sum()), note="member cards with an invented phone")
    ledger.problem(
        "shared_family_phone_member", rows=int((people.shares_with >= 0).sum()), note="pairs of members with one phone"
    )
    ledger.problem(
        "recycled_phone_member",
        rows=int((people.recycled_from >= 0).sum()),
        note="numbers that passed to another person",
    )


def _columns(session: Session, *, cards: Cards) -> dict[str, pa.Array]:
    return member_columns(session.world, people=session.people, cards=cards, masked_share=session.profile.masked_share)


def _card_parts(cards: Cards, *, size: int) -> Iterator[Cards]:
    for start in range(0, len(cards.person), size):
        cut = slice(start, start + size)
        yield Cards(cards.person[cut], cards.number[cut], cards.day[cut], cards.phone[cut], cards.dummy[cut])


def _cards_where(cards: Cards, *, where: Flags) -> Cards:
    return Cards(cards.person[where], cards.number[where], cards.day[where], cards.phone[where], cards.dummy[where])


def _id_parts(ids: Ints) -> Iterator[Ints]:
    """Parts of about _AT_ONCE that never part the two rows of one contact."""
    start = 0
    while start < len(ids):
        stop = min(start + _AT_ONCE, len(ids))
        while stop < len(ids) and ids[stop] == ids[stop - 1]:
            stop += 1
        yield ids[start:stop]
        start = stop

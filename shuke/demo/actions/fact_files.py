"""Writes the files about people: members, contacts, consents, interactions, coupons and costs."""

from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa

from shuke.demo.actions.session import Session
from shuke.demo.adapters import CsvExport, write_xlsx
from shuke.demo.rules import lettering as text
from shuke.demo.rules.coupons import COUPON_HEADER, Coupons, coupon_numbers, coupon_rows, unused_coupons
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
from shuke.demo.values import Ints

_ROWS_A_SHEET = 1_000_000
_AT_ONCE = 200_000


def write_members(session: Session, *, workbook: bool) -> list[str]:
    """The member file: a workbook, or UTF-8 text for benchmarks."""
    cards = member_cards(session.people)
    session.ledger.records(
        "member", ids=text.digits(cards.number, width=12), person=cards.person, keys=member_keys(cards)
    )
    _note_members(session, cards=cards)
    if not workbook:
        output = CsvExport(session.folder / "会员档案.csv", header=",".join(MEMBER_HEADER))
        for part in _card_parts(cards, size=_AT_ONCE):
            columns = _columns(session, cards=part)
            output.append([columns[name] for name in MEMBER_HEADER])
        output.close()
        return [output.path.name]
    names = []
    for number, part in enumerate(_card_parts(cards, size=_ROWS_A_SHEET)):
        name = "会员档案.xlsx" if number == 0 else f"会员档案_{number + 1}.xlsx"
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
    output = CsvExport(session.folder / "wecom_contacts.csv", header=CONTACT_HEADER)
    for part in _id_parts(ids):
        columns, keys = contact_rows(session.world, people=session.people, ids=part)
        output.append(columns)
        once = np.concatenate([[True], part[1:] != part[:-1]])
        taken = pa.array(once)
        session.ledger.records("wecom", ids=external_users(part[once]), person=part[once], keys=keys.filter(taken))
    output.close()
    return [output.path.name]


def write_facts(session: Session, *, coupons: list[Coupons]) -> list[str]:
    """Consents, interactions, coupons and product costs."""
    consents = draw_consents(session.world, people=session.people)
    names = [
        _numbered(
            session,
            name="consents.csv",
            header=CONSENT_HEADER,
            count=len(consents.person),
            part=_consents(session, consents),
        )
    ]
    events = draw_interactions(session.world, people=session.people)
    names.append(
        _numbered(
            session,
            name="interactions.csv",
            header=INTERACTION_HEADER,
            count=len(events.person),
            part=_interactions(session, events),
        )
    )
    names.append(_write_coupons(session, coupons=coupons))
    output = CsvExport(session.folder / "costs.csv", header=COST_HEADER)
    output.append(cost_rows(session.world))
    output.close()
    return [*names, output.path.name]


Part = Callable[[int, int], list[pa.Array]]


def _numbered(session: Session, *, name: str, header: str, count: int, part: Part) -> str:
    output = CsvExport(session.folder / name, header=header)
    for begin in range(0, count, _AT_ONCE):
        output.append(part(begin, min(begin + _AT_ONCE, count)))
    output.close()
    return name


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
    output = CsvExport(session.folder / "coupons.csv", header=COUPON_HEADER)
    for part in (*coupons, unused_coupons(session.world, people=session.people)):
        columns, keys = coupon_rows(session.world, people=session.people, coupons=part)
        output.append(columns)
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


def _id_parts(ids: Ints) -> Iterator[Ints]:
    """Parts of about _AT_ONCE that never part the two rows of one contact."""
    start = 0
    while start < len(ids):
        stop = min(start + _AT_ONCE, len(ids))
        while stop < len(ids) and ids[stop] == ids[stop - 1]:
            stop += 1
        yield ids[start:stop]
        start = stop

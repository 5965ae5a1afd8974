"""Makes a retailer and writes its exports and its truth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from shuke.demo.actions.fact_files import write_contacts, write_facts, write_members
from shuke.demo.actions.ledger import Ledger
from shuke.demo.actions.persons import write_persons
from shuke.demo.actions.session import Period, Session, periods
from shuke.demo.actions.shop_files import ShopFiles, order_numbers
from shuke.demo.actions.till_files import TillFiles
from shuke.demo.actions.weeks import LivedWeek, lived_week
from shuke.demo.adapters import load_world
from shuke.demo.adapters.truth import persons_of, replace_folder
from shuke.demo.rules import lettering as text
from shuke.demo.rules.baskets import chosen, fill_baskets, stock_shelf
from shuke.demo.rules.coupons import NAMES, Coupons, use_coupons, used_coupons
from shuke.demo.rules.identities import card_text, full_names, phone_text
from shuke.demo.rules.meituan import in_till
from shuke.demo.rules.people import draw_people
from shuke.demo.rules.planted import halted, plant, shows_membership
from shuke.demo.rules.progress import is_picked_in_store
from shuke.demo.rules.purchases import draw_orders
from shuke.demo.rules.till import reordered
from shuke.demo.rules.wholesale import with_wholesale
from shuke.demo.rules.youzan import PICKED_SHARE
from shuke.demo.values import (
    BULK,
    DAY_SECONDS,
    LIFELIKE,
    NEVER,
    Basket,
    Channel,
    DemoSummary,
    Ints,
    Orders,
    Outcome,
    People,
    Profile,
    TaskRow,
)

Progress = Callable[[str, float], None]

DEFAULT_SEED = 20261123
DEFAULT_DAY = date(2026, 11, 23)
_DAYS = 730
_LARGE = 1_500_000


@dataclass(frozen=True)
class Making:
    """What is to be made: files of the days from `since` to `until` (excluded), of a world that ends at `as_of`.

    `tasks` are those that associates and headquarters had in the days from `since` on.
    """

    folder: Path
    truth: Path
    customers: int
    seed: int
    as_of: date
    since: date | None = None
    until: date | None = None
    tasks: Sequence[TaskRow] = ()


def write_exports(
    folder: Path,
    *,
    truth: Path,
    customers: int = 20_000,
    seed: int = DEFAULT_SEED,
    as_of: date = DEFAULT_DAY,
    until: date | None = None,
    progress: Progress | None = None,
) -> DemoSummary:
    """Writes two years of raw exports before `as_of` into `folder` and the truth into `truth` (not inside `folder`).

    With `until` the files were exported on that morning and know nothing of it or later; `write_week` adds the rest.
    Equal arguments give equal bytes. Memory stays bounded by one quarter of a year of order lines.
    `progress` is told what is being written and the share done, 0 to 1.
    Raises ValueError where `truth` lies inside `folder` or `customers` is below 100.
    """
    making = Making(folder, truth, customers, seed, as_of, until=until)
    return _write(making, profile=LIFELIKE, progress=progress)[0]


def write_week(
    folder: Path,
    *,
    truth: Path,
    since: date,
    tasks: Sequence[TaskRow],
    customers: int = 20_000,
    seed: int = DEFAULT_SEED,
    as_of: date = DEFAULT_DAY,
    progress: Progress | None = None,
) -> tuple[DemoSummary, tuple[Outcome, ...]]:
    """Writes the files of the days from `since` to `as_of` beside those that `write_exports(until=since)` wrote.

    People who were reached by `tasks` buy more by their hidden response, on top of what they do anyway; everybody else
    does what they would have done. Gives what staff noted down; tasks left undone have no outcome. The truth is
    replaced by that of the whole span, with `responses.parquet` beside it. Raises FileNotFoundError without a truth.
    """
    making = Making(folder, truth, customers, seed, as_of, since=since, tasks=tasks)
    return _write(making, profile=LIFELIKE, progress=progress)


def write_bulk(
    folder: Path,
    *,
    truth: Path,
    customers: int = 1_000_000,
    seed: int = DEFAULT_SEED,
    as_of: date = DEFAULT_DAY,
    mask_phones: bool = False,
    progress: Progress | None = None,
) -> DemoSummary:
    """Writes plain till files in UTF-8 (at most 5 million lines each) and a member file, about 20 lines a customer.

    `mask_phones` masks a third of the phones, as platforms do. Raises as `write_exports` does.
    """
    profile = replace(BULK, masked_share=1 / 3) if mask_phones else BULK
    return _write(Making(folder, truth, customers, seed, as_of), profile=profile, progress=progress)[0]


def _write(making: Making, *, profile: Profile, progress: Progress | None) -> tuple[DemoSummary, tuple[Outcome, ...]]:
    if making.truth.resolve().is_relative_to(making.folder.resolve()):
        raise ValueError("the truth must not lie inside the folder of the exports")
    if making.customers < 100:
        raise ValueError("a retailer needs at least 100 customers")
    world = load_world(making.seed, as_of=making.as_of, days=_DAYS)
    planted = plant(world, quirks=profile.quirks)
    drawn = draw_people(world, customers=making.customers, profile=profile)
    people = replace(drawn, registered=halted(planted, people=drawn))
    # Whose records the tasks name stands in the truth of the run before, which this run replaces.
    person = persons_of(making.truth, records=[(t.source, t.source_row_id) for t in making.tasks])
    into = making.truth.with_name(f"{making.truth.name}.part") if making.since else making.truth
    session = Session(
        world, people, profile, planted, making.folder, Ledger(into, world=world),
        since=world.span.day(making.since) if making.since else -NEVER,
        until=world.span.day(making.until or making.as_of),
    )  # fmt: skip
    tell = progress or _silent
    tell("people", 0.05)
    orders = draw_orders(world, people=people, profile=profile)
    week = lived_week(session, orders=orders, tasks=making.tasks, person=person)
    till, shops, coupons = _write_orders(session, orders=orders, week=week, tell=tell)
    files = [*till.files, *shops.files, *write_members(session, workbook=profile.quirks)]
    if profile.quirks:
        files += [*write_contacts(session), *write_facts(session, coupons=coupons)]
    _write_people(session)
    session.ledger.close()
    if making.since:
        replace_folder(making.truth, by=into)
    tell("done", 1.0)
    return DemoSummary(
        files=tuple(sorted(files)), customers=making.customers, orders=session.ledger.orders,
        lines=session.ledger.lines, member_receipt_share=till.named_sales / max(till.sales, 1),
        net_minor=session.ledger.net_minor,
    ), week.outcomes  # fmt: skip


def _silent(_what: str, _share: float) -> None:
    return None


def _write_orders(
    session: Session, *, orders: Orders, week: LivedWeek, tell: Progress
) -> tuple[TillFiles, ShopFiles, list[Coupons]]:
    """Writes all orders, period by period."""
    world, people = session.world, session.people
    shelf = stock_shelf(world)
    months = 1 if people.customers > _LARGE else 3
    every = periods(world.span, months=months, since=session.since, until=session.until)
    till, shops = TillFiles(session, every=every), ShopFiles(session)
    coupons: list[Coupons] = []
    for done, period in enumerate(every):
        begin, end = np.searchsorted(orders.at, [period.first * DAY_SECONDS, period.end * DAY_SECONDS])
        basket = fill_baskets(world, people=people, orders=orders, begin=int(begin), end=int(end), shelf=shelf)
        basket = with_wholesale(basket, share=session.planted.wholesale_share)
        if period.first == session.since:
            basket = week.joined(basket, world=world, people=people, shelf=shelf)
        coupons += _write_period(session, period=period, basket=basket, till=till, shops=shops)
        shops.close(period)
        tell(f"orders {period.label}", 0.05 + 0.85 * (done + 1) / len(every))
    shops.close()
    return till, shops, coupons


def _write_period(
    session: Session, *, period: Period, basket: Basket, till: TillFiles, shops: ShopFiles
) -> list[Coupons]:
    """Writes one period of every channel; gives the coupons used in it."""
    basket, kind = _with_coupons(session, basket=basket)
    picked = (basket.channel == Channel.YOUZAN) & is_picked_in_store(basket, share=PICKED_SHARE)
    picked |= (basket.channel == Channel.MEITUAN) & in_till(basket)
    rung = (basket.channel == Channel.POS) | picked
    numbers = order_numbers(session, basket=basket)
    index, receipts = till.write(period, sales=chosen(basket, rung), external=numbers.filter(pa.array(rung)))
    order = np.argsort(basket.at, kind="stable")
    basket, kind, numbers = reordered(basket, order), kind[order], numbers.take(pa.array(order))
    if session.profile.quirks:
        online = basket.channel == Channel.YOUZAN
        names = text.words(NAMES, at=kind[online])
        shops.youzan(period, basket=chosen(basket, online), coupon=names)
        shops.tmall(period, basket=chosen(basket, basket.channel == Channel.TMALL))
        shops.jd(period, basket=chosen(basket, basket.channel == Channel.JD))
        shops.meituan(period, basket=chosen(basket, basket.channel == Channel.MEITUAN))
    return [
        used_coupons(basket, kind=kind, order_no=_own_numbers(basket, numbers=numbers, index=index, receipts=receipts))
    ]


def _with_coupons(session: Session, *, basket: Basket) -> tuple[Basket, Ints]:
    """Members use coupons at the till when they are known there, and in the mini-program shop."""
    if not session.profile.quirks:
        return basket, np.full(basket.count, -1)
    people = session.people
    named = shows_membership(session.world, people=people, planted=session.planted, basket=basket)
    registered = people.registered[np.maximum(basket.person, 0)] <= basket.day
    at_till = (basket.channel == Channel.POS) & named
    in_shop = (basket.channel == Channel.YOUZAN) & registered & (basket.person >= 0)
    return use_coupons(basket, people=people, known=at_till | in_shop)


def _own_numbers(basket: Basket, *, numbers: pa.Array, index: Ints, receipts: pa.Array) -> pa.Array:
    """The number of each order in its own system: the receipt for the till, else the shop's number."""
    order = np.argsort(index, kind="stable")
    place = np.minimum(np.searchsorted(index[order], basket.index), max(len(order) - 1, 0))
    own = receipts.take(pa.array(order[place]))
    return text.keep(own, where=basket.channel == Channel.POS, otherwise=numbers)


def _write_people(session: Session) -> None:
    people: People = session.people
    ids = np.arange(people.count)
    card = np.where(people.registered < people.card * 0 + _DAYS, people.card, 0)
    write_persons(
        session.ledger,
        people=people,
        names=full_names(session.world, people=people, ids=ids),
        phones=(phone_text(people.phone), phone_text(people.phone_later)),
        cards=(card_text(card), card_text(np.where(card > 0, people.card_later, 0))),
    )

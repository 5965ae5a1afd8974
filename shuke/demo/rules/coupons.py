"""Coupons: who uses one on which order, and those that nobody uses."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from shuke.demo.rules import lettering as text
from shuke.demo.rules.baskets import with_discount
from shuke.demo.rules.chance import scramble, stream, unit
from shuke.demo.rules.identities import card_text, cards_on, phone_text, phones_on
from shuke.demo.values import DAY_SECONDS, NEVER, Basket, Flags, Ints, People, World

COUPON_HEADER = (
    "source,coupon_no,member_id,phone,unionid,card,name,kind,face,min_spend,"
    "issued_at,expires_at,used_at,used_order_no,status,source_row_id"
)
_FACES = (1_000, 2_500, 4_000)
_FROM = (10_000, 20_000, 30_000)
NAMES = ("满100减10", "满200减25", "满300减40")
_VALID_DAYS = 30


@dataclass(frozen=True)
class Coupons:
    """Coupons by position: `kind` indexes the names, times are local seconds, `used_at` -1 where unused."""

    person: Ints
    kind: Ints
    issued_at: Ints
    used_at: Ints
    order_no: pa.Array


def use_coupons(basket: Basket, *, people: People, known: Flags) -> tuple[Basket, Ints]:
    """The basket after coupons, and the kind of coupon that each order used (-1 none): sensitive members use more."""
    total = basket.total(basket.paid)
    kind = np.searchsorted(np.array(_FROM), total, side="right") - 1
    chance = 0.03 + 0.16 * people.sensitivity[np.maximum(basket.person, 0)]
    used = known & (kind >= 0) & (unit(basket.index, salt=91) < chance)
    kind = np.where(used, kind, -1).astype(np.int64)
    face = np.where(used, np.array(_FACES)[kind], 0).astype(np.int64)
    return with_discount(basket, face), kind


def used_coupons(basket: Basket, *, kind: Ints, order_no: pa.Array) -> Coupons:
    """The coupons that these orders used, issued up to two weeks before."""
    used = kind >= 0
    at = basket.at[used]
    issued = at - 3_600 - (unit(basket.index[used], salt=92) * 14 * DAY_SECONDS).astype(np.int64)
    return Coupons(basket.person[used], kind[used], issued, at, order_no.filter(pa.array(used)))


def unused_coupons(world: World, *, people: People) -> Coupons:
    """Coupons that were sent out and forgotten: about two for three members."""
    rng = stream(world.seed, name="coupons")
    days = world.span.days
    holders = np.flatnonzero(people.registered < NEVER)
    person = np.repeat(holders, rng.poisson(0.65, len(holders)))
    start = np.maximum(people.registered[person], 0)
    issued = (start + rng.random(len(person)) * (days - start - 0.01)) * DAY_SECONDS
    none = np.full(len(person), -1)
    return Coupons(
        person,
        rng.integers(0, len(NAMES), len(person)),
        issued.astype(np.int64),
        none,
        text.constant("", rows=len(person)),
    )


def coupon_numbers(coupons: Coupons) -> pa.Array:
    """CP and fourteen digits, different for each coupon of a person."""
    rank = scramble(coupons.person * 7 + coupons.issued_at * 1_000_003, salt=93) % 10**14
    return text.glue("CP", text.digits(rank, width=14))


def known_coupons(coupons: Coupons, *, since: int, until: int) -> tuple[Coupons, Flags]:
    """Coupons issued before day `until`, as they were then; and which of them changed or came from day `since` on."""
    expires = coupons.issued_at + _VALID_DAYS * DAY_SECONDS
    issued = coupons.issued_at < until * DAY_SECONDS
    used_at = np.where(coupons.used_at < until * DAY_SECONDS, coupons.used_at, -1)
    begin, end = since * DAY_SECONDS, until * DAY_SECONDS
    fresh = (coupons.issued_at >= begin) | (used_at >= begin) | ((expires >= begin) & (expires < end))
    order_no = text.keep(coupons.order_no, where=used_at >= 0)
    kept = pa.array(issued)
    known = Coupons(
        coupons.person[issued], coupons.kind[issued], coupons.issued_at[issued], used_at[issued], order_no.filter(kept)
    )
    return known, fresh[issued]


def coupon_rows(world: World, *, people: People, coupons: Coupons, until: int) -> tuple[list[pa.Array], pa.Array]:
    """The columns of COUPON_HEADER as exported at the start of day `until`, and which identifiers each row carries.

    Money in yuan.
    """
    day = coupons.issued_at // DAY_SECONDS
    rows, epoch = len(day), world.span.epoch_day
    expires = coupons.issued_at + _VALID_DAYS * DAY_SECONDS
    card = cards_on(people, ids=coupons.person, day=np.maximum(day, people.registered[coupons.person]))
    with_phone = unit(coupons.person, salt=94) < 0.4
    phone = np.where(with_phone, phones_on(people, ids=coupons.person, day=day), 0)
    gone = expires < until * DAY_SECONDS
    state = np.where(coupons.used_at >= 0, 1, np.where(gone, 2, 0))
    number, blank = coupon_numbers(coupons), text.constant("", rows=rows)
    columns = [
        text.constant("coupon", rows=rows),
        number,
        blank,
        phone_text(phone),
        blank,
        card_text(card),
        text.words(NAMES, at=coupons.kind),
        text.constant("cash", rows=rows),
        text.money(np.array(_FACES)[coupons.kind]),
        text.money(np.array(_FROM)[coupons.kind]),
        text.stamps(coupons.issued_at, epoch_day=epoch),
        text.stamps(expires, epoch_day=epoch),
        text.keep(text.stamps(coupons.used_at, epoch_day=epoch), where=coupons.used_at >= 0),
        coupons.order_no,
        text.words(("issued", "used", "expired"), at=state),
        number,
    ]
    return columns, text.words(("card", "card,phone"), at=with_phone.astype(np.int64))

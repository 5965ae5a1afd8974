"""Generic files: what people said about being contacted, what else happened between them and the shop, and costs."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from shuke.demo.rules import lettering as text
from shuke.demo.rules.chance import pick, stream, unit
from shuke.demo.rules.identities import card_text, cards_on, phone_text, phones_on, union_ids
from shuke.demo.values import DAY_SECONDS, NEVER, Flags, Floats, Ints, People, World

INTERACTION_HEADER = "source,source_row_id,member_id,phone,unionid,card,kind,at,score,store,associate,note"
CONSENT_HEADER = "source,source_row_id,member_id,phone,unionid,card,channel,purpose,state,at,evidence"
COST_HEADER = "sku,product,category,unit_cost,currency,valid_from"
_KINDS = ("visit", "browse", "message", "reply", "review", "event", "service", "complaint", "survey")
_KIND_SHARE = np.array([16, 30, 22, 10, 8, 5, 4, 1.5, 3.5])
_NOTES = (
    "到店未购",
    "浏览小程序商品页",
    "导购一对一消息",
    "回复导购",
    "商品评价",
    "参加门店活动",
    "咨询售后",
    "投诉配送延误",
    "满意度问卷",
)
_SCORED = {4: 5, 8: 10}


@dataclass(frozen=True)
class Statement:
    """A consent that some people gave or refused: share granted, share refused, the rest said nothing."""

    channel: str
    purpose: str
    granted: float
    refused: float
    withdrawn: float
    evidence: str
    of_contacts: bool


_STATEMENTS = (
    Statement("sms", "marketing", 0.60, 0.17, 0.07, "门店注册表 v3", of_contacts=False),
    Statement("email", "marketing", 0.06, 0.05, 0.10, "会员中心设置", of_contacts=False),
    Statement("all", "personalisation", 0.52, 0.10, 0.04, "小程序隐私弹窗 v2", of_contacts=False),
    Statement("wecom", "marketing", 0.74, 0.06, 0.05, "加好友欢迎语同意", of_contacts=True),
    Statement("phone", "marketing", 0.15, 0.22, 0.05, "门店注册表 v3", of_contacts=False),
)


@dataclass(frozen=True)
class Consents:
    """Statements by time: person, position of the statement kind, state (0 granted, 1 refused, 2 withdrawn), local
    seconds.
    """

    person: Ints
    statement: Ints
    state: Ints
    at: Ints


def draw_consents(world: World, *, people: People) -> Consents:
    """Who said what and when; withdrawals follow a grant by up to 200 days."""
    rng = stream(world.seed, name="consents")
    end = world.span.days * DAY_SECONDS
    parts: list[tuple[Ints, Ints, Ints, Ints]] = []
    for place, statement in enumerate(_STATEMENTS):
        since = people.contact if statement.of_contacts else people.registered
        ids = np.flatnonzero(since < NEVER)
        draw = rng.random(len(ids))
        asked = draw < statement.granted + statement.refused
        person, granted = ids[asked], draw[asked] < statement.granted
        at = since[person] * DAY_SECONDS + rng.integers(9 * 3_600, 21 * 3_600, len(person))
        parts.append((person, np.full(len(person), place), np.where(granted, 0, 1), at))
        again = granted & (rng.random(len(person)) < statement.withdrawn)
        later = at[again] + rng.integers(DAY_SECONDS, 200 * DAY_SECONDS, int(again.sum()))
        kept = later < end
        parts.append((person[again][kept], np.full(int(kept.sum()), place), np.full(int(kept.sum()), 2), later[kept]))
    person, statement_of, state, at = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((person, at))
    return Consents(person[order], statement_of[order], state[order], at[order])


def consent_rows(world: World, *, people: People, consents: Consents, begin: int) -> tuple[list[pa.Array], pa.Array]:
    """The columns of CONSENT_HEADER for consents numbered from `begin`, and which identifiers each row carries."""
    rows = len(consents.person)
    wecom = np.array([s.of_contacts for s in _STATEMENTS])[consents.statement]
    columns = [
        text.constant("consent", rows=rows),
        text.glue("C", text.digits(np.arange(begin, begin + rows), width=9)),
        *_who(people, ids=consents.person, at=consents.at, by_unionid=wecom),
        text.words([s.channel for s in _STATEMENTS], at=consents.statement),
        text.words([s.purpose for s in _STATEMENTS], at=consents.statement),
        text.words(("granted", "refused", "withdrawn"), at=consents.state),
        text.stamps(consents.at, epoch_day=world.span.epoch_day),
        text.words([s.evidence for s in _STATEMENTS], at=consents.statement),
    ]
    return columns, _keys(people, ids=consents.person, at=consents.at, by_unionid=wecom)


@dataclass(frozen=True)
class Interactions:
    """What happened besides orders, by time."""

    person: Ints
    kind: Ints
    at: Ints
    score: Floats


def draw_interactions(world: World, *, people: People) -> Interactions:
    """About three in two years for each member or contact, within their active time."""
    rng = stream(world.seed, name="interactions")
    ids = np.flatnonzero((people.registered < NEVER) | (people.contact < NEVER))
    since = np.clip(np.minimum(people.registered, people.contact)[ids], 0, world.span.days - 1)
    until = np.minimum(people.left[ids] + 60, world.span.days)
    length = np.maximum(until - since, 0)
    number = rng.poisson(length / 200)
    person, start, length = np.repeat(ids, number), np.repeat(since, number), np.repeat(length, number)
    day = (start + rng.random(len(person)) * length).astype(np.int64)
    at = np.minimum(day, world.span.days - 1) * DAY_SECONDS + rng.integers(9 * 3_600, 22 * 3_600, len(person))
    kind = pick(rng.random(len(person)), cumulative=np.cumsum(_KIND_SHARE))
    score = np.full(len(person), -1.0)
    for scored, top in _SCORED.items():
        here = kind == scored
        score[here] = np.clip(np.round(top * (1 - rng.gamma(1.1, 0.13, int(here.sum())))), 1, top)
    order = np.lexsort((person, at))
    return Interactions(person[order], kind[order], at[order], score[order])


def interaction_rows(
    world: World, *, people: People, interactions: Interactions, begin: int
) -> tuple[list[pa.Array], pa.Array]:
    """The columns of INTERACTION_HEADER for interactions numbered from `begin`, and which identifiers each row
    carries.
    """
    ids, rows = interactions.person, len(interactions.person)
    wecom = (people.contact[ids] * DAY_SECONDS <= interactions.at) & (unit(ids, salt=141) < 0.7)
    wecom |= people.registered[ids] * DAY_SECONDS > interactions.at
    online = interactions.kind == 1
    score = text.keep(text.whole(interactions.score.astype(np.int64)), where=interactions.score >= 0)
    columns = [
        text.constant("interaction", rows=rows),
        text.glue("I", text.digits(np.arange(begin, begin + rows), width=9)),
        *_who(people, ids=ids, at=interactions.at, by_unionid=wecom),
        text.words(_KINDS, at=interactions.kind),
        text.stamps(interactions.at, epoch_day=world.span.epoch_day),
        score,
        text.keep(text.words(world.chain.name, at=people.store[ids]), where=~online),
        text.keep(text.words(world.chain.associates, at=people.associate[ids]), where=~online),
        text.words(_NOTES, at=interactions.kind),
    ]
    return columns, _keys(people, ids=ids, at=interactions.at, by_unionid=wecom)


def cost_rows(world: World) -> list[pa.Array]:
    """The columns of COST_HEADER: two price lists a year apart; one product in 29 has no cost anywhere."""
    goods = world.catalogue
    listed = np.array([place for place in range(len(goods.sku)) if place % 29 != 7])
    earlier = goods.cost[listed] * 96 // 100
    both = np.concatenate([listed, listed])
    start, middle = world.span.start_on.isoformat(), world.span.date(world.span.days // 2).isoformat()
    return [
        text.words(goods.sku, at=both),
        text.words(goods.name, at=both),
        text.words(goods.categories, at=goods.category[both]),
        text.money(np.concatenate([earlier, goods.cost[listed]])),
        text.constant("CNY", rows=len(both)),
        text.words((start, middle), at=np.repeat([0, 1], len(listed))),
    ]


def _who(people: People, *, ids: Ints, at: Ints, by_unionid: Flags) -> list[pa.Array]:
    """member_id, phone, unionid and card: one of unionid and card, and the phone for a third of the cards."""
    rows = len(ids)
    day = at // DAY_SECONDS
    phone = np.where(_with_phone(ids, by_unionid=by_unionid), phones_on(people, ids=ids, day=day), 0)
    card = np.where(by_unionid, 0, cards_on(people, ids=ids, day=day))
    return [
        text.constant("", rows=rows),
        phone_text(phone),
        text.keep(union_ids(ids), where=by_unionid),
        card_text(card),
    ]


def _with_phone(ids: Ints, *, by_unionid: Flags) -> Flags:
    return np.asarray(~by_unionid & (unit(ids, salt=142) < 0.33))


def _keys(people: People, *, ids: Ints, at: Ints, by_unionid: Flags) -> pa.Array:
    card = np.where(by_unionid, 0, cards_on(people, ids=ids, day=at // DAY_SECONDS)) > 0
    phone = _with_phone(ids, by_unionid=by_unionid)
    place = np.where(by_unionid, 0, np.where(card & phone, 1, np.where(card, 2, np.where(phone, 3, 4))))
    return text.words(("unionid", "card,phone", "card", "phone", ""), at=place)

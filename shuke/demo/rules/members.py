"""The member file and the WeCom contacts."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from shuke.demo.rules import lettering as text
from shuke.demo.rules.chance import scramble, unit
from shuke.demo.rules.identities import external_users, full_names, nicknames, phone_text, shares_unionid, union_ids
from shuke.demo.rules.planted import DUMMY_PHONES
from shuke.demo.values import NEVER, Flags, Ints, People, World

MEMBER_HEADER = (
    "会员卡号",
    "姓名",
    "手机号",
    "性别",
    "生日",
    "注册门店",
    "注册日期",
    "归属导购",
    "等级",
    "积分余额",
    "邮箱",
    "unionid",
    "状态",
)
CONTACT_HEADER = (
    "external_userid,name,unionid,follow_user,follow_user_name,store,add_time,remark_mobiles,remark,gender,state"
)
EXCEL_EPOCH = 25_569
_TIERS = ("普通会员", "银卡", "金卡", "黑金卡")
_STATES = ("正常", "员工", "冻结")


@dataclass(frozen=True)
class Cards:
    """Member cards: person, number, day of registration and the phone on file (0 none). `dummy` flags invented
    phones.
    """

    person: Ints
    number: Ints
    day: Ints
    phone: Ints
    dummy: Flags


def member_cards(people: People) -> Cards:
    """All cards, second ones after the first. Of changed numbers the file knows the new one for six in ten."""
    holds = np.flatnonzero(people.registered < NEVER)
    again = holds[people.card_later[holds] > 0]
    person = np.concatenate([holds, again])
    later = np.concatenate([np.zeros(len(holds), np.bool_), np.ones(len(again), np.bool_)])
    updated = (people.changed[person] < NEVER) & (people.card_later[person] == 0) & (unit(person, salt=111) < 0.6)
    updated |= people.registered[person] >= people.changed[person]
    phone = np.where(later | updated, people.phone_later[person], people.phone[person])
    draw = unit(person, salt=112)
    dummy = (draw < 0.004) & (person < people.customers)
    phone = np.where(dummy, DUMMY_PHONES[person % 2], np.where(draw > 0.985, 0, phone))
    number = np.where(later, people.card_later[person], people.card[person])
    day = np.where(later, people.changed[person], people.registered[person])
    return Cards(person, number.astype(np.int64), day.astype(np.int64), phone.astype(np.int64), dummy)


def member_columns(world: World, *, people: People, cards: Cards, masked_share: float) -> dict[str, pa.Array]:
    """The columns of MEMBER_HEADER as text; days as 2025-03-01."""
    ids, chain = cards.person, world.chain
    phone = phone_text(cards.phone)
    masked = unit(ids, salt=113) < masked_share
    born = text.dates(people.born[ids])
    state = np.where(ids >= people.customers, 1, np.where(unit(ids, salt=114) < 0.004, 2, 0))
    points = np.where(unit(ids, salt=115) < 0.2, 0, (people.rate[ids] * 60_000 * unit(ids, salt=116)).astype(np.int64))
    tier = np.searchsorted(np.array([0.015, 0.03, 0.06]), people.rate[ids])
    email = text.glue(text.codes(ids, width=9, salt=500), "@", text.words(("qq.com", "163.com", "126.com"), at=ids % 3))
    unionid = shares_unionid(ids)
    return {
        "会员卡号": text.digits(cards.number, width=12),
        "姓名": full_names(world, people=people, ids=ids),
        "手机号": text.keep(text.masked_phone(phone), where=masked, otherwise=phone),
        "性别": text.words(
            ("男", "女"), at=np.where(unit(ids, salt=117) < 0.1, -1, people.female[ids].astype(np.int64))
        ),
        "生日": text.keep(born, where=unit(ids, salt=118) < 0.72),
        "注册门店": text.words(chain.name, at=people.store[ids]),
        "注册日期": text.dates(cards.day + world.span.epoch_day),
        "归属导购": text.keep(text.words(chain.associates, at=people.associate[ids]), where=unit(ids, salt=119) < 0.8),
        "等级": text.words(_TIERS, at=tier),
        "积分余额": text.whole(points),
        "邮箱": text.keep(email, where=unit(ids, salt=120) < 0.12),
        "unionid": text.keep(union_ids(ids), where=unionid),
        "状态": text.words(_STATES, at=state),
    }


def member_rows(
    columns: dict[str, pa.Array], *, cards: Cards, epoch_day: int, born: Ints
) -> Iterator[list[str | float]]:
    """Rows for a workbook: some days are serial numbers, some phones have a leading apostrophe, points are numbers."""
    lists = [columns[name].to_pylist() for name in MEMBER_HEADER]
    serial_day = (unit(cards.number, salt=121) < 0.3).tolist()
    serial_born = (unit(cards.number, salt=122) < 0.2).tolist()
    quoted = (unit(cards.number, salt=123) < 0.15).tolist()
    days = (cards.day + epoch_day + EXCEL_EPOCH).tolist()
    births = (born + EXCEL_EPOCH).tolist()
    for place, row in enumerate(zip(*lists, strict=True)):
        cells: list[str | float] = list(row)
        if serial_day[place]:
            cells[6] = days[place]
        if serial_born[place] and cells[4]:
            cells[4] = births[place]
        if quoted[place] and cells[2]:
            cells[2] = f"'{cells[2]}"
        cells[9] = int(row[9])
        yield cells


def member_keys(cards: Cards) -> pa.Array:
    """Which identifiers a member record carries, for the truth."""
    return text.glue(
        "card",
        text.keep(text.constant(",phone", rows=len(cards.person)), where=cards.phone > 0),
        text.keep(text.constant(",unionid", rows=len(cards.person)), where=shares_unionid(cards.person)),
    )


def contact_ids(people: People) -> Ints:
    """Contacts; one in thirty stands twice, for two associates follow the same person."""
    ids = np.flatnonzero(people.contact < NEVER)
    return np.sort(np.concatenate([ids, ids[unit(ids, salt=131) < 0.033]]))


def contact_rows(world: World, *, people: People, ids: Ints, until: int) -> tuple[list[pa.Array], pa.Array]:
    """The columns of CONTACT_HEADER as exported at the start of day `until`, and which identifiers each row carries."""
    chain = world.chain
    again = np.concatenate([[False], ids[1:] == ids[:-1]]) if len(ids) else np.zeros(0, np.bool_)
    each = chain.associates_each
    own = people.associate[ids]
    follower = np.where(again, own // each * each + (own + 1) % each, own)
    added = people.contact[ids] * 86_400 + 36_000 + scramble(ids, salt=132) % 36_000 + np.where(again, 9 * 86_400, 0)
    added = np.minimum(added, until * 86_400 - 60) + world.span.epoch_day * 86_400 - 8 * 3_600
    day = np.minimum(people.contact[ids], until - 1)
    phone = np.where(day >= people.changed[ids], people.phone_later[ids], people.phone[ids])
    known = unit(ids, salt=133) < 0.58
    names = full_names(world, people=people, ids=ids)
    store = text.words(chain.name, at=people.store[ids])
    columns = [
        external_users(ids),
        nicknames(world, ids=ids),
        union_ids(ids),
        text.glue(text.words(chain.code, at=follower // each), "_", text.whole(follower % each + 1)),
        text.words(chain.associates, at=follower),
        store,
        text.whole(added),
        text.keep(phone_text(phone), where=known),
        text.keep(text.glue(text.words(chain.name, at=people.store[ids]), "-", names), where=unit(ids, salt=134) < 0.3),
        text.whole(np.where(people.female[ids], 2, 1)),
        text.glue("store_", text.words(chain.code, at=people.store[ids])),
    ]
    return columns, text.words(("unionid", "unionid,phone"), at=known.astype(np.int64))

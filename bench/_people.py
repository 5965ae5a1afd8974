"""Person files of synthetic retailers with known truth: several habits, seeded, made of short lists of our own.

Every record shows some of what its person has, as the channel asks for it; a third of the phones are masked.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import yaml
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_WORDS = yaml.safe_load((Path(__file__).parent / "_words.yaml").read_text("utf-8"))
_SURNAMES, _GIVEN = ("".join(_WORDS[name].split()) for name in ("family_names", "given_names"))
_CITIES, _DISTRICTS, _STREETS, _PREFIXES = (
    _WORDS[name].split() for name in ("cities", "districts", "roads", "prefixes")
)
_DUMMIES = ["13800138000", "13812345678", "11111111111", "13888888888", "15512345677"]
_FIELDS = (
    *("shop_user_id", "name", "phone", "email", "unionid", "card", "member_id"),
    *("birthday", "gender", "city", "address"),
)


@dataclass(frozen=True)
class Habits:
    """What a retailer's channels show: for each channel the share of records that carry a field.

    `masked` of the phones and `masked_names` of the names show stars; `typos` of both are misspelt. `families`,
    `recycled`, `dummies` are shares of people (or records) with such numbers; `renewed` have a second phone later;
    `one_city` live in the first city; `names` given names are in use.
    """

    channels: dict[str, dict[str, float]]
    masked: float = 1 / 3
    masked_names: float = 0.0
    typos: float = 0.02
    families: float = 0.04
    recycled: float = 0.01
    dummies: float = 0.005
    renewed: float = 0.05
    one_city: float = 0.15
    names: int = 130


_FULL = {"name": 0.95, "phone": 1.0, "birthday": 0.6, "gender": 0.8, "city": 0.8, "card": 0.9, "unionid": 0.3}
_WEB = {"name": 0.9, "phone": 0.95, "shop_user_id": 0.8, "city": 0.9, "address": 0.8}
_MINI = {"name": 0.4, "phone": 0.8, "unionid": 0.9, "gender": 0.5, "city": 0.3}
_TILL = {"phone": 0.85, "card": 0.35, "name": 0.25, "city": 0.7}

RETAILERS = {
    "names": Habits({"crm": _FULL, "pos": {**_TILL, "name": 0.8}, "tmall": _WEB, "youzan": _MINI}),
    "masked names": Habits({"crm": _FULL, "pos": _TILL, "tmall": _WEB, "jd": _WEB}, masked_names=0.6, typos=0.01),
    "little": Habits({"pos": _TILL, "youzan": _MINI, "meituan": {"phone": 1.0, "name": 0.3}}, masked=0.45),
    "families": Habits(
        {"crm": {**_FULL, "email": 0.5}, "pos": _TILL, "shop": {**_WEB, "email": 0.7}},
        families=0.15,
        recycled=0.04,
        dummies=0.02,
        renewed=0.12,
        typos=0.04,
    ),
    # Kept for the last look: nothing was tuned on these.
    "one town": Habits({"crm": _FULL, "pos": {**_TILL, "name": 0.6, "birthday": 0.2}}, one_city=0.9, families=0.08),
    "no keys": Habits(
        {
            "a": {"name": 0.95, "phone": 0.9, "birthday": 0.5, "city": 0.9},
            "b": {"name": 0.9, "phone": 0.9, "gender": 0.9},
            "c": {"name": 1.0, "phone": 0.7, "email": 0.6, "address": 0.6},
        },
        masked_names=0.3,
        typos=0.05,
        names=90,
    ),
}


@dataclass
class _Person:
    """Columns of all people; numbers that lettering turns into texts."""

    surname: Ints
    given: Ints
    female: Ints
    birthday: Ints
    city: Ints
    district: Ints
    house: Ints
    phone: Ints
    phone_later: Ints
    changes: Ints
    until: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


def write_retailer(folder: Path, *, kind: str, records: int, seed: int) -> None:
    """Writes `person.csv` of about `records` records and the truth beside it (`truth/records.parquet`)."""
    habits, chance = RETAILERS[kind], np.random.default_rng([seed, len(kind)])
    count = round(records / 3.1)
    people = _people(habits, chance, count=count)
    many = chance.choice(np.arange(1, 7), size=count, p=[0.16, 0.24, 0.24, 0.18, 0.11, 0.07])
    who = np.repeat(np.arange(count), many)
    who = who[chance.permutation(len(who))]
    day = chance.integers(0, 900, len(who))
    # Of a number that changed hands: the old owner's records come before the new one's.
    day = np.where(people.until[who] > 0, day % 300, np.where(people.until[who] < 0, 500 + day % 400, day))
    channel = chance.choice(len(habits.channels), size=len(who))
    table = _records(habits, chance, people=people, who=who, day=day, channel=channel)
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    (folder / "exports").mkdir(exist_ok=True)
    pcsv.write_csv(table.drop_columns(["keys"]), folder / "exports" / "person.csv")
    truth = {"source": table["source"], "source_row_id": table["source_row_id"], "person_id": pa.array(who)}
    pq.write_table(pa.table(truth | {"keys": table["keys"]}), folder / "truth" / "records.parquet")


def _skewed(chance: np.random.Generator, options: int, *, size: int, power: float = 0.8) -> Ints:
    share = 1.0 / (np.arange(options) + 3.0) ** power
    return chance.choice(options, size=size, p=share / share.sum())


def _people(habits: Habits, chance: np.random.Generator, *, count: int) -> _Person:
    used = min(habits.names, len(_GIVEN))
    first, second = (_skewed(chance, used, size=count, power=0.6) for _ in range(2))
    city = _skewed(chance, len(_CITIES), size=count)
    home = chance.random(count) < habits.one_city
    prefix = _skewed(chance, len(_PREFIXES), size=count, power=0.5)
    phone = prefix * 10**8 + chance.integers(0, 10**8, count)
    later = _skewed(chance, len(_PREFIXES), size=count) * 10**8 + chance.integers(0, 10**8, count)
    people = _Person(
        surname=_skewed(chance, len(_SURNAMES), size=count),
        given=np.where(chance.random(count) < 0.18, first, first + (second + 1) * len(_GIVEN)),
        female=chance.integers(0, 2, count),
        birthday=-(365 * 15) + np.minimum(chance.gamma(4, 4 * 365, count), 25_000).astype(np.int64),
        city=np.where(home, 0, city),
        district=chance.integers(0, len(_DISTRICTS), count),
        house=chance.integers(0, 12 * 400, count),
        phone=phone,
        phone_later=later,
        changes=np.where(chance.random(count) < habits.renewed, chance.integers(200, 700, count), 10_000),
        until=np.zeros(count, np.int64),
    )
    half = count // 2
    couples = np.flatnonzero(chance.random(half) < habits.families)
    people.phone[half + couples] = people.phone[couples]
    for name in ("city", "district", "house"):
        getattr(people, name)[half + couples] = getattr(people, name)[couples]
    free = np.setdiff1d(np.arange(half), couples)
    handed = free[chance.random(len(free)) < habits.recycled * 2]
    people.phone[half + handed] = people.phone[handed]
    people.until[handed], people.until[half + handed] = 1, -1
    people.changes[np.concatenate([couples, half + couples, handed, half + handed])] = 10_000
    return people


def _texts(options: list[str] | tuple[str, ...], at: Ints) -> pa.Array:
    return pa.array(list(options)).take(pa.array(at))


def _joined(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _digits(numbers: Ints, width: int) -> pa.Array:
    return pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), width, "0")


def _names(surname: Ints, given: Ints) -> pa.Array:
    letters = list(_GIVEN)
    last = _texts(["", *letters], given // len(letters))
    return _joined(_texts(list(_SURNAMES), surname), _texts(letters, given % len(letters)), last)


def _phones(habits: Habits, chance: np.random.Generator, numbers: Ints) -> tuple[pa.Array, NDArray[np.bool_]]:
    """Phones as they are written, and which of them are whole and real."""
    size = len(numbers)
    typo = chance.random(size) < habits.typos / 2
    place = 10 ** chance.integers(0, 8, size)
    numbers = np.where(typo, numbers - (numbers // place % 10) * place + chance.integers(0, 10, size) * place, numbers)
    whole = _joined(_texts(list(_PREFIXES), numbers // 10**8), _digits(numbers % 10**8, 8))
    hidden = chance.random(size) < habits.masked
    stars = _joined(pc.utf8_slice_codeunits(whole, 0, 3), "****", pc.utf8_slice_codeunits(whole, 7, 11))
    dummy = chance.random(size) < habits.dummies
    shown = pc.if_else(pa.array(hidden), stars, whole)
    shown = pc.if_else(pa.array(dummy), _texts(_DUMMIES, chance.integers(0, len(_DUMMIES), size)), shown)
    return shown, ~hidden & ~dummy


def _records(
    habits: Habits, chance: np.random.Generator, *, people: _Person, who: Ints, day: Ints, channel: Ints
) -> pa.Table:
    size = len(who)
    given = people.given[who]
    typo = chance.random(size) < habits.typos
    given = np.where(typo, given - given % len(_GIVEN) + chance.integers(0, len(_GIVEN), size), given)
    name = _names(people.surname[who], given)
    star = pa.array(chance.random(size) < habits.masked_names)
    stars = _texts(["*", "**"], (given >= len(_GIVEN)).astype(np.int64))
    name = pc.if_else(star, _joined(pc.utf8_slice_codeunits(name, 0, 1), stars), name)
    number = np.where(day >= people.changes[who], people.phone_later[who], people.phone[who])
    phone, whole = _phones(habits, chance, number)
    city = _texts(_CITIES, people.city[who])
    house = people.house[who]
    street = _joined(_texts(_STREETS, house % 12), _digits(house // 12 + 1, 1), "号")
    born = pa.array(people.birthday[who].astype("datetime64[D]"))
    columns = {
        "shop_user_id": _joined("u", _digits(channel * 10**8 + who, 10)),
        "name": name,
        "phone": phone,
        "email": _joined("p", _digits(who, 8), "@mail.example"),
        "unionid": _joined("oU", _digits(who, 12)),
        "card": _joined("66", _digits(who, 10)),
        "member_id": _joined("M", _digits(who, 9)),
        "birthday": pc.strftime(born, "%Y-%m-%d"),
        "gender": _texts(["男", "女"], people.female[who]),
        "city": city,
        "address": _joined(city, _texts(_DISTRICTS, people.district[who]), "区", street),
    }
    shown = {}
    for name_of in _FIELDS:
        shares = np.array([fields.get(name_of, 0.0) for fields in habits.channels.values()])
        shown[name_of] = chance.random(size) < shares[channel]
        columns[name_of] = pc.if_else(pa.array(shown[name_of]), columns[name_of], "")
    strong = shown["shop_user_id"] | shown["email"] | shown["unionid"] | shown["card"] | shown["member_id"]
    strong |= shown["phone"] & whole
    seen = (np.datetime64("2023-03-01") + day).astype("datetime64[s]") + chance.integers(0, 80_000, size)
    head = {
        "source": _texts(list(habits.channels), channel),
        "source_row_id": pc.cast(pa.array(np.arange(size)), pa.string()),
    }
    tail = {
        "seen_at": pc.strftime(pa.array(seen), "%Y-%m-%d %H:%M:%S"),
        "keys": _texts(["", "key"], strong.astype(np.int64)),
    }
    return pa.table(head | columns | tail)

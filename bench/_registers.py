"""Registers of people without any key, with known truth: old biographies noisily copied, and a census with slips.

`historical`: about ten records a person, names spelled variously (titles, initials, nicknames, swapped or missing
words), birthdays with slips, only the year right, or missing; places and postcodes that wander. `census`: one to four
records a person, names, streets, postcodes and birthdays with slips. All lists are short and our own.
"""

import csv
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

_HEADER = [
    *("source", "source_row_id", "shop_user_id", "name", "phone", "email", "unionid", "card", "member_id", "birthday"),
    *("gender", "city", "address", "seen_at"),
]
_WORDS = yaml.safe_load((Path(__file__).parent / "_words.yaml").read_text("utf-8"))
_MALE, _FEMALE, _TITLES = _WORDS["men"], _WORDS["women"], _WORDS["titles"]
_HEADS, _TAILS, _PLAIN, _TOWNS, _STREETS, _WAYS = (
    _WORDS[name].split() for name in ("heads", "tails", "plain", "towns", "streets", "ways")
)
# So many people are kin of the one before, and easily taken for them.
_KIN_SHARE = 0.25
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass
class _Person:
    first: str
    middle: str
    last: str
    title: str
    nicknames: list[str]
    born: date
    town: str
    area: str
    gender: str
    street: str


def write_register(folder: Path, *, kind: str, people: int, seed: int, noise: float = 1.0) -> None:
    """Writes `person.csv` of a kind (`historical` or `census`) and the truth; slips grow with `noise`."""
    chance = random.Random(f"{kind} {seed}")
    rows: list[dict[str, str]] = []
    owners: list[int] = []
    record: Callable[..., dict[str, str]] = _historical if kind == "historical" else _census
    person = _born(chance, kind)
    for number in range(people):
        person = _kin(chance, person, kind=kind) if chance.random() < _KIN_SHARE else _born(chance, kind)
        many = (
            min(1 + int(chance.expovariate(1 / 9)), 40) if kind == "historical" else chance.choice([1, 2, 2, 2, 3, 4])
        )
        for _ in range(many):
            rows.append(record(chance, person, noise=noise))
            owners.append(number)
    order = list(range(len(rows)))
    chance.shuffle(order)
    (folder / "exports").mkdir(parents=True, exist_ok=True)
    (folder / "truth").mkdir(exist_ok=True)
    with (folder / "exports" / "person.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _HEADER, restval="")
        writer.writeheader()
        writer.writerows(
            {"source": "person", "source_row_id": str(at), **rows[place]} for at, place in enumerate(order)
        )
    truth = {
        "source": ["person"] * len(order),
        "source_row_id": [str(at) for at in range(len(order))],
        "person_id": [owners[place] for place in order],
        "keys": ["key"] * len(order),
    }
    pq.write_table(pa.table(truth), folder / "truth" / "records.parquet")


def _surname(chance: random.Random) -> str:
    if chance.random() < 0.15:
        return str(_PLAIN[int(len(_PLAIN) * chance.random() ** 2)])
    head, tail = int(len(_HEADS) * chance.random() ** 1.3), int(len(_TAILS) * chance.random() ** 1.5)
    return f"{_HEADS[head]}{_TAILS[tail]}"


def _born(chance: random.Random, kind: str) -> _Person:
    gender = "male" if chance.random() < (0.85 if kind == "historical" else 0.5) else "female"
    names = _MALE if gender == "male" else _FEMALE
    options = list(names)
    first = options[int(len(options) * chance.random() ** 1.6)]
    middle = chance.choice(options) if chance.random() < 0.35 else ""
    span = (date(1650, 1, 1), 110_000) if kind == "historical" else (date(1930, 1, 1), 25_000)
    town = _TOWNS[int(len(_TOWNS) * chance.random() ** 1.5)]
    area = (
        f"{town[:2]}{chance.randint(1, 30)} {_unit(chance)}"
        if kind == "historical"
        else str(chance.randint(2000, 2900))
    )
    title = chance.choice(_TITLES) if kind == "historical" and chance.random() < 0.3 else "{}"
    street = f"{chance.randint(1, 200)} {chance.choice(_STREETS)} {chance.choice(_WAYS)}"
    born = span[0] + timedelta(days=chance.randrange(span[1]))
    return _Person(first, middle, _surname(chance), title, names[first].split(), born, town, area, gender, street)


def _kin(chance: random.Random, person: _Person, *, kind: str) -> _Person:
    """A brother, sister, son or daughter: the same family name, place and often title, now and then the same name."""
    kin = _born(chance, kind)
    years = chance.choice([2, 3, 25, 30])
    born = person.born + timedelta(days=years * 365 + chance.randrange(300))
    same = kin.gender == person.gender and chance.random() < 0.3
    first, nicknames = (person.first, person.nicknames) if same else (kin.first, kin.nicknames)
    title, street = person.title, person.street
    return _Person(first, kin.middle, person.last, title, nicknames, born, person.town, person.area, kin.gender, street)


def _unit(chance: random.Random) -> str:
    return f"{chance.randint(1, 9)}{chance.choice(_LETTERS)}{chance.choice(_LETTERS)}"


def _slip(chance: random.Random, word: str) -> str:
    """A letter dropped, doubled, changed, or two swapped."""
    if len(word) < 3:
        return word
    at = chance.randrange(len(word) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + chance.choice(_LETTERS) + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _date_slip(chance: random.Random, born: date) -> str:
    kind = chance.randrange(5)
    if kind == 0 and born.day <= 12:
        return f"{born.year}-{born.day:02}-{born.month:02}"
    if kind == 1:
        return f"{born.year + chance.choice([-1, 1, 10, -10])}-{born.month:02}-{min(born.day, 28):02}"
    if kind == 2:
        return f"{born.year}-{chance.randint(1, 12):02}-{min(born.day, 28):02}"
    return f"{born.year}-{born.month:02}-{chance.randint(1, 28):02}"


def _historical(chance: random.Random, person: _Person, *, noise: float) -> dict[str, str]:
    first, middle, last, title = person.first, person.middle, person.last, person.title

    def hit(share: float) -> bool:
        return chance.random() < share * noise

    if person.nicknames and hit(0.15):
        first = chance.choice(person.nicknames)
    elif hit(0.08):
        first = first[0]
    if hit(0.4):
        middle = middle[:1] if chance.random() < 0.5 else ""
    if hit(0.1):
        first = _slip(chance, first)
    if hit(0.1):
        last = _slip(chance, last)
    words = [word for word in (first, middle, last) if word]
    if hit(0.06):
        words = [*words[-1:], *words[:-1]]
    if len(words) > 1 and hit(0.06):
        words.pop(chance.randrange(len(words)))
    if hit(0.4):
        title = "{}"
    name = title.format(" ".join(words), person.last)
    born = person.born.isoformat()
    if hit(0.12):
        born = ""
    elif hit(0.12):
        born = f"{person.born.year}-01-01"
    elif hit(0.12):
        born = _date_slip(chance, person.born)
    town = "" if hit(0.12) else chance.choice(_TOWNS) if hit(0.08) else person.town
    area = "" if hit(0.2) else person.area
    if area and hit(0.35):
        area = (
            f"{area.split(' ')[0]} {_unit(chance)}"
            if chance.random() < 0.7
            else f"{town[:2]}{chance.randint(1, 30)} {_unit(chance)}"
        )
    gender = "" if hit(0.12) else person.gender
    return {"name": name, "birthday": born, "city": town, "address": area, "gender": gender}


def _census(chance: random.Random, person: _Person, *, noise: float) -> dict[str, str]:

    def hit(share: float) -> bool:
        return chance.random() < share * noise

    first = _slip(chance, person.first) if hit(0.15) else person.first
    last = _slip(chance, person.last) if hit(0.15) else person.last
    words = [first, last]
    if hit(0.05):
        words.reverse()
    if hit(0.06):
        words.pop(chance.randrange(2))
    street = "" if hit(0.1) else _slip(chance, person.street) if hit(0.2) else person.street
    area = f"{chance.randint(2000, 2900)}" if hit(0.06) else person.area
    born = "" if hit(0.08) else _date_slip(chance, person.born) if hit(0.1) else person.born.isoformat()
    town = _slip(chance, person.town) if hit(0.1) else person.town
    return {"name": " ".join(words), "birthday": born, "city": town, "address": " ".join([street, area]).strip()}

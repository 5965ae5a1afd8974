"""Reading definitions/*.yaml."""

import hashlib
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from shuke.customers.values import DataGuard, Limits, TillNumber, Weights
from shuke.kernel.errors import ShukeError

_FOLDER = Path(__file__).parent / "definitions"
SHOP_FILE = "guards.yaml"
_HINT = (
    "It holds 'blocked:' with lists 'phones:' and 'emails:', and nothing else; see docs/how-to/settle-who-is-who.md."
)


class BadGuards(ShukeError):
    """The shop's own guards.yaml cannot be used."""


@dataclass(frozen=True)
class Guards:
    """definitions/guards.yaml: what the SQL needs, and what is decided by data."""

    parameters: dict[str, object]
    by_data: dict[str, DataGuard]
    till: TillNumber
    limits: Limits
    same_numbers_share: float


@lru_cache(maxsize=1)
def guards() -> Guards:
    """The guards, with surnames; read once."""
    values, surnames = _read("guards.yaml"), _read("surnames.yaml")
    blocked = values["blocked"]
    single = [character for character in surnames["single"] if not character.isspace()]
    return Guards(
        parameters={
            "blocked_phones": [str(phone) for phone in blocked["phones"]],
            "blocked_phone_pattern": _one_of(blocked["phone_patterns"]),
            "blocked_emails": [str(email).lower() for email in blocked["emails"]],
            "blocked_id_pattern": _one_of(blocked["id_patterns"]),
            "anonymous_names": _one_of(values["anonymous_names"]),
            "forms_of_address": values["forms_of_address"],
            "test_names": values["test_names"],
            "surnames": sorted({*single, *surnames["double"]}),
        },
        by_data={
            kind: DataGuard(names=guard["names"], others=guard.get("cards", guard.get("phones")))
            for kind, guard in values["by_data"].items()
        },
        till=TillNumber(**values["till_number"]),
        limits=Limits(values=values["limits"], recycled_after_days=values["recycled_after_days"]),
        same_numbers_share=values["same_numbers_share"],
    )


def shop_guards(root: Path) -> Guards:
    """The guards with what the shop blocks besides: `guards.yaml` in the workspace, where there is one.

    Phones with or without 86. Raises `BadGuards`, naming the file.
    """
    path = root / SHOP_FILE
    if not path.exists():
        return guards()
    try:
        read = yaml.safe_load(path.read_text("utf-8")) or {}
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadGuards(f"{path.name} cannot be read: {' '.join(str(error).split())}", hint=_HINT) from error
    blocked = read.get("blocked") if isinstance(read, dict) and set(read) <= {"blocked"} else None
    lists = {} if read == {} else blocked
    if not isinstance(lists, dict) or not set(lists) <= {"phones", "emails"}:
        raise BadGuards(f"{path.name} holds something else than 'blocked:'.", hint=_HINT)
    phones, emails = (_texts(lists.get(kind), what=kind) for kind in ("phones", "emails"))
    known = guards().parameters
    more = {
        "blocked_phones": [*_listed(known, "blocked_phones"), *(_with_country(phone) for phone in phones)],
        "blocked_emails": [*_listed(known, "blocked_emails"), *(email.lower() for email in emails)],
    }
    return replace(guards(), parameters={**known, **more})


def _listed(known: dict[str, object], name: str) -> list[str]:
    found = known[name]
    return [str(value) for value in found] if isinstance(found, list) else []


def _texts(values: object, *, what: str) -> list[str]:
    if values is None:
        return []
    if not isinstance(values, list) or not all(isinstance(value, str | int) for value in values):
        raise BadGuards(f"{SHOP_FILE}: '{what}' is no list of {what}.", hint=_HINT)
    return [str(value).strip() for value in values]


def _with_country(phone: str) -> str:
    digits = re.sub(r"[^0-9]", "", phone)
    return f"86{digits}" if len(digits) == 11 and digits.startswith("1") else digits


@lru_cache(maxsize=1)
def weights() -> Weights:
    """definitions/matching.yaml."""
    values = _read("matching.yaml")
    return Weights(
        keys=values["keys"],
        two_accounts=values["two_accounts"],
        similar_name=values["similar_name"],
        began_anew=values["began_anew"],
        between_owners=values["between_owners"],
        other_receiver=values["other_receiver"],
        second_account_share=values["second_account_share"],
        agrees=values["agrees_in_same_person"],
        automatic_from=values["automatic_from"],
        probable_from=values["probable_from"],
    )


@dataclass(frozen=True)
class ShortNames:
    """definitions/short_names.yaml: a pattern of words that are no names, and full first names by their short forms."""

    titles: str
    whole: dict[str, str]


@lru_cache(maxsize=1)
def short_names() -> ShortNames:
    """Titles and short forms of first names; read once."""
    values = _read("short_names.yaml")
    words = "|".join(str(values["titles"]).split())
    return ShortNames(
        titles=rf"\b({words}|[0-9]+(st|nd|rd|th)?)\b",
        whole={form: name for name, forms in values["short"].items() for form in str(forms).split()},
    )


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((_FOLDER / name).read_text("utf-8"))
    return found


def _one_of(patterns: list[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)


@dataclass(frozen=True)
class Homes:
    """definitions/households.yaml: limits by name, people in a household at most, and a pattern of other places."""

    counts: dict[str, int]
    people: int
    not_a_home: str


@lru_cache(maxsize=1)
def homes() -> Homes:
    """Who counts as living together; read once."""
    values = _read("households.yaml")
    names = ("customers_at_address", "surnames_at_address", "customers_on_phone")
    return Homes(
        counts={name: values[name] for name in names},
        people=values["people_in_household"],
        not_a_home=values["not_a_home"].strip(),
    )


@lru_cache(maxsize=1)
def rules_version() -> str:
    """Twelve digits that change with any rule, number or SQL of the room: what an event of an id rests on."""
    room = Path(__file__).parent
    found = hashlib.sha256()
    for path in sorted([*room.glob("rules/**/*.py"), *room.glob("definitions/*.yaml"), *room.glob("tables/*.sql")]):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]

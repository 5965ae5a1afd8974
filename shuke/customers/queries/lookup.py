"""Finding a customer by whatever is at hand."""

import re

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.ids import stable_hash
from shuke.lake.queries import Reader

_SPACES = re.compile(r"[\s·・._-]+")
_BY_VALUE = """
select customer_id, min(case type when 'phone_tail' then 2 when 'name' then 1 else 0 end) as place
from customer_lookup
where value_hash = $a or value_hash = $b or value_hash = $c or value_hash = $d
group by customer_id
order by place, customer_id
limit $most
"""
_BY_ORDER = """
select distinct customer_id from identity
where source_row_id = $text and customer_id is not null
order by customer_id
limit $most
"""


def search(actor: Actor, *, lake: Reader, text: str, limit: int = 50) -> list[int]:
    """Ids of customers that the actor may see, found by an identifier, exactly.

    Understands a full phone (with or without 86, blanks or dashes), the last four digits, a name, card, member number,
    e-mail, unionid, buyer id, order number, or a customer id. Strong identifiers come first. Empty when nothing fits.
    """
    require(actor, Permission.SEE_CUSTOMERS)
    asked = text.strip().lstrip("'")
    if not asked or not lake.has("customer_lookup"):
        return []
    found = [int(row["customer_id"]) for row in lake.rows(_BY_VALUE, **_hashes(asked), most=limit)]
    if not found:
        found = [int(row["customer_id"]) for row in lake.rows(_BY_ORDER, text=asked, most=limit)]
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        found = _by_id(lake, int(asked)) + found
    return list(dict.fromkeys(found))[:limit]


def _hashes(asked: str) -> dict[str, int]:
    """The hashes under which the text may stand: as typed, lower case, as a phone with its country, as a name."""
    digits = re.sub(r"[^0-9]", "", asked)
    is_phone = bool(re.fullmatch(r"\+?[0-9][0-9 \-()]{6,}", asked))
    phone = f"86{digits}" if len(digits) == 11 and digits.startswith("1") else digits
    lower = asked.lower()
    name = _SPACES.sub("", lower) if re.search("[一-鿿]", lower) else re.sub(r"[\s,._-]+", " ", lower).strip()
    return {
        "a": stable_hash(asked),
        "b": stable_hash(lower),
        "c": stable_hash(phone) if is_phone else stable_hash(asked),
        "d": stable_hash(name),
    }


def _by_id(lake: Reader, customer_id: int) -> list[int]:
    rows = lake.rows(
        "select customer_id from customer_profiles where customer_id = $id"
        " union select customer_id from customer_aliases where alias_id = $id",
        id=customer_id,
    )
    return [int(row["customer_id"]) for row in rows]

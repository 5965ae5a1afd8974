"""What each field of two sides says about their being one person, and how weightily."""

from collections.abc import Mapping
from typing import Any

from shuke.customers.values import Key, Point

# What the table's code says -> (for, against or neutral; strong, some or little), field by field in the order shown.
_SAYS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "name": {
        "same": ("for", "some"),
        "close": ("for", "little"),
        "close_differs": ("against", "some"),
        "differs": ("against", "strong"),
        "initial_differs": ("against", "some"),
    },
    "phone": {"same": ("for", "strong"), "blocked": ("neutral", "little"), "differs": ("against", "little")},
    "phone_masked": {"same": ("for", "some"), "differs": ("against", "little")},
    "birthday": {"same": ("for", "some"), "differs": ("against", "strong")},
    "gender": {"same": ("for", "little"), "differs": ("against", "some")},
    "email": {"same": ("for", "strong"), "blocked": ("neutral", "little"), "differs": ("against", "little")},
    "member_id": {"same": ("for", "strong"), "differs": ("against", "strong")},
    "card": {"same": ("for", "strong"), "differs": ("against", "some")},
    "unionid": {"same": ("for", "strong"), "differs": ("against", "strong")},
    "shop_user": {"same": ("for", "strong"), "differs": ("against", "little")},
    "city": {"same": ("for", "little"), "differs": ("against", "little")},
}
FIELDS = tuple(_SAYS)
# Fields shown in clear: where a side's own record is silent and its customer is known, what is shown is compared.
_SHOWN_IN_CLEAR = ("gender", "city")


def points(
    says: Mapping[str, str | None], *, left: Mapping[str, str | None], right: Mapping[str, str | None]
) -> tuple[Point, ...]:
    """One point a field that either side knows; `says` are the codes of table review_pairs, null where only one knows.

    Unknown codes raise KeyError. Fields of which neither side knows anything are left out.
    """
    found = []
    for field, codes in _SAYS.items():
        code = says.get(field)
        if not code and field in _SHOWN_IN_CLEAR and left.get(field) and right.get(field):
            code = "same" if left[field] == right[field] else "differs"
        # A phone in full on both sides is compared in full, one that is hidden on a side by what is left of it.
        if (field == "phone" and says.get("phone_masked")) or (
            field == "phone_masked" and not code and (left.get("phone") or right.get("phone"))
        ):
            continue
        verdict, weight = codes[code] if code else ("neutral", "little")
        if code or left.get(field) or right.get(field):
            found.append(Point(field, left.get(field), right.get(field), verdict, weight))
    return tuple(found)


def column_of(kind: str) -> str:
    """The column of customer_evidence that shows an identifier of a kind."""
    return "shop_user_id" if kind == "shop_user" else kind


def key_of(row: Mapping[str, Any], kind: str) -> Key:
    """One identifier of a row of customer_evidence, as masked as the row is."""
    usable = bool(row[f"{kind}_usable"])
    return Key(
        kind=row["shop_user_type"] if kind == "shop_user" else kind,
        value=str(row[column_of(kind)]),
        usable=usable,
        reason=None if usable else row["block_reason"],
        shared_with=0,
    )

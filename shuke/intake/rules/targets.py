"""What may stand in a file of each kind: the targets that mappings fill, and how their text is read."""

from shuke.intake.values import Kind, Shape

PERSON: dict[str, Shape] = {
    "shop_user_id": Shape.ID,
    "name": Shape.TEXT,
    "phone": Shape.PHONE,
    "email": Shape.TEXT,
    "unionid": Shape.ID,
    "card": Shape.ID,
    "member_id": Shape.ID,
    "birthday": Shape.DAY,
    "gender": Shape.CODE,
    "city": Shape.TEXT,
    "address": Shape.TEXT,
}
_IDENTIFIERS: dict[str, Shape] = {
    "source": Shape.TEXT,
    "source_row_id": Shape.ID,
    "member_id": Shape.ID,
    "phone": Shape.PHONE,
    "unionid": Shape.ID,
    "card": Shape.ID,
    "shop_user_id": Shape.ID,
    "email": Shape.TEXT,
}
TARGETS: dict[Kind, dict[str, Shape]] = {
    Kind.SALES: {
        "order_no": Shape.ID,
        "line_no": Shape.ID,
        "external_order_no": Shape.ID,
        "original_order_no": Shape.ID,
        "status": Shape.CODE,
        "ordered_at": Shape.INSTANT,
        "paid_at": Shape.INSTANT,
        "completed_at": Shape.INSTANT,
        "cancelled_at": Shape.INSTANT,
        "store": Shape.TEXT,
        "associate": Shape.TEXT,
        "cashier": Shape.TEXT,
        "shop": Shape.TEXT,
        "currency": Shape.TEXT,
        "order_paid": Shape.MONEY,
        "order_goods": Shape.MONEY,
        "order_freight": Shape.MONEY,
        "order_discount": Shape.MONEY,
        "order_platform_discount": Shape.MONEY,
        "order_refund": Shape.MONEY,
        "sku": Shape.TEXT,
        "product": Shape.TEXT,
        "category": Shape.TEXT,
        "spec": Shape.TEXT,
        "quantity": Shape.QUANTITY,
        "unit_price": Shape.PRICE,
        "line_amount": Shape.MONEY,
        "line_discount": Shape.MONEY,
        "line_refund": Shape.MONEY,
        "payment_method": Shape.TEXT,
        **PERSON,
    },
    Kind.PERSONS: {
        "source": Shape.TEXT,
        "source_row_id": Shape.ID,
        "shop": Shape.TEXT,
        **PERSON,
        "store": Shape.TEXT,
        "associate": Shape.TEXT,
        "registered_on": Shape.DAY,
        "opening_points": Shape.WHOLE,
        "is_staff": Shape.FLAG,
        "seen_at": Shape.INSTANT,
    },
    Kind.INTERACTIONS: {
        **_IDENTIFIERS,
        "kind": Shape.TEXT,
        "at": Shape.INSTANT,
        "score": Shape.QUANTITY,
        "store": Shape.TEXT,
        "associate": Shape.TEXT,
        "note": Shape.TEXT,
    },
    Kind.CONSENTS: {
        **_IDENTIFIERS,
        "channel": Shape.CODE,
        "purpose": Shape.CODE,
        "state": Shape.CODE,
        "at": Shape.INSTANT,
        "evidence": Shape.TEXT,
    },
    Kind.COUPONS: {
        **_IDENTIFIERS,
        "coupon_no": Shape.ID,
        "name": Shape.TEXT,
        "kind": Shape.CODE,
        "face": Shape.MONEY,
        "min_spend": Shape.MONEY,
        "issued_at": Shape.INSTANT,
        "expires_at": Shape.INSTANT,
        "used_at": Shape.INSTANT,
        "used_order_no": Shape.ID,
        "status": Shape.CODE,
    },
    Kind.COSTS: {
        "source": Shape.TEXT,
        "sku": Shape.TEXT,
        "product": Shape.TEXT,
        "category": Shape.TEXT,
        "unit_cost": Shape.PRICE,
        "currency": Shape.TEXT,
        "valid_from": Shape.DAY,
    },
}
REQUIRED: dict[Kind, tuple[str, ...]] = {
    Kind.SALES: ("order_no", "ordered_at"),
    Kind.PERSONS: ("source_row_id",),
    Kind.INTERACTIONS: ("kind", "at"),
    Kind.CONSENTS: ("channel", "state", "at"),
    Kind.COUPONS: ("coupon_no",),
    Kind.COSTS: ("sku", "unit_cost"),
}
# An unreadable value of these is left empty and reported; it is not worth the row.
LENIENT = frozenset({"birthday", "is_staff", "gender", "phone"})
# These may lie years ahead.
AHEAD = frozenset({"expires_at", "valid_from"})
_GENDERS = frozenset({"male", "female", ""})
# The codes that a mapping may give to the words of a file; an empty one means that nothing is told.
CODES: dict[tuple[str, Kind], frozenset[str]] = {
    ("status", Kind.SALES): frozenset(
        # open: paid where the file tells when, else unpaid
        {"unpaid", "paid", "shipped", "completed", "cancelled", "part_refunded", "refunded", "open", ""}
    ),
    ("gender", Kind.SALES): _GENDERS,
    ("gender", Kind.PERSONS): _GENDERS,
    ("channel", Kind.CONSENTS): frozenset(
        {"sms", "email", "phone", "wecom", "wechat", "mini_program", "app", "in_store", "all"}
    ),
    ("purpose", Kind.CONSENTS): frozenset({"marketing", "personalisation", "service", ""}),
    ("state", Kind.CONSENTS): frozenset({"granted", "refused", "withdrawn"}),
    ("kind", Kind.COUPONS): frozenset({"cash", "discount", "gift", "freight", ""}),
    ("status", Kind.COUPONS): frozenset({"issued", "used", "expired", "void", ""}),
}
# Codes that the row cannot do without: an unknown word is an error there, elsewhere a warning.
STRICT_CODES = frozenset({"channel", "state"})
# Never shown in a reason.
PERSONAL = frozenset({"name", "phone", "email", "address", "birthday", "note"})
PERSON_COLUMNS = (
    "shop_user_id", "name", "name_masked", "phone", "phone_masked", "phone_virtual", "email", "unionid", "card",
    "member_id", "birthday", "gender", "city", "address", "store", "associate", "registered_on", "opening_points",
    "is_staff", "seen_at",
)  # fmt: skip

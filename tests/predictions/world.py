"""Small shops for tests: orders from purchase histories, and the tables that a week reads besides."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

AS_OF = date(2026, 11, 23)
# Real keys are 63-bit hashes; these are as great.
_KEYS = 2**63 - 1
History = Mapping[int, Sequence[date]]

_ORDER: dict[str, Any] = {
    "source": "pos",
    "shop": "",
    "store": "滨江店",
    "associate": "周敏",
    "gross_minor": 0,
    "net_minor": 0,
    "refund_minor": 0,
    "discount_minor": 0,
    "goods_minor": 0,
    "returned_minor": 0,
    "original_key": None,
    "currency": "CNY",
    "status": "completed",
    "counted": True,
    "duplicate_of": "",
    "units": 1,
    "lines": 1,
    "is_return": False,
    "is_wholesale": False,
}


def order(customer: int, *, on: date, net: int = 10_000, number: int = 0, **other: Any) -> dict[str, Any]:
    """One counted order of a customer."""
    key = _KEYS - customer * 10_000 - number
    return {
        **_ORDER,
        "order_key": key,
        "record_id": key,
        "order_no": f"O{key}",
        "customer_id": customer,
        "ordered_on": on,
        "ordered_at": datetime.combine(on, datetime.min.time()),
        "gross_minor": max(net, 0),
        "net_minor": net,
        "goods_minor": net,
        **other,
    }


def line(
    customer: int, *, on: date, product: str, category: str, amount: int, number: int = 0, **other: Any
) -> dict[str, Any]:
    """One counted goods line."""
    key = _KEYS - customer * 10_000 - number
    return {
        "order_key": key,
        "source": "pos",
        "order_no": f"O{key}",
        "line_no": "1",
        "position": 1,
        "sku": product,
        "product": product,
        "category": category,
        "spec": "",
        "quantity": 1.0,
        "unit_price": amount / 100,
        "amount_minor": amount,
        "refund_minor": 0,
        "discount_minor": 0,
        "currency": "CNY",
        "line_kind": "goods",
        "counted": True,
        "customer_id": customer,
        "ordered_on": on,
        "store": "滨江店",
        **other,
    }


def profile(customer: int, **other: Any) -> dict[str, Any]:
    """One customer's profile."""
    return {
        "customer_id": customer,
        "name": "陈小燕",
        "phone": "8613800001111",
        "email": "",
        "birthday": date(1990, 1, 1),
        "gender": "女",
        "city": "杭州",
        "address": "",
        "member_id": "",
        "card": f"C{customer}",
        "store": "滨江店",
        "associate": "周敏",
        "registered_on": date(2024, 1, 1),
        "first_seen_on": date(2024, 1, 1),
        "last_seen_on": date(2026, 1, 1),
        "sources": 1,
        "records": 1,
        "is_member": True,
        "is_staff": False,
        "in_wecom": False,
        **other,
    }


def interaction(customer: int, *, kind: str, on: date, number: int = 0, **other: Any) -> dict[str, Any]:
    """One interaction; `score` as the kind says."""
    return {
        "customer_id": customer,
        "record_id": customer * 1000 + number,
        "source": "interaction",
        "kind": kind,
        "at": datetime.combine(on, datetime.min.time()),
        "happened_on": on,
        "score": None,
        "store": "滨江店",
        "associate": "周敏",
        "note": "",
        **other,
    }


def coupon(customer: int, *, ends: date, number: int = 0, **other: Any) -> dict[str, Any]:
    """One unused coupon, issued a month before it ends."""
    return {
        "customer_id": customer,
        "record_id": customer * 1000 + number,
        "source": "coupon",
        "coupon_no": f"Q{customer}-{number}",
        "name": "满100减10",
        "kind": "cash",
        "face_minor": 1000,
        "min_spend_minor": 10000,
        "issued_at": datetime.combine(ends - timedelta(days=30), datetime.min.time()),
        "expires_at": datetime.combine(ends, datetime.min.time()),
        "used_at": None,
        "used_order_no": "",
        "status": "issued",
        **other,
    }


# Rows of the as-of day itself, which no table of that day reads: a shop that has no such data, with typed columns.
_NO_INTERACTION = interaction(0, kind="visit", on=AS_OF, score=1.0)
_NO_COUPON = coupon(0, ends=AS_OF + timedelta(days=60), used_at=datetime(2027, 1, 1))


def random_history(seed: int, *, customers: int = 40) -> dict[int, list[date]]:
    """Purchase days of people with their own rhythm; some stop, some buy once, a few never."""
    luck = random.Random(seed)
    start = AS_OF - timedelta(days=700)
    found: dict[int, list[date]] = {}
    for customer in range(1, customers + 1):
        cycle = luck.choice((5, 12, 30, 60, 120))
        day, stop = start + timedelta(days=luck.randint(0, 500)), AS_OF - timedelta(days=luck.choice((0, 0, 60, 300)))
        days = []
        for _ in range(luck.choice((0, 1, 1, 2, 3, 8, 20))):
            if day >= stop:
                break
            days.append(day)
            day += timedelta(days=max(1, round(luck.gammavariate(3, cycle / 3))))
        found[customer] = days
    return found


def tables_of(history: History, *, profiles: Sequence[dict[str, Any]] | None = None) -> dict[str, list[dict[str, Any]]]:
    """Every table that predictions and segments read, from purchase days; amounts vary by customer."""
    orders = [
        order(customer, on=day, net=1_000 + customer * 37 + place, number=place)
        for customer, days in history.items()
        for place, day in enumerate(days)
    ]
    lines = [
        line(customer, on=day, product=f"货{place % 3}", category=f"类{place % 2}", amount=1_000 + place, number=place)
        for customer, days in history.items()
        for place, day in enumerate(days)
    ]
    return {
        "orders": orders or [order(0, on=AS_OF, customer_id=None)],
        "order_lines": lines or [line(0, on=AS_OF, product="x", category="x", amount=1)],
        "customer_profiles": list(profiles) if profiles is not None else [profile(customer) for customer in history],
        "interactions": [_NO_INTERACTION],
        "coupons": [_NO_COUPON],
        "customer_stores": [{"customer_id": customer, "store": "滨江店", "reason": "owner"} for customer in history]
        or [{"customer_id": 0, "store": "滨江店", "reason": "owner"}],
        "products": [{"sku": "货0", "product": "货0", "category": "类0", "unit_cost_minor": 600, "is_goods": True}],
        "stores": [
            {"store": "滨江店", "city": "杭州", "channel": "store", "first_seen_on": AS_OF, "last_seen_on": AS_OF},
            {"store": "城西店", "city": "杭州", "channel": "store", "first_seen_on": AS_OF, "last_seen_on": AS_OF},
            {"store": "天猫", "city": "", "channel": "online", "first_seen_on": AS_OF, "last_seen_on": AS_OF},
        ],
    }

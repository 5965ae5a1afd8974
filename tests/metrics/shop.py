"""Small random shops for the tests of metrics, with everything that can go wrong in them."""

import random
from datetime import date, datetime, timedelta
from typing import Any

AS_OF = date(2026, 11, 19)
FIRST = date(2025, 9, 10)
STORES = ("滨江店", "武林店", None)
ASSOCIATES = ("周敏", "李雷", None)
SOURCES = ("pos", "tmall", "youzan")


def orders(seed: int, *, customers: int = 40) -> list[dict[str, Any]]:
    """About 600 orders: returns, refunds, unknown buyers, two stores a day, copies that do not count, days ahead."""
    luck = random.Random(seed)
    span = (AS_OF - FIRST).days + 12
    made = []
    for number in range(620):
        known = luck.random() < 0.8
        customer = 1 + int(luck.random() ** 2 * customers) if known else None
        gross = luck.choice([0, 1_990, 4_999, 5_000, 9_900, 20_000, 61_000])
        is_return = luck.random() < 0.05
        refund = 0 if luck.random() < 0.85 else luck.choice([gross, gross // 3])
        source = luck.choice(SOURCES)
        day = FIRST + timedelta(days=luck.randrange(span))
        made.append(
            {
                "order_key": 2**62 + number * 7919,
                "source": source,
                "shop": "",
                "order_no": f"N{number}",
                "ordered_at": datetime.combine(day, datetime.min.time()),
                "ordered_on": day,
                "store": luck.choice(STORES),
                "associate": luck.choice(ASSOCIATES),
                "record_id": 2**62 + number * 7919,
                "customer_id": customer,
                "gross_minor": 0 if is_return else gross,
                "net_minor": -1_500 if is_return else gross - refund,
                "refund_minor": 1_500 if is_return else refund,
                "discount_minor": luck.choice([0, 300]) if source != "youzan" else 0,
                "freight_minor": 0,
                "goods_minor": gross,
                "currency": "CNY",
                "status": "completed",
                "counted": luck.random() < 0.95,
                "returned_minor": luck.choice([None, None, None, None, 500, gross]),
                "units": luck.choice([0.0, 1.0, 2.0, 0.35]),
                "lines": 1,
                "is_return": is_return,
                "is_wholesale": False,
            }
        )
    return made


def profiles(seed: int, *, customers: int = 40) -> list[dict[str, Any]]:
    """Members since long ago, on the day of a purchase, later, without a day, never; and staff."""
    luck = random.Random(seed + 1)
    made = []
    for number in range(1, customers + 1):
        is_member = luck.random() < 0.7
        registered = FIRST + timedelta(days=luck.randrange(-200, 430)) if luck.random() < 0.9 else None
        made.append(
            {
                "customer_id": number,
                "name": "王小明",
                "store": luck.choice(STORES),
                "associate": None,
                "registered_on": registered if is_member else None,
                "is_member": is_member,
                "is_staff": luck.random() < 0.08,
            }
        )
    return made


def visits(seed: int, *, customers: int = 40) -> list[dict[str, Any]]:
    """Visits, looks, events, and messages that are no visits."""
    luck = random.Random(seed + 2)
    return [
        {
            "customer_id": luck.choice([None, *range(1, customers + 5)]),
            "record_id": number,
            "source": "interaction",
            "kind": luck.choice(["visit", "browse", "event", "message", "review"]),
            "happened_on": FIRST + timedelta(days=luck.randrange(-20, (AS_OF - FIRST).days + 5)),
            "store": luck.choice(STORES),
        }
        for number in range(120)
    ]

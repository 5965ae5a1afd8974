"""Random people as rows of `segment_facts` and the rollups, and random rules over them."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from shuke.segments.adapters import catalogue
from shuke.segments.rules import OPERATORS
from shuke.segments.rules.tree import COMPARABLE
from tests.predictions.world import AS_OF, profile

# Quotes, comment signs and percent signs are names like others.
NAMES = ("纸品", "O'Brien's", '二"引', "a; drop table segment_facts; --", "100% 棉", "女", "滨江店", "\\")


def random_people(seed: int, *, people: int = 60) -> dict[str, list[dict[str, Any]]]:
    """Rows for `segment_facts`, `customer_products`, `customer_category_months`, and `layers` (which hold the day)."""
    luck = random.Random(seed)
    facts, products, months = [], [], []
    for customer in range(1, people + 1):
        row: dict[str, Any] = {"customer_id": customer}
        for spec in catalogue().values():
            if spec.kind not in ("product", "category"):
                row[spec.code] = _value(luck, spec.kind) if luck.random() < 0.85 else None
        row["year_value_minor"] = luck.randrange(0, 50_000)
        facts.append(row)
        for name in luck.sample(NAMES, luck.randrange(0, 4)):
            first = AS_OF - timedelta(days=luck.randrange(1, 400))
            products.append(
                {
                    "customer_id": customer,
                    "product": name,
                    "category": name,
                    "days": luck.randrange(0, 4),
                    "quantity": float(luck.randrange(0, 6)),
                    "net_minor": luck.randrange(-500, 9000),
                    "first_on": first,
                    "last_on": first if luck.random() < 0.9 else None,
                }
            )
        for name in luck.sample(NAMES, luck.randrange(0, 3)):
            day = AS_OF - timedelta(days=luck.randrange(1, 400))
            for back in range(luck.randrange(1, 3)):
                month = (day - timedelta(days=31 * back)).replace(day=1)
                months.append(
                    {
                        "customer_id": customer,
                        "category": name,
                        "month": month,
                        "days": luck.randrange(0, 4),
                        "quantity": float(luck.randrange(0, 6)),
                        "net_minor": luck.randrange(-500, 9000),
                    }
                )
    typed = {**facts[0], **{code: _value(luck, spec.kind) for code, spec in _columns().items()}, "customer_id": 0}
    return {
        "segment_facts": [typed, *facts],
        "customer_products": products or [_no_product()],
        "customer_category_months": months or [_no_month()],
        "customer_profiles": [profile(customer) for customer in range(people + 1)],
        "layers": [{"customer_id": 1, "layer": "core", "as_of": AS_OF}],
    }


def random_rule(luck: random.Random, *, depth: int = 3) -> dict[str, Any]:
    """A rule that can be read, nested at most `depth` deep."""
    if depth > 1 and luck.random() < 0.6:
        kind = luck.choice(("all", "any", "not"))
        if kind == "not":
            return {"not": random_rule(luck, depth=depth - 1)}
        return {kind: [random_rule(luck, depth=depth - 1) for _ in range(luck.randrange(1, 4))]}
    spec = luck.choice(list(catalogue().values()))
    if spec.kind in ("product", "category"):
        rule: dict[str, Any] = {"field": spec.code, "in": luck.sample(NAMES, luck.randrange(1, 4))}
        if luck.random() < 0.6:
            rule["last_days" if spec.kind == "product" else "last_months"] = luck.choice((1, 2, 6, 13, 90))
        if luck.random() < 0.6:
            rule |= {"measure": luck.choice(("days", "quantity", "net")), "at_least": luck.choice((1, 2, 2.5, 1000))}
        return rule
    operator = luck.choice(OPERATORS[spec.kind])
    return {"field": spec.code, operator: _operand(luck, operator, kind=spec.kind)}


def _operand(luck: random.Random, operator: str, *, kind: str) -> Any:
    if operator == "known" or kind == "flag":
        return luck.random() < 0.5
    if operator.endswith("_days"):
        return luck.choice((0, 1, 7, 30, 365))
    if operator in ("in", "not_in"):
        return luck.sample(NAMES, luck.randrange(1, 4))
    if operator == "between":
        return sorted((_value(luck, kind), _value(luck, kind)))
    if operator in ("at_least", "at_most", "more_than", "less_than") and luck.random() < 0.3:
        same = [
            s.code for s in catalogue().values() if s.kind in COMPARABLE and (s.kind == "money") == (kind == "money")
        ]
        return {"field": luck.choice(same), "times": luck.choice((1, 1.5, 0.3))}
    return _value(luck, kind)


def _value(luck: random.Random, kind: str) -> Any:
    values: Mapping[str, Any] = {
        "number": lambda: luck.randrange(0, 8),
        "money": lambda: luck.randrange(-100, 3000),
        "days": lambda: luck.choice((0, 1, 7, 14, 30, 31, 60)),
        "share": lambda: luck.choice((0.0, 0.1, 0.3, 0.5, 1.0)),
        "date": lambda: AS_OF + timedelta(days=luck.choice((-400, -30, -7, -1, 0, 1, 6, 7, 30))),
        "choice": lambda: luck.choice(NAMES),
        "text": lambda: luck.choice(NAMES),
        "flag": lambda: luck.random() < 0.5,
    }
    return values[kind]()


def _columns() -> dict[str, Any]:
    return {spec.code: spec for spec in catalogue().values() if spec.kind not in ("product", "category")}


def _no_product() -> dict[str, Any]:
    day: date = AS_OF
    return {"customer_id": 0, "product": "", "category": "", "days": 0, "quantity": 0.0, "net_minor": 0,
            "first_on": day, "last_on": day}  # fmt: skip


def _no_month() -> dict[str, Any]:
    return {"customer_id": 0, "category": "", "month": AS_OF, "days": 0, "quantity": 0.0, "net_minor": 0}

"""Programmes for tests: the same terms once for the oracle and once as the file that the product reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.conf import settings

from shuke.kernel.workspace import Workspace
from shuke.loyalty.adapters import programme as read_programme
from shuke.loyalty.values.ledger import Programme
from tests.loyalty.oracle_parts import Terms

DEFAULT = Terms()
VARIANTS = {
    "default": DEFAULT,
    "days_pending_clamp": Terms(pending_days=3, lasts=("days", 10), refunds="clamp", rate=Fraction(3, 200)),
    "new_york_month_refuse": Terms(zone="America/New_York", lasts=("months", 1), refunds="refuse", grace_days=2),
    "year_end_debt": Terms(lasts=("year_end", 1), pending_days=1, rate=Fraction(1, 37)),
    "never": Terms(lasts=("never",), grace_days=1),
}
# The tiers that ship with the product, their multipliers included.
WITH_TIERS = "with_tiers"
# The same, with campaigns that are easy to count with.
WITH_COUPONS = "with_coupons"
_CAMPAIGNS = """campaigns:
  ten: { zh: 减十元, en: Ten off, kind: amount, amount: 1000, least: 5000, priority: 10, days: 30 }
  tenth: { zh: 九折, en: A tenth off, kind: percent, percent: 100, priority: 20, days: 30 }
  huge: { zh: 减一百, en: Hundred off, kind: amount, amount: 10000, priority: 30, days: 30 }
  once: { zh: 每人一次, en: Once each, kind: amount, amount: 1000, per_member: 1, days: 30 }
  alone: { zh: 不同享, en: Alone, kind: amount, amount: 1500, alone: true, days: 30 }
"""
# Multipliers of tiers have tests of their own; here every tier earns alike.
_TIERS = """tiers:
  silver: { multiplier: 1.0 }
  gold: { multiplier: 1.0 }
  platinum: { multiplier: 1.0 }
"""


def write_programme(root: Path, terms: Terms) -> None:
    """Puts the programme's file into a workspace."""
    folder = root / "loyalty"
    folder.mkdir(exist_ok=True)
    kind, *length = terms.lasts
    said: dict[str, Any] = {
        "zone": terms.zone,
        "currency": terms.currency,
        "points_each": terms.rate.numerator,
        "minor_each": terms.rate.denominator,
        "pending_days": terms.pending_days,
        "validity": kind,
        "refunds": terms.refunds,
        "grace_days": terms.grace_days,
        **({"validity_length": length[0]} if length else {}),
    }
    (folder / "programme.yaml").write_text("".join(f"{key}: {value}\n" for key, value in said.items()), "utf-8")
    (folder / "tiers.yaml").write_text(_TIERS, "utf-8")


@contextmanager
def under(workspace: Workspace, variant: str) -> Iterator[Workspace]:
    """The same database under other terms: a second folder beside the workspace, in force inside the block."""
    root = workspace.root.parent / f"{workspace.root.name}-{variant}"
    if not root.is_dir():
        root.mkdir()
        if variant == WITH_COUPONS:
            (root / "loyalty").mkdir()
            (root / "loyalty" / "coupons.yaml").write_text(_CAMPAIGNS, "utf-8")
        elif variant != WITH_TIERS:
            write_programme(root, VARIANTS[variant])
    other, before = replace(workspace, root=root), settings.WORKSPACE
    settings.WORKSPACE = other
    try:
        yield other
    finally:
        settings.WORKSPACE = before


def product_programme() -> Programme:
    """The programme that the product reads from the workspace in force."""
    return read_programme(settings.WORKSPACE)

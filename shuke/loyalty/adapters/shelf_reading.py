"""What a write reads of coupons, budgets and benefits: statements for both engines. See `doors` for the braces."""

from collections.abc import Sequence
from datetime import date, datetime

from shuke.loyalty.adapters.columns import Table
from shuke.loyalty.adapters.doors import Question

_COUPON = """
select b.id, b.code, b.campaign, b.account_id, b.state, b.issued_at, b.expires_at, b.hold_id, b.held_until,
  b.held_minor, b.used_at, b.txn_id, b.order_source, b.order_no
from loyalty_coupon b
"""
_COUPON_DECODE = "iiiiittititiii"
_CAMPAIGNS_BY_CODE = "select code, campaign from loyalty_coupon where programme = {?} and code {=texts}"
_CAMPAIGNS_BY_ORDER = """
select c.code, c.campaign
from {pairs k} join loyalty_coupon c on c.order_source = k.a and c.order_no = k.b
  and c.order_no > '' and c.programme = {?}
"""
_LOCKED = _COUPON + "where b.programme = {?} and b.code {=texts} order by b.id {lock}"
_OVER = (
    _COUPON
    + "where b.programme = {?} and b.state = 'held' and b.held_until <= {?} and b.campaign {=texts}"
    + " order by b.id limit 500 {lock}"
)
_BUDGETS = """
select b.id, b.code, b.limit_minor, b.reserved_minor, b.used_minor from loyalty_budget b
where b.programme = {?} and b.code {=texts} order by b.code {lock}
"""
_NEW_BUDGET = """
insert into loyalty_budget (programme, code, limit_minor, reserved_minor, used_minor) values ({?}, {?}, {?}, 0, 0)
on conflict (programme, code) do nothing returning code
"""
_COUNTS = """
select account_id, campaign, count(*) from loyalty_coupon
where account_id {=numbers} and campaign {=texts} and (state = 'used' or (state = 'held' and held_until > {?}))
group by account_id, campaign
"""
_USES = """
select id, account_id, benefit, period_start, state, at, store, associate, cost_minor, note, txn_id
from loyalty_benefituse
where account_id {=numbers} and (state = 'booked' or period_start >= {?} or period_start = '0001-01-01')
"""
_DONE = """
select account_id, kind, count(*) from loyalty_growth where account_id {=numbers} and kind {=texts}
group by account_id, kind
"""

COUPONS = Table(
    "loyalty_coupon",
    (
        ("id", "bigint"), ("programme", "text"), ("code", "text"), ("campaign", "text"), ("account_id", "bigint"),
        ("state", "text"), ("issued_at", "timestamptz"), ("expires_at", "timestamptz"), ("hold_id", "bigint"),
        ("held_until", "timestamptz"), ("held_minor", "bigint"), ("used_at", "timestamptz"), ("txn_id", "bigint"),
        ("order_source", "text"), ("order_no", "text"),
    ),
    sets=(
        *("account_id", "state", "hold_id", "held_until", "held_minor", "used_at", "txn_id"),
        *("order_source", "order_no"),
    ),
    keys=("id",),
)  # fmt: skip
EVENTS = Table(
    "loyalty_couponevent",
    (
        ("coupon_id", "bigint"), ("campaign", "text"), ("account_id", "bigint"), ("txn_id", "bigint"),
        ("kind", "text"), ("reason", "text"), ("at", "timestamptz"), ("details", "jsonb"),
    ),
)  # fmt: skip
BUDGETS = Table(
    "loyalty_budget",
    (("id", "bigint"), ("limit_minor", "bigint"), ("reserved_minor", "bigint"), ("used_minor", "bigint")),
    sets=("limit_minor", "reserved_minor", "used_minor"),
    keys=("id",),
)
USES = Table(
    "loyalty_benefituse",
    (
        ("id", "bigint"), ("account_id", "bigint"), ("benefit", "text"), ("period_start", "date"), ("units", "bigint"),
        ("state", "text"), ("at", "timestamptz"), ("store", "text"), ("associate", "text"), ("cost_minor", "bigint"),
        ("note", "text"), ("txn_id", "bigint"),
    ),
    sets=("state", "at", "store", "associate", "cost_minor", "note", "txn_id"),
    keys=("id",),
)  # fmt: skip


def campaigns_by_code(programme: str, *, codes: list[str]) -> Question:
    """(code, campaign) of coupons, not locked."""
    return Question(_CAMPAIGNS_BY_CODE, (programme, codes), "ii")


def campaigns_by_order(programme: str, *, orders: list[tuple[str, str]]) -> Question:
    """(code, campaign) of coupons that were used on orders, not locked."""
    return Question(_CAMPAIGNS_BY_ORDER, (orders, programme), "ii")


def coupons(programme: str, *, codes: list[str]) -> Question:
    """Coupons in full, locked in id order."""
    return Question(_LOCKED, (programme, codes), _COUPON_DECODE)


def timed_out(programme: str, *, campaigns: list[str], now: datetime) -> Question:
    """Some coupons whose holds are over, locked; their budgets must be locked already."""
    return Question(_OVER, (programme, now, campaigns), _COUPON_DECODE)


def budgets(programme: str, *, codes: list[str]) -> Question:
    """Budget rows, locked in the order of their codes."""
    return Question(_BUDGETS, (programme, codes), "iiiii")


def new_budget(programme: str, *, code: str, limit: int) -> Question:
    """Makes the row of a budget where there is none yet."""
    return Question(_NEW_BUDGET, (programme, code, limit), "i")


def counts(accounts: list[int], *, campaigns: list[str], now: datetime) -> Question:
    """How many coupons of campaigns accounts hold or used."""
    return Question(_COUNTS, (accounts, campaigns, now), "iii")


def uses(accounts: list[int], *, since: date) -> Question:
    """Bookings, and uses of periods that began on a day or later (those without an end included)."""
    return Question(_USES, (accounts, since.isoformat()), "iiiditiiiii")


def done(accounts: list[int], *, behaviours: Sequence[str]) -> Question:
    """How often accounts did each behaviour."""
    return Question(_DONE, (accounts, list(behaviours)), "iii")

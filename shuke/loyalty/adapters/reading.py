"""What a write reads: the statements, once for both engines. See `doors` for the signs in braces."""

from dataclasses import dataclass, field
from datetime import datetime

from shuke.loyalty.adapters.doors import Question

# Whose groups a batch touches: by member number, by the orders and holds it names, by the lots those are made of.
_BY_MEMBER = "select group_id from loyalty_account where programme = {?} and member_no {=texts}"
_BY_ORDER = """
select a.group_id from loyalty_order o join loyalty_account a on a.id = o.account_id
where o.programme = {?} and o.source {=texts} and o.order_no {=texts}
union
select a.group_id from loyalty_order o cross join {each part of o} join loyalty_account a on a.id = {account of part}
where o.programme = {?} and o.source {=texts} and o.order_no {=texts}
"""
_BY_HOLD = """
select a.group_id from loyalty_hold h join loyalty_account a on a.id = h.account_id
where h.programme = {?} and h.code {=texts}
union
select a.group_id from loyalty_hold h cross join {each part of h}
join loyalty_account a on a.id = {account of part}
where h.programme = {?} and h.code {=texts}
"""
_LOCK = """
select b.account_id from loyalty_balance b
where b.account_id in (select a.id from loyalty_account a where a.group_id in (%s))
order by b.account_id {lock}
"""
_ACCOUNTS = """
select a.id, a.programme, a.member_no, a.customer_id, a.group_id, a.merged_into_id, a.opened_at, a.frozen_reason,
  b.free, b.held, b.owed, b.issued, b.clawed, b.burned, b.returned, b.expired, b.transferred, b.head
from loyalty_account a join loyalty_balance b on b.account_id = a.id
where a.group_id in (select own.group_id from loyalty_account own where own.id {=numbers})
order by a.id
"""
# Two lists for a list of pairs: every engine finds them by its index, and a few pairs too many do no harm.
_KEYS = """
select client, key, request_hash, answer{json} from loyalty_txn where client {=texts} and key {=texts}
"""
_ORDERS = """
select source, order_no, role, account_id, txn_id, lot_id, amount_minor, currency, points, refunded_minor, settled,
  forgiven, growth, multiplier_thousandths, parts{json}, bought_on
from loyalty_order where programme = {?} and source {=texts} and order_no {=texts}
"""
_HOLD = """
select id, code, account_id, points, parts{json}, expires_at, txn_id, state, coupons{json}, order_source, order_no
from loyalty_hold
"""
_OPEN_HOLDS = _HOLD + "where account_id {=numbers} and state = 'open'"
_ALL_OPEN_HOLDS = _HOLD + "where state = 'open'"
_HOLDS = _HOLD + "where programme = {?} and code {=texts}"
_LOT = """
select id, account_id, txn_id, kind, points, free, available_at, expires_at, created_at, order_source, order_no, held,
  expired
from loyalty_lot
"""
_OPEN_LOTS = _LOT + "where account_id {=numbers} and free > 0"
_LOTS = _LOT + "where id {=numbers}"
_REST = """
select k.id,
  (select coalesce(sum(l.free), 0) from loyalty_lot l where l.account_id = k.id and l.free > 0
    and l.available_at > {?} and (l.expires_at is null or l.expires_at > {?})),
  (select coalesce(sum(l.free), 0) from loyalty_lot l where l.account_id = k.id and l.free > 0
    and l.expires_at <= {?})
from {numbers k}
"""
_GROWTH = """
select account_id, counts_on, cast(sum(points) as bigint) from loyalty_growth where account_id {=numbers}
group by account_id, counts_on
"""
_TIERS = "select account_id, tier, since, until, reason from loyalty_tier where account_id {=numbers} order by id"
_BEHAVIOURS = """
select account_id, kind, points, counts_on, order_no from loyalty_growth
where account_id {=numbers} and kind {=texts}
"""


@dataclass
class Wanted:
    """What a batch of commands needs: whose accounts, which of them with all lots, which keys, orders and holds."""

    programme: str
    members: list[str] = field(default_factory=list)
    deep: set[str] = field(default_factory=set)
    orders: list[tuple[str, str]] = field(default_factory=list)
    lookups: list[tuple[str, str]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    keys: list[tuple[str, str]] = field(default_factory=list)
    behaviours: list[str] = field(default_factory=list)
    new: dict[str, int] = field(default_factory=dict)


def locking(wanted: Wanted) -> Question:
    """Locks the groups of the batch. `lookups` and `held` are orders and holds that lead to accounts."""
    parts: list[str] = []
    parameters: list[object] = []
    if wanted.members or not (wanted.lookups or wanted.held):
        parts.append(_BY_MEMBER)
        parameters += [wanted.programme, wanted.members]
    if wanted.lookups:
        parts.append(_BY_ORDER)
        parameters += [wanted.programme, *_apart(wanted.lookups)] * 2
    if wanted.held:
        parts.append(_BY_HOLD)
        parameters += [wanted.programme, wanted.held] * 2
    return Question(_LOCK % " union ".join(parts), tuple(parameters), "i")


def accounts(ids: list[int]) -> Question:
    """Accounts with their balances: all of the groups of `ids`, so that a group that grew meanwhile is seen."""
    return Question(_ACCOUNTS, (ids,), "iiiiiitiiiiiiiiiii")


def keys(pairs: list[tuple[str, str]]) -> Question:
    """First answers of keys that succeeded before."""
    return Question(_KEYS, _apart(pairs), "iiij")


def orders(programme: str, *, pairs: list[tuple[str, str]]) -> Question:
    """Earning and burning sides of orders."""
    return Question(_ORDERS, (programme, *_apart(pairs)), "iiiiiiiiiiiiiijd")


def open_holds(ids: list[int]) -> Question:
    """Holds of accounts that nobody has ended yet, over or not."""
    return Question(_OPEN_HOLDS, (ids,), "iiiijtiijii")


def all_open_holds() -> Question:
    """Open holds of everybody: for an account that has held points in another's hold, after a split."""
    return Question(_ALL_OPEN_HOLDS, (), "iiiijtiijii")


def holds(programme: str, *, codes: list[str]) -> Question:
    """Holds by their codes, in any state."""
    return Question(_HOLDS, (programme, codes), "iiiijtiijii")


def open_lots(ids: list[int]) -> Question:
    """Lots of accounts with free points, over or not."""
    return Question(_OPEN_LOTS, (ids,), "iiiiiitttiiii")


def lots(ids: list[int]) -> Question:
    """Lots by their ids."""
    return Question(_LOTS, (ids,), "iiiiiitttiiii")


def rest(ids: list[int], *, now: datetime) -> Question:
    """Free points of accounts that are pending, and that are over, at `now`."""
    return Question(_REST, (now, now, now, ids), "iii")


def growth(ids: list[int]) -> Question:
    """Net growth of accounts by the day that it counts for."""
    return Question(_GROWTH, (ids,), "idi")


def tiers(ids: list[int]) -> Question:
    """Tiers of accounts as they were written down, the oldest first."""
    return Question(_TIERS, (ids,), "iitti")


def behaviours(ids: list[int], *, kinds: list[str]) -> Question:
    """Growth rows of some behaviours."""
    return Question(_BEHAVIOURS, (ids, kinds), "iiidi")


def _apart(pairs: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """The first and the second halves of pairs, each once."""
    return list(dict.fromkeys(one for one, _ in pairs)), list(dict.fromkeys(other for _, other in pairs))

"""Members as lists: by tier, by points that end soon, by member number; cut to the customers of the actor's stores."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.loyalty.adapters import programme as programme_of
from shuke.loyalty.models import Account, Txn
from shuke.loyalty.rules.refusals import UnknownMember

_LIST = """
select
  m.customer_id, m.account_id, m.tier, m.growth_12m, m.available, m.pending, m.expiring_30d, m.next_expiry_on,
  m.coupons_open, m.as_of, p.name, p.phone, p.store, p.associate
from member_points as m
left join customer_profiles as p on p.customer_id = m.customer_id
where {condition}
order by {order}, m.account_id
limit $limit offset $skip
"""
_SEEN = """
select count(*) from customer_profiles
where customer_id in ({ids}) or customer_id in (select customer_id from customer_aliases where alias_id in ({ids}))
"""
_PERSON = """
select name, phone, store, associate from customer_profiles
where customer_id = $id or customer_id in (select customer_id from customer_aliases where alias_id = $id)
order by customer_id limit 1
"""
_ORDERS = {
    "points": "m.available desc",
    "expiring": "m.next_expiry_on nulls last, m.expiring_30d desc",
    "growth": "m.growth_12m desc",
}


@dataclass(frozen=True)
class MemberRow:
    """A member in a list; personal values come masked. `member_no` is the number on the card."""

    account_id: int
    member_no: str
    customer_id: int | None
    tier: str
    growth_12m: int
    available: int
    pending: int
    expiring_30d: int
    next_expiry_on: date | None
    coupons_open: int
    name: str | None
    phone: str | None
    store: str | None
    associate: str | None


@dataclass(frozen=True)
class PersonView:
    """Who a member is, masked; everything empty where the lake does not know them yet."""

    name: str = ""
    phone: str = ""
    store: str = ""
    associate: str = ""


def person(actor: Actor, *, lake: Reader, customer_id: int | None) -> PersonView:
    """The masked name, phone, store and associate of a member's customer."""
    require(actor, Permission.SEE_LOYALTY)
    if customer_id is None or not lake.has("customer_profiles"):
        return PersonView()
    row = lake.row(_PERSON, id=customer_id)
    return PersonView(**{key: value or "" for key, value in row.items()}) if row else PersonView()


def members(
    actor: Actor,
    *,
    lake: Reader,
    tier: str = "",
    expiring: bool = False,
    order: str = "points",
    customer_ids: Sequence[int] | None = None,
    limit: int = 50,
    skip: int = 0,
) -> Sequence[MemberRow]:
    """Members that the actor may see, of a tier, with points that end soon, or of the given customers."""
    require(actor, Permission.SEE_MEMBERS)
    if not lake.has("member_points"):
        return []
    tests, given = ["true"], dict[str, Any]()
    if tier:
        tests.append("m.tier = $tier")
        given["tier"] = tier
    if expiring:
        tests.append("m.expiring_30d > 0")
    if customer_ids is not None:
        tests.append(f"m.customer_id in ({', '.join(str(int(one)) for one in customer_ids) or 'null'})")
    sql = _LIST.format(condition=" and ".join(tests), order=_ORDERS.get(order, _ORDERS["points"]))
    found = lake.rows(sql, limit=limit, skip=skip, **given)
    numbers = dict(Account.objects.filter(pk__in=[row["account_id"] for row in found]).values_list("pk", "member_no"))
    return [
        MemberRow(member_no=numbers[row["account_id"]], **{key: row[key] for key in row if key != "as_of"})
        for row in found
        if row["account_id"] in numbers
    ]


def account_id_of(actor: Actor, *, member_no: str) -> int:
    """The account of a member number; raises `UnknownMember`."""
    require(actor, Permission.SEE_MEMBERS)
    programme = programme_of(settings.WORKSPACE)
    found = Account.objects.filter(programme=programme.code, member_no=member_no).values_list("pk", flat=True).first()
    if found is None:
        raise UnknownMember(f"Nobody has the number {member_no}.", hint="Check the number on the card.")
    return int(found)


def numbers_of(actor: Actor, *, accounts: Sequence[int]) -> dict[int, str]:
    """Member numbers by account."""
    require(actor, Permission.SEE_LOYALTY)
    return dict(Account.objects.filter(pk__in=set(accounts)).values_list("pk", "member_no"))


def frozen_accounts(actor: Actor, *, limit: int) -> Sequence[tuple[str, str]]:
    """Member number and reason of accounts that take no writes until somebody has looked at them."""
    require(actor, Permission.SEE_FINANCE)
    found = Account.objects.exclude(frozen_reason="").order_by("pk")
    return list(found.values_list("member_no", "frozen_reason")[:limit])


def may_see(actor: Actor, *, lake: Reader, account_id: int) -> bool:
    """Whether a member is the actor's to see: one of their stores' customers, or served by them at the counter.

    An account of somebody whom the lake does not know yet is seen by the stores where it was used and by who opened it.
    """
    require(actor, Permission.SEE_MEMBERS)
    if actor.stores is None:
        return True
    group = Account.objects.filter(group_id__in=Account.objects.filter(pk=account_id).values("group_id"))
    ids = [str(one) for one in group.values_list("customer_id", flat=True) if one is not None]
    if ids and lake.has("customer_profiles") and lake.value(_SEEN.format(ids=", ".join(ids))):
        return True
    used = Txn.objects.filter(account_id=account_id)
    return used.filter(store__in=sorted(actor.stores)).exists() or used.filter(actor=actor.name).exists()

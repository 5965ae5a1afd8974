"""Coupons by the thousand and by the million: codes to print or send, or one for each of many members."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from shuke.access.rules import Permission, require
from shuke.journal.actions import note
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.loyalty.adapters import places, shelf_reading
from shuke.loyalty.adapters import programme as programme_of
from shuke.loyalty.adapters.coupon_rows import pour_coupons
from shuke.loyalty.adapters.doors import Batch
from shuke.loyalty.adapters.secret_codes import random_codes
from shuke.loyalty.rules.budgets import last_day
from shuke.loyalty.rules.counter.coupons import CampaignUnknown
from shuke.loyalty.rules.requests import in_utc
from shuke.loyalty.rules.validity import expires_at, local_day
from shuke.loyalty.values.ledger import Programme

# Coupons a transaction: tills wait for SQLite's one writer no longer than a chunk takes.
_CHUNK = 50_000
_MOST = 20_000_000
Taken = Callable[[Sequence[str]], object]


class BadCount(ShukeError):
    """A number of coupons that cannot be meant."""

    code = "bad_count"


@dataclass(frozen=True)
class Issued:
    """How many coupons of a campaign were issued, and the instant from which they are over (None: never)."""

    campaign: str
    coupons: int
    expires_at: datetime | None


def issue_codes(
    actor: Actor, *, campaign: str, count: int, now: datetime, taken: Taken, expires_on: date | None = None
) -> Issued:
    """Issues `count` coupons that belong to whoever brings them first; `taken` is given the codes, chunk by chunk, each
    after its chunk is durable. Raises `CampaignUnknown`, `BadCount`.
    """
    if isinstance(count, bool) or not 0 < count <= _MOST:
        raise BadCount(f"{count} coupons cannot be issued at once.", hint=f"Ask for 1 to {_MOST}.")
    sizes = [min(_CHUNK, count - start) for start in range(0, count, _CHUNK)]
    chunks: list[Sequence[int | None]] = [[None] * size for size in sizes]
    return _issue(actor, campaign=campaign, chunks=chunks, now=now, taken=taken, expires_on=expires_on)


def issue_to_accounts(
    actor: Actor, *, campaign: str, accounts: Sequence[int], now: datetime, expires_on: date | None = None
) -> Issued:
    """Issues one coupon to each account. Raises `CampaignUnknown`, `BadCount`."""
    if len(set(accounts)) != len(accounts):
        raise BadCount("An account is named twice.", hint="Name each account once.")
    chunks: list[Sequence[int | None]] = [
        list(accounts[start : start + _CHUNK]) for start in range(0, len(accounts), _CHUNK)
    ]
    return _issue(actor, campaign=campaign, chunks=chunks, now=now, taken=_keep_to_oneself, expires_on=expires_on)


def _issue(
    actor: Actor,
    *,
    campaign: str,
    chunks: Sequence[Sequence[int | None]],
    now: datetime,
    taken: Taken,
    expires_on: date | None,
) -> Issued:
    require(actor, Permission.MANAGE_PROGRAMME)
    programme = programme_of(settings.WORKSPACE)
    ends = _ends(programme, campaign=campaign, now=now, expires_on=expires_on)
    for accounts in chunks:
        codes = random_codes(len(accounts))
        _pour(programme, codes, campaign=campaign, accounts=accounts, now=in_utc(now), ends=ends)
        taken(codes)
    total = sum(len(accounts) for accounts in chunks)
    note(actor, "issue_coupons", object_type="campaign", object_id=campaign, coupons=total)
    return Issued(campaign, total, ends)


def _ends(programme: Programme, *, campaign: str, now: datetime, expires_on: date | None) -> datetime | None:
    rules = programme.perks.campaigns.get(campaign)
    today = local_day(now, zone=programme.zone)
    if rules is None or (rules.until and today > rules.until):
        known = ", ".join(sorted(programme.perks.campaigns))
        raise CampaignUnknown(f"There is no campaign '{campaign}' now.", hint=f"Known: {known}.")
    days = [day for day in (last_day(rules, issued_on=today), expires_on) if day]
    return expires_at(min(days) if days else None, zone=programme.zone)


def _pour(
    programme: Programme,
    codes: Sequence[str],
    *,
    campaign: str,
    accounts: Sequence[int | None],
    now: datetime,
    ends: datetime | None,
) -> None:
    door = places.door()
    door.begin()
    try:
        pour_coupons(
            door,
            codes,
            programme=programme.code,
            campaign=campaign,
            accounts=accounts,
            issued_at=now,
            expires_at=ends,
        )
        details = json.dumps({"coupons": len(codes)})
        event = (None, campaign, None, None, "issued", "", now, details)
        door.store(Batch(inserts=[(shelf_reading.EVENTS, [event])]))
        door.commit()
    except BaseException:
        door.rollback()
        raise


def _keep_to_oneself(codes: Sequence[str]) -> None:
    """Codes that belong to members are shown to them alone."""
    del codes

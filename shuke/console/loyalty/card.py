"""The member's own card on a phone: opened by a link, without signing in. The link's token is the only right.

Whoever reads it sees points, tier, benefits and coupons of one account, and of the person a masked name. The page is
kept out of caches, search engines and referrers, and asked at most so often from one address.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language_from_request
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from shuke.access.rules import Bucket, draw
from shuke.console.frame.context import language_code
from shuke.console.loyalty import show_card
from shuke.kernel.actor import Actor, Role
from shuke.kernel.clock import today, utc_now
from shuke.lake.queries import open_reader
from shuke.loyalty import queries
from shuke.loyalty.queries.cards import account_of_card
from shuke.loyalty.queries.members import person
from shuke.procedures.counter_work import birthday_of

# Masked reads in the name of whoever holds the link.
HOLDER = Actor(name="card", role=Role.CLIENT, scopes=frozenset({"loyalty:read", "loyalty:write"}))
_LINES = 20
_PER_MINUTE = 60
# A wrong token costs as much as ten right ones.
_WRONG = 10
_ADDRESSES = 10_000
_buckets: OrderedDict[str, Bucket] = OrderedDict()
_guard = threading.Lock()

View = Callable[..., HttpResponse]


def _allowed(address: str) -> bool:
    """Whether an address may ask again; each process counts for itself and forgets who has not asked for long."""
    at = time.monotonic()
    with _guard:
        known = _buckets.pop(address, Bucket(per_minute=_PER_MINUTE, left=_PER_MINUTE, at=at))
        _buckets[address], wait = draw(known, tokens=1, at=at)
        while len(_buckets) > _ADDRESSES:
            _buckets.popitem(last=False)
    return wait == 0


def _was_wrong(address: str) -> None:
    """Takes from an address what a wrong token costs."""
    with _guard:
        known = _buckets.get(address)
        if known is not None:
            _buckets[address] = replace(known, left=max(0.0, known.left - _WRONG))


def by_link(view: View) -> View:
    """Declares a page of a link: the account of the token, the reader's own language, headers that keep it private."""

    @login_not_required
    @wraps(view)
    @sensitive_variables()
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        address = request.META.get("REMOTE_ADDR") or "unknown"
        with translation.override(_language(request)):
            request.LANGUAGE_CODE = language_code()
            if not _allowed(address):
                return _private(render(request, "loyalty/card_wait.html", status=429))
            account = account_of_card(HOLDER, token=token, now=utc_now())
            if account is None:
                _was_wrong(address)
                return _private(render(request, "loyalty/card_gone.html", status=404))
            return _private(view(request, token=token, account_id=account))

    return answer


def _language(request: HttpRequest) -> str:
    """The browser's language where it is one of ours; the card has no switch."""
    return get_language_from_request(request) if request.headers.get("Accept-Language") else settings.LANGUAGE_CODE


def _private(response: HttpResponse) -> HttpResponse:
    # Django writes the address of every refused request into the server's log, and this address is a right.
    vars(response)["_has_been_logged"] = True
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.setdefault("Referrer-Policy", "no-referrer")
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = language_code()
    return response


@require_http_methods(["GET", "HEAD"])
@by_link
def card(request: HttpRequest, *, token: str, account_id: int) -> HttpResponse:
    """The card: points and why, what ends next, tier, benefits, coupons."""
    now, language = utc_now(), language_code()
    programme = queries.programme(HOLDER, workspace=settings.WORKSPACE)
    view = queries.account(HOLDER, account_id=account_id, now=now)
    with open_reader(HOLDER, settings.WORKSPACE) as lake:
        name = person(HOLDER, lake=lake, customer_id=view.customer_id).name
    birthday = birthday_of(settings.WORKSPACE, customer_id=view.customer_id)
    context = {
        "token": token,
        "name": name,
        "tail": view.member_no[-4:],
        "programme": programme.zh if language.startswith("zh") else programme.en,
        "frozen": bool(view.frozen_reason),
        "balance": view.balance,
        **show_card.card(
            progress=queries.tier_progress(HOLDER, account=view, now=now),
            lots=queries.lots(HOLDER, account=view.account_id, now=now),
            benefits=queries.benefits(HOLDER, account=view, now=now, birthday=birthday),
            coupons=queries.coupons(HOLDER, account=view, now=now),
            lines=queries.statement(HOLDER, account=view.account_id, limit=_LINES, now=now),
            balance=view.balance,
            programme=programme,
            now=now,
            language=language,
        ),
        "today": today(programme.zone),
    }
    return render(request, "loyalty/card.html", context)

"""Customers: search and lists by stage, one page a customer."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from shuke.access.rules import Permission, may
from shuke.activity.queries import timeline as timeline_of
from shuke.activity.queries import totals
from shuke.console.customers import points, show
from shuke.console.customers.whole import identity_over_time, pairs_waiting
from shuke.console.frame import words
from shuke.console.frame.context import as_of_day
from shuke.console.frame.page import PageRequest, page
from shuke.console.predictions.customer import predicted
from shuke.customers.actions import reveal
from shuke.customers.queries import aliases_of, consents, evidence, profile, search
from shuke.journal.queries import entries_of
from shuke.kernel.clock import today
from shuke.loyalty.queries.accounts import AccountView
from shuke.plays.queries import library
from shuke.predictions.queries import features_of, purchase_clock
from shuke.reference.queries import stores
from shuke.segments.queries import layer_of, people, segments_of, stage_counts, stage_of
from shuke.touches.queries import tasks as tasks_of

_PAGE = 50
_FOUND = 100
_EVENTS = 40


@page(Permission.SEE_CUSTOMERS)
def customers(request: PageRequest) -> HttpResponse:
    """Search by any identifier, or the list of a stage."""
    if not request.lake.has("customer_profiles"):
        return render(request, "frame/nothing.html")
    query = request.GET.get("q", "").strip()[:80]
    if query:
        return _found(request, query)
    every = [one.store for one in stores(request.actor, lake=request.lake) if one.channel == "store"]
    store = next((one for one in every if one == request.GET.get("store")), None)
    stages = stage_counts(request.actor, lake=request.lake, language=_language(), store=store)
    chosen = next((one for one in stages if one.code == request.GET.get("stage")), None)
    number = _number(request.GET.get("page"), most=10_000)
    everyone = sum(one.people for one in stages)
    total = chosen.people if chosen else everyone
    context = {
        "people": people(
            request.actor,
            lake=request.lake,
            stage=chosen.code if chosen else None,
            store=store,
            limit=_PAGE,
            skip=number * _PAGE,
        ),
        "stages": stages,
        "stores": every,
        "store": store or "",
        "stage": chosen.code if chosen else "",
        "what": chosen.what if chosen else "",
        "total": total,
        "everyone": everyone,
        "earlier": number - 1 if number else None,
        "later": number + 1 if (number + 1) * _PAGE < total else None,
        "currency": request.workspace.currency,
        "pairs_waiting": pairs_waiting(request),
    }
    return render(request, "customers/list.html", context)


def _found(request: PageRequest, query: str) -> HttpResponse:
    ids = search(request.actor, lake=request.lake, text=query, limit=_FOUND)
    if len(ids) == 1:
        return redirect("customer", customer_id=ids[0])
    found = people(request.actor, lake=request.lake, ids=ids, limit=_FOUND) if ids else []
    stages = stage_counts(request.actor, lake=request.lake, language=_language())
    context = {"people": found, "query": query, "stages": stages, "currency": request.workspace.currency}
    return render(request, "customers/list.html", context)


@page(Permission.SEE_CUSTOMERS)
def customer(request: PageRequest, customer_id: int) -> HttpResponse:
    """Everything known of one customer: rhythm, history, consents, identity."""
    actor, lake, language = request.actor, request.lake, _language()
    found = profile(actor, lake=lake, customer_id=customer_id)
    if found.customer_id != customer_id:
        return redirect("customer", customer_id=found.customer_id)
    ids = aliases_of(actor, lake=lake, customer_id=customer_id)
    as_of = as_of_day() or today(request.workspace.timezone)
    clock = purchase_clock(actor, lake=lake, customer_id=customer_id)
    features = features_of(actor, lake=lake, customer_id=customer_id)
    account = points.account_of(request, ids)
    context = {
        "profile": found,
        "stage": stage_of(actor, lake=lake, customer_id=customer_id),
        "layer": show.layer(layer_of(actor, lake=lake, customer_id=customer_id, language=language)),
        "features": features,
        "ticket_minor": show.ticket_minor(features),
        "totals": totals(actor, lake=lake, customer_ids=ids, as_of=as_of),
        "clock": clock,
        "sentence": show.clock_sentence(clock) if clock else "",
        "picture": show.clock_picture(clock, as_of=as_of, language=language) if clock else None,
        "gaps": len(clock.gaps) if clock else 0,
        "expected": clock.expected_on if clock else None,
        "lists": segments_of(actor, lake=lake, customer_id=customer_id, language=language),
        "consents": show.consents(consents(actor, lake=lake, customer_id=customer_id), language=language),
        "may_unmask": may(actor, Permission.UNMASK),
        "currency": request.workspace.currency,
        "as_of": as_of,
        "signs": show.signs(found),
        "tasks": tasks_of(actor, lake=lake, language=language, customer_id=customer_id, limit=5),
        "sex": words.word(words.SEXES, found.gender),
        "may_see_models": may(actor, Permission.SEE_WEEK),
        **predicted(request, customer_id),
        **points.loyalty(request, account),
        **_happened(request, ids=ids, account=account),
        **show.identity(evidence(actor, lake=lake, customer_id=customer_id), records=found.records, language=language),
        **identity_over_time(request, customer_id),
        **_journal(request, customer_id),
    }
    return render(request, "customers/one.html", context)


@page(Permission.SEE_CUSTOMERS)
def timeline(request: PageRequest, customer_id: int) -> HttpResponse:
    """The timeline alone, filtered; asked for by the filters of the page."""
    found = profile(request.actor, lake=request.lake, customer_id=customer_id)
    ids = aliases_of(request.actor, lake=request.lake, customer_id=customer_id)
    account = points.account_of(request, ids)
    return render(
        request, "customers/timeline.html", {"profile": found, **_happened(request, ids=ids, account=account)}
    )


@page(Permission.UNMASK, method="POST")
def reveal_customer(request: PageRequest, customer_id: int) -> HttpResponse:
    """Name and phone in full; the look is in the journal before the answer leaves."""
    found = profile(request.actor, lake=request.lake, customer_id=customer_id)
    shown = reveal(request.actor, workspace=request.workspace, customer_id=found.customer_id, fields=("name", "phone"))
    part = "customers/names.html" if request.htmx else "customers/revealed.html"
    context = {"profile": found, "shown": shown, "sex": words.word(words.SEXES, found.gender)}
    return render(request, part, context)


def _happened(request: PageRequest, *, ids: Sequence[int], account: AccountView | None) -> dict[str, Any]:
    as_of = as_of_day()
    every = timeline_of(request.actor, lake=request.lake, customer_ids=ids, as_of=as_of, most=2000)
    moved = points.events(request, account)
    if moved:
        every = sorted([*every, *moved], key=lambda event: (event.at, event.reference), reverse=True)
    kind = request.GET.get("kind", "")
    chosen = [event for event in every if event.kind == kind] if kind else points.with_orders(every)
    most = _number(request.GET.get("most"), most=2000) or _EVENTS
    plays = {play.code: play.name(_language()) for play in library(request.actor, workspace=request.workspace)}
    return {
        "entries": show.entries(chosen[:most], plays=plays),
        "kinds": show.kinds(every),
        "kind": kind,
        "events_total": len(every),
        "older": most + 200 if len(chosen) > most else None,
        "as_of": as_of,
    }


def _journal(request: PageRequest, customer_id: int) -> dict[str, Any]:
    if not may(request.actor, Permission.SEE_JOURNAL):
        return {"journal": None}
    return {"journal": entries_of(request.actor, object_type="customer", object_id=customer_id, limit=20)}


def _number(text: str | None, *, most: int) -> int:
    return min(int(text), most) if text and text.isdecimal() and len(text) < 9 else 0


def _language() -> str:
    return get_language() or "zh-hans"

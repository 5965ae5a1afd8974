"""Two customers become one by hand: find the other, see what moves, say why; and the way back."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from shuke.access.rules import Permission
from shuke.console.checkup import job
from shuke.console.checkup.job import Job
from shuke.console.customers import show_change
from shuke.console.customers.changes import new_job
from shuke.console.customers.sides import side_with_sales, visible
from shuke.console.frame.context import as_of_day
from shuke.console.frame.page import PageRequest, page
from shuke.customers.queries import aliases_of, profile, search
from shuke.procedures import merge_customers

_FOUND = 12
_LONGEST = 200


@page(Permission.MERGE_CUSTOMERS)
def merge(request: PageRequest, customer_id: int) -> HttpResponse:
    """Finds the other customer."""
    found = profile(request.actor, lake=request.lake, customer_id=customer_id)
    query = request.GET.get("other", "").strip()[:80]
    own = aliases_of(request.actor, lake=request.lake, customer_id=found.customer_id)
    asked = search(request.actor, lake=request.lake, text=query, limit=_FOUND) if query else []
    ids = [one for one in asked if one not in own]
    context = {
        "profile": found,
        "other": query,
        "people": visible(request, ids),
        "as_of": as_of_day(),
    }
    return render(request, "customers/merge.html", context)


@page(Permission.MERGE_CUSTOMERS)
def merge_preview(request: PageRequest, *, customer_id: int, other_id: int) -> HttpResponse:
    """What the merge will do, before it is done."""
    found = merge_customers.preview(request.actor, workspace=request.workspace, left=customer_id, right=other_id)
    sales = replace(found, survivor=side_with_sales(request, found.survivor), goes=side_with_sales(request, found.goes))
    shown = show_change.merging(sales, language=get_language() or "zh-hans")
    return render(request, "customers/merge_preview.html", {"change": shown, "one": customer_id, "other": other_id})


@page(Permission.MERGE_CUSTOMERS, method="POST")
def merge_start(request: PageRequest, *, customer_id: int, other_id: int) -> HttpResponse:
    """Starts the merge with its reason."""
    reason = request.POST.get("reason", "").strip()[:_LONGEST]
    if not reason:
        return redirect("merge_preview", customer_id=customer_id, other_id=other_id)
    actor, workspace, against = request.actor, request.workspace, "replace" in request.POST

    def steps(running: Job) -> None:
        running.report = merge_customers.merge(
            actor,
            workspace=workspace,
            left=customer_id,
            right=other_id,
            reason=reason,
            progress=running.tell,
            replace=against,
        )

    job.start(new_job(request, "merge"), workspace=workspace, steps=steps)
    return redirect("identity_job")


@page(Permission.MERGE_CUSTOMERS)
def unmerge_preview(request: PageRequest, decision_id: int) -> HttpResponse:
    """What taking a merge back will restore, before it is done."""
    found = merge_customers.preview_undo(request.actor, workspace=request.workspace, decision_id=decision_id)
    shown = show_change.parting(found, currency=request.workspace.currency, language=get_language() or "zh-hans")
    return render(request, "customers/unmerge.html", {"change": shown, "decision_id": decision_id})


@page(Permission.MERGE_CUSTOMERS, method="POST")
def unmerge_start(request: PageRequest, decision_id: int) -> HttpResponse:
    """Starts taking a merge back; one that cannot be is told before anything starts."""
    merge_customers.preview_undo(request.actor, workspace=request.workspace, decision_id=decision_id)
    reason = request.POST.get("reason", "").strip()[:_LONGEST]
    actor, workspace = request.actor, request.workspace

    def steps(running: Job) -> None:
        running.report = merge_customers.undo(
            actor, workspace=workspace, decision_id=decision_id, reason=reason, progress=running.tell
        )

    job.start(new_job(request, "split"), workspace=workspace, steps=steps)
    return redirect("identity_job")

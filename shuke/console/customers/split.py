"""Records that belong to somebody else leave a customer: tick them, see both sides, say why."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from shuke.access.rules import Permission
from shuke.console.checkup import job
from shuke.console.checkup.job import Job
from shuke.console.customers import show, show_change
from shuke.console.customers.changes import new_job
from shuke.console.frame.page import PageRequest, page
from shuke.customers.queries import evidence, profile
from shuke.procedures import split_customer

_LONGEST = 200
_MOST = 200


@page(Permission.MERGE_CUSTOMERS)
def split(request: PageRequest, customer_id: int) -> HttpResponse:
    """All evidence of a customer with a tick each; with ticks, what both sides will be."""
    found = profile(request.actor, lake=request.lake, customer_id=customer_id)
    language = get_language() or "zh-hans"
    records = evidence(request.actor, lake=request.lake, customer_id=found.customer_id)
    ticked = _ticked(request.GET.getlist("evidence"), known={one.evidence_id for one in records})
    context = {
        "profile": found,
        "rows": show.proofs(records, language=language),
        "ticked": ticked,
        "all_ticked": bool(ticked) and len(ticked) == len(records),
    }
    if ticked and len(ticked) < len(records):
        preview = split_customer.preview(
            request.actor, workspace=request.workspace, customer_id=found.customer_id, evidence=ticked
        )
        context["change"] = show_change.parting(preview, currency=request.workspace.currency, language=language)
    return render(request, "customers/split.html", context)


@page(Permission.MERGE_CUSTOMERS, method="POST")
def split_start(request: PageRequest, customer_id: int) -> HttpResponse:
    """Starts the split with its reason."""
    reason = request.POST.get("reason", "").strip()[:_LONGEST]
    records = evidence(request.actor, lake=request.lake, customer_id=customer_id)
    ticked = _ticked(request.POST.getlist("evidence"), known={one.evidence_id for one in records})
    if not reason or not ticked:
        return redirect("split", customer_id=customer_id)
    actor, workspace = request.actor, request.workspace

    def steps(running: Job) -> None:
        running.report = split_customer.split(
            actor, workspace=workspace, customer_id=customer_id, evidence=ticked, reason=reason, progress=running.tell
        )

    job.start(new_job(request, "split"), workspace=workspace, steps=steps)
    return redirect("identity_job")


def _ticked(texts: list[str], *, known: set[int]) -> list[int]:
    """The ticked evidence that the customer really has."""
    asked = {int(text) for text in texts[:_MOST] if text.lstrip("-").isdecimal() and len(text) < 21}
    return sorted(asked & known)

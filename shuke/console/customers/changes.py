"""Decisions on who is who take effect: the job that applies them, with its progress, and where it lands."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shuke.access.rules import Permission
from shuke.console.checkup import job
from shuke.console.checkup.job import Job
from shuke.console.frame.errors import words_of
from shuke.console.frame.page import PageRequest, page
from shuke.customers.queries import Profile, profile, waiting
from shuke.kernel.clock import utc_now
from shuke.procedures import review_pairs

# The jobs of these pages; another job may run meanwhile, and then these pages say so.
_OURS = ("apply", "merge", "split")


@page(Permission.MERGE_CUSTOMERS, method="POST")
def apply(request: PageRequest) -> HttpResponse:
    """Starts the run that puts all waiting decisions into force."""
    actor, workspace = request.actor, request.workspace
    if not waiting(actor):
        messages.warning(request, _("All decisions are in force."))
        return redirect("review")

    def steps(running: Job) -> None:
        running.report = review_pairs.apply(actor, workspace=workspace, progress=running.tell)

    job.start(new_job(request, "apply"), workspace=workspace, steps=steps)
    return redirect("identity_job")


@page(Permission.MERGE_CUSTOMERS)
def identity_job(request: PageRequest) -> HttpResponse:
    """The running change and what came of it; its part asks again every second and leads on when it is done."""
    running = job.current(request.workspace)
    found = running if running is not None and running.kind in _OURS else None
    done = found is not None and found.done and not found.trouble and not found.broken
    if found is not None and done and found.kind == "merge":
        messages.success(
            request, _("They are one customer now. Segments, metrics and plans follow with the next week.")
        )
        return redirect(f"{reverse('customer', kwargs={'customer_id': found.report})}#life")
    context = {
        "job": found,
        "trouble": words_of(found.trouble) if found is not None and found.trouble else None,
        "people": _people(request, found) if done else [],
        "waiting": waiting(request.actor),
    }
    return render(request, "customers/change.html" if request.htmx else "customers/changes.html", context)


def new_job(request: PageRequest, kind: str) -> Job:
    """A job of the person who asked, begun now."""
    return Job(kind=kind, by=request.actor.name, started_at=utc_now())


def _people(request: PageRequest, found: Job | None) -> list[Profile]:
    """Both customers of a split; one where something new ties them."""
    if found is None or found.kind != "split":
        return []
    ids = dict.fromkeys(found.report)
    return [profile(request.actor, lake=request.lake, customer_id=one) for one in ids]

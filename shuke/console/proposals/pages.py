"""This week's proposals: the list, one in full, and the decisions."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from shuke.access.rules import Permission, may
from shuke.console.frame.page import PageRequest, page
from shuke.console.proposals import show
from shuke.plays.queries import policy
from shuke.procedures import review_proposal
from shuke.proposals.queries import detail, this_week


@page(Permission.SEE_PROPOSALS)
def proposals(request: PageRequest) -> HttpResponse:
    """The latest week's proposals, surest first."""
    language = get_language() or "zh-hans"
    view = this_week(request.actor, language=language)
    if not view.cards and not view.not_proposed:
        return render(request, "frame/nothing.html")
    rows, axis = show.rows(view.cards, language=language)
    context = {
        "view": view,
        "rows": rows,
        "axis": axis,
        "sums": show.headline(view, currency=request.workspace.currency, language=language),
        "may_review": may(request.actor, Permission.REVIEW_PROPOSALS),
        "may_export": may(request.actor, Permission.EXPORT_TASKS),
    }
    return render(request, "proposals/list.html", context)


@page(Permission.SEE_PROPOSALS)
def proposal(request: PageRequest, proposal_id: int) -> HttpResponse:
    """One proposal: who, why, who not, the exact words, the range, and the decision."""
    language = get_language() or "zh-hans"
    held = policy(request.actor, workspace=request.workspace)
    found = detail(request.actor, lake=request.lake, proposal_id=proposal_id, policy=held, language=language)
    # What people get is written in the shop's language, whatever the reader's is.
    spoken = found
    if request.workspace.language != language:
        spoken = detail(
            request.actor,
            lake=request.lake,
            proposal_id=proposal_id,
            policy=held,
            language=request.workspace.language,
        )
    picture, axis = show.one(found.card, language=language)
    context = {
        "card": found.card,
        "gain": show.gain_words(found.card, language=language),
        "picture": picture,
        "axis": axis,
        "funnel": found.funnel,
        "kept": show.kept_out(found),
        "examples": [replace(a, words=b.words) for a, b in zip(found.examples, spoken.examples, strict=True)],
        "stores": show.by_store(found),
        "clauses": found.clauses,
        "proof": show.proof(found),
        "versions": found.versions,
        "may_review": may(request.actor, Permission.REVIEW_PROPOSALS),
    }
    return render(request, "proposals/one.html", context)


@page(Permission.REVIEW_PROPOSALS, method="POST")
def approve(request: PageRequest, proposal_id: int) -> HttpResponse:
    """Approves and draws the tasks."""
    done = review_proposal.approve(
        request.actor, workspace=request.workspace, proposal=proposal_id, version=_version(request)
    )
    made = ngettext("Approved: %(n)s task made.", "Approved: %(n)s tasks made.", done.tasks) % {"n": done.tasks}
    messages.success(request, made)
    return redirect("proposal", proposal_id=proposal_id)


@page(Permission.REVIEW_PROPOSALS, method="POST")
def reject(request: PageRequest, proposal_id: int) -> HttpResponse:
    """Turns a proposal down, with its reason."""
    reason = request.POST.get("reason", "")[:200]
    review_proposal.reject(request.actor, proposal=proposal_id, reason=reason, version=_version(request))
    messages.success(request, _("Not done; the reason is kept."))
    return redirect("proposal", proposal_id=proposal_id)


@page(Permission.REVIEW_PROPOSALS, method="POST")
def withdraw(request: PageRequest, proposal_id: int) -> HttpResponse:
    """Takes an approval back while nothing has been handed out."""
    reason = request.POST.get("reason", "")[:200]
    review_proposal.withdraw(request.actor, proposal=proposal_id, reason=reason, version=_version(request))
    messages.success(request, _("Withdrawn: its open tasks are gone."))
    return redirect("proposal", proposal_id=proposal_id)


def _version(request: PageRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 9 else None

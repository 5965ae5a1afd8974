"""This week's proposals: the list, one in full, and the decisions."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from shuke.access.rules import Permission, may
from shuke.console.frame import formats
from shuke.console.frame.gains import gain_words
from shuke.console.frame.page import PageRequest, page
from shuke.console.proposals import show
from shuke.plays.queries import policy
from shuke.plays.values import Policy
from shuke.procedures import review_proposal
from shuke.proposals.queries import coverage, detail, open_ids, this_week
from shuke.proposals.values import WeekView

# How an address names headquarters, whose store has no name.
_HEADQUARTERS = {"-": ""}


@page(Permission.SEE_PROPOSALS)
def proposals(request: PageRequest) -> HttpResponse:
    """The latest week's plays with their stores, or the proposals of one store; which class has a plan."""
    actor, language = request.actor, get_language() or "zh-hans"
    whole = this_week(actor, language=language)
    if not whole.cards and not whole.not_proposed:
        return render(request, "frame/nothing.html")
    listed = _stores(whole)
    asked = request.GET.get("store")
    chosen = asked if asked in {store for store, _words in listed} else ""
    view = this_week(actor, language=language, store=_HEADQUARTERS.get(chosen, chosen)) if chosen else whole
    by_play = not chosen and (actor.stores is None or len(actor.stores) > 1)
    rows, axis = show.groups(view.groups, language=language) if by_play else show.rows(view.cards, language=language)
    store = next(iter(actor.stores)) if actor.stores and len(actor.stores) == 1 else _HEADQUARTERS.get(chosen, chosen)
    found = coverage(actor, lake=request.lake, language=language, store=store or None)
    context = {
        "view": view,
        "groups": rows if by_play else None,
        "rows": rows,
        "axis": axis,
        "stores": listed,
        "chosen": chosen,
        "coverage": found,
        "covered": show.covered(found),
        "sums": show.headline(view, currency=request.workspace.currency, language=language),
        "may_review": may(actor, Permission.REVIEW_PROPOSALS),
        "may_export": may(actor, Permission.EXPORT_TASKS),
    }
    return render(request, "proposals/list.html", context)


@page(Permission.SEE_PROPOSALS)
def play_stores(request: PageRequest, play: str) -> HttpResponse:
    """One play of this week, store by store, on one scale."""
    language = get_language() or "zh-hans"
    view = this_week(request.actor, language=language)
    group = next((one for one in view.groups if one.play == play), None)
    if group is None:
        raise Http404
    (row,), _axis = show.groups([group], language=language)
    widest = sorted(group.cards, key=lambda card: (-card.people, card.id))
    rows, axis = show.rows(widest, language=language)
    context = {
        "view": view,
        "row": row,
        "rows": rows,
        "axis": axis,
        "may_review": may(request.actor, Permission.REVIEW_PROPOSALS),
    }
    return render(request, "proposals/play.html", context)


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
        "gain": gain_words(found.card, language=language),
        "picture": picture,
        "axis": axis,
        "funnel": found.funnel,
        "kept": [(one, _line(held, one.reason.clause)) for one in show.kept_out(found)],
        "examples": [replace(a, words=b.words) for a, b in zip(found.examples, spoken.examples, strict=True)],
        "may_edit": found.editor is not None and may(request.actor, Permission.REVIEW_PROPOSALS),
        "clauses": [(number, words, _line(held, number)) for number, words in found.clauses],
        "proof": show.proof(found),
        "versions": [
            {**one, "words": show.version_words(str(one["verb"]), str(one["reason"]))} for one in found.versions
        ],
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
def approve_play(request: PageRequest, play: str) -> HttpResponse:
    """Approves a play in every store where it still waits."""
    if open_ids(request.actor, play=play):
        done = review_proposal.approve_play(request.actor, workspace=request.workspace, play=play)
        made = _("Approved in %(stores)s stores: %(tasks)s tasks made.") % {
            "stores": formats.count(len(done)),
            "tasks": formats.count(sum(one.tasks for one in done)),
        }
        messages.success(request, made)
    else:
        messages.warning(request, _("Nothing of this play waits for a decision."))
    return redirect("proposals" if request.POST.get("back") == "proposals" else "home")


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


def _line(held: Policy, number: str) -> int:
    """The line of policy.yaml on which a clause stands; 0 for none."""
    clause = held.clauses.get(number)
    return clause.line if clause else 0


def _stores(view: WeekView) -> list[tuple[str, str]]:
    """The stores that have proposals, headquarters first; none where there is only one."""
    named = sorted({card.store for card in view.cards})
    return [(store or "-", store or _("Headquarters")) for store in named] if len(named) > 1 else []


def _version(request: PageRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 9 else None

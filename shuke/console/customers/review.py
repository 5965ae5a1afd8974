"""待核对: pairs that may be one person, one at a time; an answer is a decision that every later run keeps."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuke.access.rules import Permission, may
from shuke.console.customers import show_measured, show_pair
from shuke.console.customers.sides import with_sales
from shuke.console.frame import words
from shuke.console.frame.page import PageRequest, page
from shuke.customers.actions import Contradiction
from shuke.customers.actions.revealing import reveal_pair
from shuke.customers.queries import NoSuchPair, measured, review_pair, review_queue, waiting
from shuke.customers.queries import decisions as known_decisions
from shuke.customers.values import ReviewPair
from shuke.procedures import review_pairs

_PAGE = 20
# How far ahead the next pair is looked for; whoever skips more begins again with the first.
_AHEAD = 40
# Among so many latest decisions an earlier one is looked up by its number.
_RECENT = 500
_ANSWERS = ("same", "different", "skip")


@page(Permission.SEE_PAIRS)
def review(request: PageRequest) -> HttpResponse:
    """What waits, by reason, and the first pairs of it."""
    if not request.lake.has("customer_profiles"):
        return render(request, "frame/nothing.html")
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else 0
    reason = _reason(request)
    found = review_queue(request.actor, lake=request.lake, reason=reason, limit=_PAGE, skip=number * _PAGE)
    every = sum(found.by_reason.values())
    context = {
        "total": found.total,
        "every": every,
        "kinds": show_pair.kinds(found.by_reason),
        "reason": reason or "",
        "pairs": [_shown(request, pair) for pair in found.pairs],
        "earlier": number - 1 if number else None,
        "later": number + 1 if (number + 1) * _PAGE < found.total else None,
        "waiting": waiting(request.actor),
        **_quality(request),
        **_before(request),
    }
    return render(request, "customers/review.html", context)


@page(Permission.SEE_PAIRS)
def one_pair(request: PageRequest, pair_id: str) -> HttpResponse:
    """One pair side by side, what speaks for and against, and the three answers."""
    try:
        pair = review_pair(request.actor, lake=request.lake, pair_id=pair_id)
    except NoSuchPair:
        messages.warning(request, _("This pair does not wait any more: it has its answer, or new files settled it."))
        return redirect("review")
    return render(request, "customers/pair.html", _context(request, pair))


@page(Permission.UNMASK, method="POST")
def show_in_full(request: PageRequest, pair_id: str) -> HttpResponse:
    """The pair unmasked; the look is in the journal before the answer leaves."""
    pair = reveal_pair(request.actor, workspace=request.workspace, pair_id=pair_id)
    part = "customers/compared.html" if request.htmx else "customers/pair.html"
    return render(request, part, {**_context(request, pair), "in_full": True})


@page(Permission.MERGE_CUSTOMERS, method="POST")
def decide(request: PageRequest, pair_id: str) -> HttpResponse:
    """Keeps the answer and goes on to the next pair."""
    answer = request.POST.get("answer", "")
    if answer not in _ANSWERS:
        return redirect("one_pair", pair_id=pair_id)
    following = _following(request, pair_id)
    note = request.POST.get("note", "").strip()[:200]
    try:
        done = review_pairs.decide(
            request.actor,
            workspace=request.workspace,
            pair_id=pair_id,
            answer=answer,
            note=note,
            replace="replace" in request.POST,
        )
    except Contradiction as error:
        return _contradicted(request, pair_id, answer=answer, note=note, decisions=error.decisions)
    told: dict[str, str | int] = {"last": done.decision_id, "answer": answer, "pair": pair_id}
    address = reverse("one_pair", kwargs={"pair_id": following}) if following else reverse("review")
    return redirect(f"{address}?{urlencode(_kept(request) | told)}")


@page(Permission.MERGE_CUSTOMERS, method="POST")
def undo(request: PageRequest, decision_id: int) -> HttpResponse:
    """Takes the last answer back and shows its pair again."""
    review_pairs.undo(request.actor, workspace=request.workspace, decision_id=decision_id)
    messages.success(request, _("Taken back. Here is the pair again."))
    address = reverse("one_pair", kwargs={"pair_id": request.POST.get("pair", "")[:80]})
    return redirect(f"{address}?{urlencode(_kept(request))}")


def _contradicted(
    request: PageRequest, pair_id: str, *, answer: str, note: str, decisions: Sequence[int]
) -> HttpResponse:
    """The pair again with what was decided before, to replace it or to leave it."""
    pair = review_pair(request.actor, lake=request.lake, pair_id=pair_id)
    before = [one for one in known_decisions(request.actor, limit=_RECENT) if one.decision_id in decisions]
    told = [(words.word(words.DECISIONS, one.kind), one.by, one.at, one.reason) for one in before]
    contradicted = {"contradicted": True, "against": told, "answer": answer, "note": note}
    context = _context(request, pair) | contradicted
    return render(request, "customers/pair.html", context, status=409)


def _context(request: PageRequest, pair: ReviewPair) -> dict[str, object]:
    """What the page of a pair shows: the pair, how many are left, and the answer before with its undo."""
    reason = _reason(request)
    left = review_queue(request.actor, lake=request.lake, reason=reason, limit=1)
    return {
        "pair": _shown(request, with_sales(request, [pair])[0]),
        "left": left.total,
        "reason": reason or "",
        "kind": words.word(words.PAIR_KINDS, reason),
        "waiting": waiting(request.actor),
        "may_decide": may(request.actor, Permission.MERGE_CUSTOMERS),
        "may_unmask": may(request.actor, Permission.UNMASK),
        "blind": "blind" in request.GET,
        **_before(request),
    }


def _quality(request: PageRequest) -> dict[str, object]:
    """For those who decide: what labelled samples said so far."""
    if not may(request.actor, Permission.MERGE_CUSTOMERS):
        return {"may_decide": False}
    return {"may_decide": True, "measured": show_measured.measured(measured(request.actor, lake=request.lake))}


def _before(request: PageRequest) -> dict[str, object]:
    """The answer that was given last, with what its undo needs."""
    last, answer = request.GET.get("last", ""), request.GET.get("answer", "")
    return {
        "last": int(last) if last.isdecimal() and len(last) < 19 else None,
        "last_pair": request.GET.get("pair", ""),
        "last_answer": words.word(words.ANSWERS, answer) if answer in _ANSWERS else "",
    }


def _shown(request: PageRequest, pair: ReviewPair) -> show_pair.Shown:
    language, blind = get_language() or "zh-hans", "blind" in request.GET
    return show_pair.shown(pair, currency=request.workspace.currency, language=language, blind=blind)


def _following(request: PageRequest, pair_id: str) -> str | None:
    """The pair after this one in the queue as it stands before the decision; the first one after the last."""
    queue = review_queue(request.actor, lake=request.lake, reason=_reason(request), limit=_AHEAD)
    ids = [pair.pair_id for pair in queue.pairs]
    place = ids.index(pair_id) + 1 if pair_id in ids else 0
    others = [*ids[place:], *ids[:place]]
    return next((one for one in others if one != pair_id), None)


def _reason(request: PageRequest) -> str | None:
    """The reason that the reader works on, if it is a known one."""
    asked = request.POST.get("reason") or request.GET.get("reason") or ""
    return asked if asked in words.PAIR_KINDS else None


def _kept(request: PageRequest) -> dict[str, str | int]:
    reason = _reason(request)
    return {"reason": reason} if reason else {}

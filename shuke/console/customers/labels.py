"""抽样标注: a random sample of pairs, answered blindly, measures how often the matching is right."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from shuke.access.rules import Permission, may
from shuke.console.customers import show_measured, show_pair
from shuke.console.customers.sides import with_sales
from shuke.console.frame.page import PageRequest, page
from shuke.customers.queries import label_batch, measured
from shuke.procedures import review_pairs

_BATCH = 20
_ANSWERS = ("same", "different", "unsure")
_COUNT = "labelled"


@page(Permission.MERGE_CUSTOMERS)
def sample(request: PageRequest) -> HttpResponse:
    """What was measured so far, and the next pair of the batch."""
    if not request.lake.has("customer_profiles"):
        return render(request, "frame/nothing.html")
    language = get_language() or "zh-hans"
    done = int(request.session.get(_COUNT, 0))
    resting = done >= _BATCH
    batch = () if resting else label_batch(request.actor, lake=request.lake, size=_BATCH - done)
    first = with_sales(request, batch[:1])
    context = {
        "measured": show_measured.measured(measured(request.actor, lake=request.lake)),
        "pair": show_pair.shown(first[0], currency=request.workspace.currency, language=language, blind=True)
        if first
        else None,
        "number": done + 1,
        "size": done + len(batch),
        "resting": resting,
        "may_unmask": may(request.actor, Permission.UNMASK),
    }
    return render(request, "customers/sample.html", context)


@page(Permission.MERGE_CUSTOMERS, method="POST")
def label(request: PageRequest, pair_id: str) -> HttpResponse:
    """Keeps one answer of the sample and goes on."""
    answer = request.POST.get("answer", "")
    if answer in _ANSWERS:
        review_pairs.label(request.actor, workspace=request.workspace, pair_id=pair_id, answer=answer)
        request.session[_COUNT] = int(request.session.get(_COUNT, 0)) + 1
    return redirect("sample")


@page(Permission.MERGE_CUSTOMERS, method="POST")
def sample_again(request: PageRequest) -> HttpResponse:
    """Begins the next batch."""
    request.session[_COUNT] = 0
    return redirect("sample")

"""Pages for things that did not work: each says what happened and what to do next."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuke.console.frame.words.refusals import REFUSALS
from shuke.kernel.errors import NotAllowed, ShukeError, WrongUse

Text = str | Promise


@dataclass(frozen=True)
class Words:
    """A title and the next step, in the reader's language."""

    title: Text
    hint: Text


# Errors that pages meet often, by class name; all others show their own message under a general title.
_KNOWN: dict[str, Words] = {
    "NotAllowed": Words(
        gettext_lazy("Your role does not include this page"),
        gettext_lazy("Ask the owner to change your role or your stores. What you tried was not carried out."),
    ),
    "NotBuilt": Words(
        gettext_lazy("Nothing has been computed yet"),
        gettext_lazy("Import your files first, then let the week run once: the page fills by itself."),
    ),
    "LakeBusy": Words(
        gettext_lazy("Another job is writing right now"),
        gettext_lazy("Wait until it has ended, then try again. Nothing was lost."),
    ),
    "NoSuchCustomer": Words(
        gettext_lazy("There is no such customer, or not in your stores"),
        gettext_lazy("Search by phone tail, card or order number instead."),
    ),
    "NoSuchPair": Words(
        gettext_lazy("This pair does not wait any more"),
        gettext_lazy("It has its answer, or new files settled it. Take the next one of the queue."),
    ),
    "NoSuchDecision": Words(
        gettext_lazy("This decision cannot be taken back any more"),
        gettext_lazy("Somebody took it back already, or a later one replaced it. Look at the customer's history."),
    ),
    "NotUndoable": Words(
        gettext_lazy("This decision cannot be taken back any more"),
        gettext_lazy("Somebody took it back already, or a later one replaced it. Look at the customer's history."),
    ),
    "BuiltOn": Words(
        gettext_lazy("A later decision stands on this one"),
        gettext_lazy("Take the later one back first, the latest first; or split the customer as it is now."),
    ),
    "Contradiction": Words(
        gettext_lazy("Somebody decided otherwise before"),
        gettext_lazy("Open the preview again: it names the earlier decision, and yours may replace it."),
    ),
    "NotApplied": Words(
        gettext_lazy("The records could not be joined or parted as you decided"),
        gettext_lazy("Nothing was changed and your decision was taken back. Tell who keeps this system."),
    ),
    "UnknownSegment": Words(
        gettext_lazy("There is no such segment"),
        gettext_lazy("It may have been removed. Choose one from the list of segments."),
    ),
    "NotNow": Words(
        gettext_lazy("This step is not possible any more"),
        gettext_lazy(
            "Look at the proposal again: it was decided or handed out in the meantime, or a reason is missing."
        ),
    ),
    "AlreadyOut": Words(
        gettext_lazy("The task sheets are out already"),
        gettext_lazy("They are in people's hands: let the stores record what happened instead."),
    ),
    "ClosedTask": Words(
        gettext_lazy("This task is closed"),
        gettext_lazy("It was cancelled or has expired. Nothing was recorded; go on with the tasks of your list."),
    ),
    "NotYourself": Words(
        gettext_lazy("You cannot close your own account"),
        gettext_lazy("Ask another owner to do it, or make one first."),
    ),
    "JobRunning": Words(
        gettext_lazy("Another job is running already"),
        gettext_lazy("Wait until it has ended, then try again; an import shows its progress on the import page."),
    ),
    "NothingImported": Words(
        gettext_lazy("Nothing has been imported yet"),
        gettext_lazy("Bring in at least one file of orders, then this page has something to say."),
    ),
    "BadPolicy": Words(
        gettext_lazy("The brand policy file has a mistake"),
        gettext_lazy("Mend the line named below in policy.yaml, then reload this page."),
    ),
    "Stale": Words(
        gettext_lazy("Somebody else has just decided on this"),
        gettext_lazy("Reload the page, look at what they decided, and decide again if it is still needed."),
    ),
}


# Known errors whose own message (in English) adds something: a line, a name, a number.
_PLAIN = set(_KNOWN) - {"BadPolicy", "NotNow", "Stale"}

# Errors that mean "what the address names is not there"; each is told like a missing page.
_MISSING = {
    "NoSuchCustomer",
    "NoSuchPair",
    "NoSuchDecision",
    "NoSuchUser",
    "UnknownProposal",
    "UnknownTask",
    "UnknownFinding",
    "UnknownSegment",
    "UnknownPlay",
    "UnknownMetric",
    "UnknownDimension",
    "UnknownMember",
}


def error_page(request: HttpRequest, error: ShukeError) -> HttpResponse:
    """The page of an expected error: 403 for missing rights, 400 for a wrong request, else 409."""
    words = words_of(error)
    plain = type(error).__name__ in _PLAIN or getattr(error, "code", "") in REFUSALS
    detail = "" if plain else str(error)
    context = {"title": words.title, "hint": words.hint, "detail": detail}
    return render(request, "frame/error.html", context, status=_status(error))


def words_of(error: ShukeError) -> Words:
    """What an expected error is called on a page, and the next step."""
    refused = REFUSALS.get(str(getattr(error, "code", "")))
    if refused is not None:
        return Words(*refused)
    unknown = Words(_("This did not work"), error.hint or _("Go back and try again."))
    return _KNOWN.get(type(error).__name__, unknown)


def _status(error: ShukeError) -> int:
    if isinstance(error, NotAllowed):
        return 403
    if type(error).__name__ in _MISSING:
        return 404
    return 400 if isinstance(error, WrongUse) else 409


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    """404: the address does not exist, or what it names is gone; `exception` is not shown."""
    del exception
    context = {
        "title": _("There is nothing at this address"),
        "hint": _("It may be from an older week. Start from this week, or search for the customer."),
    }
    return render(request, "frame/error.html", context, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None, *, reason: str = "") -> HttpResponse:
    """403 of Django itself: a form whose protection has run out; its inner reason is not shown."""
    del exception, reason
    context = {
        "title": _("This form is too old to be sent"),
        "hint": _("Go back, reload the page and send it again: this protects you from forged requests."),
    }
    return render(request, "frame/error.html", context, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our mistake. Needs neither database nor lake."""
    context = {
        "title": _("Something broke on our side"),
        "hint": _("Nothing half-done was kept. Try once more; if it stays, send the end of the server's log to IT."),
    }
    return render(request, "frame/broken.html", context, status=500)

"""Sign-in, language, people and the journal."""

from typing import cast

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from shuke.access.actions import forget_failed_sign_ins, note_failed_sign_in, set_language
from shuke.access.models import User
from shuke.access.queries import actor_of, people, wait_before_sign_in
from shuke.access.rules import Permission
from shuke.console.frame.context import navigation
from shuke.console.frame.page import PageRequest, page
from shuke.journal.queries import latest
from shuke.kernel.actor import PEOPLE, SYSTEM, Role
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import ShukeError
from shuke.procedures.manage_people import add_person, close_account, renew_password
from shuke.reference.queries import associates, stores

_ENTRIES = 100


@login_not_required
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Asks for user name and password; after five failures a name must wait, longer each time."""
    if request.user.is_authenticated:
        return redirect("landing")
    username = request.POST.get("username", "").replace("\x00", "").strip()
    trouble = ""
    if request.method == "POST":
        user, trouble = _try_to_sign_in(request, username)
        if user is not None:
            entered = redirect(_safe_next(request))
            return _with_language(entered, user.language) if user.language else entered
    asked = {"username": username, "next": _safe_next(request), "trouble": trouble}
    return render(request, "access/sign_in.html", asked, status=403 if trouble else 200)


def _try_to_sign_in(request: HttpRequest, username: str) -> tuple[User | None, str]:
    """Signs in and gives the user, or says why not."""
    who = {"username": username.lower(), "address": request.META.get("REMOTE_ADDR") or "unknown"}
    wait = wait_before_sign_in(SYSTEM, now=utc_now(), **who)
    if wait:
        minutes = -(-wait // 60)
        return None, ngettext(
            "Too many failed tries. Try again in %(n)s minute.",
            "Too many failed tries. Try again in %(n)s minutes.",
            minutes,
        ) % {"n": minutes}
    user = authenticate(request, username=username, password=request.POST.get("password", ""))
    if user is None:
        note_failed_sign_in(SYSTEM, now=utc_now(), **who)
        return None, _(
            "The user name or the password is wrong. Passwords are shown once; the owner can give you a new one."
        )
    forget_failed_sign_ins(SYSTEM, **who)
    login(request, user)
    return user, ""


def _safe_next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    known = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if known else "/"


def _with_language(response: HttpResponse, code: str) -> HttpResponse:
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 86400, httponly=True, samesite="Lax")
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    logout(request)
    return redirect("sign_in")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switches between Chinese and English and goes back to the page."""
    code = request.POST.get("language", "")
    if code not in {known for known, _name in settings.LANGUAGES}:
        code = settings.LANGUAGE_CODE
    if request.user.is_authenticated:
        set_language(actor_of(request.user), language=code)
    return _with_language(redirect(_safe_next(request)), code)


def landing(request: HttpRequest) -> HttpResponse:
    """The start page of a role, the first of its navigation: the week for those who plan it, tasks for associates."""
    actor = actor_of(cast(User, request.user))
    return redirect(navigation(actor, path="/")[0].address)


@page(Permission.MANAGE_USERS)
def people_list(request: PageRequest) -> HttpResponse:
    """Everybody who may sign in, and the form for one more."""
    return _people(request)


def _people(
    request: PageRequest, *, made: dict[str, str] | None = None, trouble: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "people": people(request.actor),
        "roles": list(PEOPLE),
        "stores": [store.store for store in stores(request.actor, lake=request.lake) if store.channel == "store"],
        "associates": associates(request.actor, lake=request.lake),
        "made": made,
        "trouble": trouble,
    }
    return render(request, "access/people.html", context, status=status)


@page(Permission.MANAGE_USERS, method="POST")
def people_new(request: PageRequest) -> HttpResponse:
    """Creates a user with a generated password."""
    asked = request.POST
    username, name = asked.get("username", "").strip(), asked.get("name", "").strip()
    role = asked.get("role", "")
    if not username or not name or role not in {r.value for r in PEOPLE}:
        return _people(request, trouble=_("Name, user name and role are needed."), status=400)
    chosen = asked.getlist("stores") if role in (Role.MANAGER, Role.ASSOCIATE) else []
    try:
        password = add_person(
            request.actor, username=username, name=name, role=Role(role), stores=chosen,
            associate=asked.get("associate", "").strip(),
        )  # fmt: skip
    except ShukeError as error:
        return _people(request, trouble=_person_trouble(error), status=409)
    # Shown in this very answer: a redirect would have to keep the password somewhere.
    return _people(request, made={"username": username, "name": name, "password": password})


def _person_trouble(error: ShukeError) -> str:
    if type(error).__name__ == "UserExists":
        return _("This user name is taken. Choose another one.")
    if type(error).__name__ == "StoreNeeded":
        return _("A manager or associate needs at least one store.")
    return f"{error} {error.hint}"


@page(Permission.MANAGE_USERS, method="POST")
def new_password(request: PageRequest, username: str) -> HttpResponse:
    """Gives somebody a new generated password."""
    password = renew_password(request.actor, username=username)
    return _people(request, made={"username": username, "name": username, "password": password})


@page(Permission.MANAGE_USERS, method="POST")
def close(request: PageRequest, username: str) -> HttpResponse:
    """Shuts an account; its user is signed out at once."""
    close_account(request.actor, username=username)
    return redirect("people")


@page(Permission.SEE_JOURNAL)
def journal(request: PageRequest) -> HttpResponse:
    """Who did what and when, newest first."""
    given = request.GET.get("before", "")
    entries = latest(request.actor, before=int(given) if given.isdecimal() else None, limit=_ENTRIES)
    older = entries[-1].pk if len(entries) == _ENTRIES else None
    return render(request, "access/journal.html", {"entries": entries, "older": older})

"""A small shop with a week behind it, and one signed-in browser a role."""

from collections import OrderedDict
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client

from shuke.access.actions import create_user
from shuke.access.models import User
from shuke.kernel.actor import SYSTEM, Role
from shuke.kernel.workspace import Workspace

Browser = Callable[[str], Client]
STORE, OTHER_STORE = "滨江店", "临平店"


@pytest.fixture
def browser(workspace: Workspace) -> Browser:
    """`browser("manager")` gives a client signed in as that role; `anonymous` is nobody. Scoped roles see 滨江店."""

    def sign_in(role: str) -> Client:
        client = Client()
        if role == "anonymous":
            return client
        scoped = role in ("manager", "associate")
        found = User.objects.filter(username=role).first()
        user = (
            found
            or create_user(
                SYSTEM,
                username=role,
                name=f"{role}一",
                role=Role(role),
                stores=[STORE] if scoped else [],
                associate="沈佳",
            )[0]
        )
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture(autouse=True)
def quick_passwords(settings: LazySettings) -> None:
    """The slow hash is Django's and not under test here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test pays for the wrong card links of another."""
    monkeypatch.setattr("shuke.console.loyalty.card._buckets", OrderedDict())

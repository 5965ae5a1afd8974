"""Signing in: no way around it, waits that grow, languages, forms that cannot be forged."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from shuke.access.actions import create_user
from shuke.access.models import SignInTrouble
from shuke.access.rules import sign_in_wait
from shuke.kernel.actor import SYSTEM, Role
from shuke.kernel.workspace import Workspace

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "wait"), [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (9, 480), (10, 900), (60, 900)]
)
def test_waits_double_up_to_a_quarter_of_an_hour(failures: int, wait: int) -> None:
    assert sign_in_wait(failures, last_at=NOW, now=NOW) == wait
    assert sign_in_wait(failures, last_at=NOW, now=NOW + timedelta(seconds=wait)) == 0


def test_after_five_failures_even_the_right_password_waits(workspace: Workspace) -> None:
    _, password = create_user(SYSTEM, username="lin", name="林晓", role=Role.OPERATOR)
    client = Client()
    for _ in range(5):
        assert client.post("/sign-in/", {"username": "lin", "password": "wrong"}).status_code == 403
    assert client.post("/sign-in/", {"username": "LIN", "password": password}).status_code == 403
    assert client.post("/sign-in/", {"username": "lin", "password": password}).status_code == 403
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert elsewhere.post("/sign-in/", {"username": "lin", "password": password}).status_code == 302
    SignInTrouble.objects.update(last_at=NOW - timedelta(days=400))
    assert client.post("/sign-in/", {"username": "lin", "password": password}).status_code == 302
    assert not SignInTrouble.objects.filter(address="127.0.0.1").exists()


def test_nobody_can_sign_in_before_an_account_is_made(workspace: Workspace) -> None:
    for name in ("admin", "root", "owner", "shuke"):
        assert Client().post("/sign-in/", {"username": name, "password": name}).status_code == 403


def test_a_foreign_address_is_not_followed_after_sign_in(workspace: Workspace) -> None:
    _, password = create_user(SYSTEM, username="lin", name="林晓", role=Role.OPERATOR)
    data = {"username": "lin", "password": password, "next": "https://example.com/"}
    assert Client().post("/sign-in/", data)["Location"] == "/"
    data["next"] = "/customers/?q=1"
    assert Client().post("/sign-in/", data)["Location"] == "/customers/?q=1"


def test_the_reader_chooses_the_language_and_keeps_it(workspace: Workspace) -> None:
    client = Client()
    assert "登录" in client.get("/sign-in/", HTTP_ACCEPT_LANGUAGE="en-GB").content.decode()
    client.post("/language/", {"language": "en", "next": "/sign-in/"})
    page = client.get("/sign-in/").content.decode()
    assert 'lang="en"' in page
    assert "登录" not in page


def test_a_part_of_a_page_whose_session_ran_out_moves_the_whole_page(workspace: Workspace) -> None:
    answer = Client().get("/customers/1/timeline/", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith("/sign-in/?next=")


def test_a_new_account_reads_the_shops_language_until_it_chooses(workspace: Workspace) -> None:
    _, password = create_user(SYSTEM, username="lin", name="林晓", role=Role.OPERATOR)
    client = Client()
    answer = client.post("/sign-in/", {"username": "lin", "password": password})
    assert "shuke_language" not in answer.cookies
    client.post("/language/", {"language": "en", "next": "/"})
    again = Client().post("/sign-in/", {"username": "lin", "password": password})
    assert again.cookies["shuke_language"].value == "en"


def test_every_response_carries_the_strict_content_policy(workspace: Workspace) -> None:
    policy = Client().get("/sign-in/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_a_closed_account_is_out_at_once_and_nobody_closes_their_own(workspace: Workspace) -> None:
    owner, _ = create_user(SYSTEM, username="shen", name="沈禾", role=Role.OWNER)
    other, _ = create_user(SYSTEM, username="lin", name="林晓", role=Role.OPERATOR)
    inside, boss = Client(), Client()
    inside.force_login(other)
    boss.force_login(owner)
    assert inside.get("/customers/").status_code == 200
    assert boss.post("/people/shen/close/").status_code == 409
    assert boss.post("/people/lin/close/").status_code == 302
    assert inside.get("/customers/").status_code == 302
    assert "林晓" not in boss.get("/people/").content.decode()
    assert "停用了账号" in boss.get("/journal/").content.decode()


def test_a_generated_password_is_shown_once_and_works(workspace: Workspace) -> None:
    owner, _ = create_user(SYSTEM, username="shen", name="沈禾", role=Role.OWNER)
    boss = Client()
    boss.force_login(owner)
    answer = boss.post("/people/new/", {"username": "lin", "name": "林晓", "role": "operator"}).content.decode()
    found = re.search(r"<code>([a-z0-9]{4}(?:-[a-z0-9]{4}){3})</code>", answer)
    assert found
    assert found[1] not in boss.get("/people/").content.decode()
    assert Client().post("/sign-in/", {"username": "lin", "password": found[1]}).status_code == 302
    asked = {"username": "chen", "name": "陈小燕", "role": "associate"}
    assert "至少要选一家门店" in boss.post("/people/new/", asked).content.decode()

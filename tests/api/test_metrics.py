"""The API: who may ask, for what, and how a refusal looks."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from shuke.access.actions import UnknownScope, UserExists, create_user
from shuke.access.models import ApiClient
from shuke.access.queries import clients, holder_of_key
from shuke.journal.models import Entry
from shuke.kernel.actor import SYSTEM, Role
from shuke.kernel.workspace import Workspace
from shuke.procedures.manage_people import add_client, close_client
from tests.metrics.conftest import BuildMetrics, build_metrics

__all__ = ["build_metrics"]
ADDRESSES = (
    "/api/v1/metrics",
    "/api/v1/metrics/sales",
    "/api/v1/metrics/sales/rows?period_start=2026-09-01&grain=month",
)


def program(key: str) -> Client:
    """A program with a key."""
    return Client(headers={"authorization": f"Bearer {key}"})


@pytest.fixture
def person(settings: Any) -> Client:
    """Somebody signed in to the console, a manager of one store."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    user, _ = create_user(SYSTEM, username="m", name="店长", role=Role.MANAGER, stores=["滨江店"])
    browser = Client()
    browser.force_login(user)
    return browser


def test_every_address_refuses_strangers(workspace: Workspace) -> None:
    names = {pattern.name for pattern in get_resolver("shuke.api.urls").url_patterns}
    metrics = {name for name in names if name and not name.startswith(("loyalty", "webhook"))}
    assert metrics == {"openapi-json", "api-root", "definitions", "series", "rows"}
    for asker in (Client(), program("shuke_wrong"), Client(headers={"authorization": "Basic eDp5"})):
        for address in ADDRESSES:
            answer = asker.get(address)
            assert answer.status_code == 401
            assert set(answer.json()) == {"error", "code", "hint"}


def test_a_key_reads_what_it_may_and_no_longer_once_closed(workspace: Workspace, build_metrics: BuildMetrics) -> None:
    build_metrics()
    key = add_client(SYSTEM, name="dashboard", scopes=["metrics:read"])
    for address in ADDRESSES:
        assert program(key).get(address).status_code == 200, address
    kept = ApiClient.objects.get()
    assert key not in (kept.key_hash, kept.name) and len(kept.key_hash) == 64
    assert not any(key in str(entry.details) for entry in Entry.objects.all())
    close_client(SYSTEM, name="dashboard")
    assert program(key).get(ADDRESSES[0]).status_code == 401
    assert holder_of_key(key, today=date(2026, 11, 23)) is None
    assert [entry.verb for entry in Entry.objects.order_by("pk")] == ["client_added", "client_closed"]
    assert clients(SYSTEM)[0].closed_at is not None


def test_a_key_opens_no_page_of_the_console(workspace: Workspace) -> None:
    key = add_client(SYSTEM, name="dashboard", scopes=["metrics:read"])
    for address in ("/week/", "/customers/", "/journal/"):
        assert program(key).get(address).status_code == 302


def test_names_and_scopes_are_checked(workspace: Workspace) -> None:
    add_client(SYSTEM, name="a", scopes=["metrics:read"])
    with pytest.raises(UserExists):
        add_client(SYSTEM, name="a", scopes=["metrics:read"])
    for scopes in ([], ["customers:read"]):
        with pytest.raises(UnknownScope):
            add_client(SYSTEM, name="b", scopes=scopes)


def test_stores_are_kept_apart(workspace: Workspace, build_metrics: BuildMetrics, person: Client) -> None:
    build_metrics()
    key = add_client(SYSTEM, name="one store", scopes=["metrics:read"], stores=["滨江店"])
    whole = program(add_client(SYSTEM, name="all", scopes=["metrics:read"]))
    month = "grain=month&period_start=2026-09-01"
    mine = next(
        point["numerator"]
        for point in whole.get(f"/api/v1/metrics/sales?{month}&dimension=store").json()["points"]
        if point["member"] == "滨江店"
    )
    for asker in (program(key), person):
        stores = asker.get(f"/api/v1/metrics/sales?{month}&dimension=store").json()["points"]
        assert [(point["member"], point["numerator"]) for point in stores] == [("滨江店", mine)]
        points = asker.get("/api/v1/metrics/sales?grain=month").json()["points"]
        assert next(p["numerator"] for p in points if p["period_start"] == "2026-09-01") == mine
        rows = asker.get(f"/api/v1/metrics/sales/rows?{month}&limit=10000").json()
        assert rows["sum"] == mine
        assert {row[rows["columns"].index("store")] for row in rows["rows"]} == {"滨江店"}
        for refused in ("dimension=channel", "dimension=store&member=武林店"):
            answer = asker.get(f"/api/v1/metrics/sales?{refused}")
            assert answer.status_code == 403 and answer.json()["hint"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/metrics/none", 404),
        ("/api/v1/metrics/sales?dimension=colour", 400),
        ("/api/v1/metrics/churn_rate?grain=year", 400),
        ("/api/v1/metrics/sales?grain=day", 422),
        ("/api/v1/metrics/sales/rows", 422),
        ("/api/v1/metrics/sales/rows?period_start=1999-01-01", 400),
        ("/api/v1/metrics/sales/rows?period_start=2026-09-01&grain=month&part=denominator", 400),
        ("/api/v1/metrics/order_bands/rows?period_start=2026-09-01&grain=month&dimension=band", 400),
        ("/api/v1/metrics/order_bands/rows?period_start=2026-09-01&grain=month&dimension=band&member=x", 400),
        ("/api/v1/metrics/order_bands?dimension=store_band&member=a/b", 400),
        ("/api/v1/metrics/sales/rows?period_start=2026-09-01&grain=month&skip=99999999999999999999999", 200),
        ("/api/v1/nowhere", 404),
    ],
)
def test_a_wrong_question_is_told_so(
    address: str, status: int, workspace: Workspace, build_metrics: BuildMetrics
) -> None:
    build_metrics()
    asker = program(add_client(SYSTEM, name="x", scopes=["metrics:read"]))
    assert asker.get(address).status_code == status
    assert asker.post("/api/v1/metrics").status_code == 405


def test_the_description_is_there_and_whole(workspace: Workspace) -> None:
    description = Client().get("/api/v1/openapi.json").json()
    assert {path for path in description["paths"] if "/loyalty/" not in path} == {
        "/api/v1/metrics", "/api/v1/metrics/{code}", "/api/v1/metrics/{code}/rows",
    }  # fmt: skip
    assert "PointOut" in description["components"]["schemas"]


def test_pages_of_rows_are_one_list(workspace: Workspace, build_metrics: BuildMetrics) -> None:
    build_metrics()
    asker = program(add_client(SYSTEM, name="x", scopes=["metrics:read"]))
    start = date(2026, 1, 1)
    address = f"/api/v1/metrics/orders/rows?grain=year&period_start={start}&language=en"
    whole = asker.get(f"{address}&limit=10000").json()
    assert whole["names"][:2] == ["Day", "Order"]
    parts = [asker.get(f"{address}&limit=50&skip={skip}").json()["rows"] for skip in range(0, whole["total"], 50)]
    assert [row for part in parts for row in part] == whole["rows"]
    assert len(whole["rows"]) == whole["total"] == whole["sum"]

"""One store's manager and associate against the real server: nothing of another store comes out, by any address."""

import re
import sqlite3
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import duckdb
import pytest

from tests.journeys.conftest import Shop, asked

pytestmark = pytest.mark.journey
Answer = tuple[int, str]


def _get(browser: OpenerDirector, address: str, data: dict[str, str] | None = None) -> Answer:
    try:
        with browser.open(address, urlencode(data).encode() if data is not None else None) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def _sign_in(shop: Shop, role: str) -> OpenerDirector:
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    _, page = _get(browser, f"{shop.address}/sign-in/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    sent = {"csrfmiddlewaretoken": token[1], "username": role, "password": shop.passwords[role]}
    status, _ = _get(browser, f"{shop.address}/sign-in/", sent)
    assert status == 200
    return browser


def _token(browser: OpenerDirector, shop: Shop) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', _get(browser, f"{shop.address}/customers/")[1])
    assert found
    return found[1]


@pytest.fixture(scope="module")
def store(shop: Shop) -> str:
    """The store of the demo's manager."""
    with sqlite3.connect(f"file:{shop.root / 'shuke.sqlite3'}?mode=ro", uri=True) as database:
        found = database.execute("select store from access_storegrant limit 1").fetchone()
    return str(found[0])


def _table(shop: Shop, name: str) -> str:
    with sqlite3.connect(f"file:{shop.root / 'shuke.sqlite3'}?mode=ro", uri=True) as database:
        row = database.execute("select tables from lake_generation where is_current").fetchone()
    import json

    files = [str(shop.root / "lake" / file) for file in json.loads(row[0])[name]["files"]]
    return f"read_parquet({files})"


@pytest.fixture(scope="module")
def stranger(shop: Shop, store: str) -> dict[str, object]:
    """A customer whom the manager's store may not see: neither owned by it nor a buyer there."""
    profiles, seen, orders = (_table(shop, name) for name in ("customer_profiles", "customer_stores", "orders"))
    rows = duckdb.sql(
        f"select p.customer_id, p.name, p.phone, p.store, any_value(o.order_no) from {profiles} p"
        f" join {orders} o on o.customer_id = p.customer_id"
        f" where p.name is not null and p.phone is not null and p.store is not null and p.customer_id not in"
        f" (select customer_id from {seen} where store = '{store}') group by all order by p.customer_id limit 1"
    ).fetchall()
    return dict(zip(("id", "name", "phone", "store", "order_no"), rows[0], strict=True))


@pytest.mark.parametrize("role", ["manager", "associate"])
def test_another_stores_customer_does_not_exist(role: str, shop: Shop, stranger: dict[str, object]) -> None:
    browser = _sign_in(shop, role)
    for part in ("", "timeline/", "?kind=order"):
        status, page = _get(browser, f"{shop.address}/customers/{stranger['id']}/{part}")
        assert status == 404
        assert str(stranger["phone"])[-4:] not in page
    owner = _sign_in(shop, "owner")
    assert _get(owner, f"{shop.address}/customers/{stranger['id']}/")[0] == 200


@pytest.mark.parametrize("role", ["manager", "associate"])
@pytest.mark.parametrize("by", ["name", "phone", "order_no", "id"])
def test_another_stores_customer_is_not_found(role: str, by: str, shop: Shop, stranger: dict[str, object]) -> None:
    asked = quote(str(stranger[by]))
    _, page = _get(_sign_in(shop, role), f"{shop.address}/customers/?q={asked}")
    assert f"/customers/{stranger['id']}/" not in page
    _, seen = _get(_sign_in(shop, "operator"), f"{shop.address}/customers/?q={asked}")
    assert str(stranger["id"]) in seen


def test_a_hidden_phone_of_another_store_stays_hidden_and_own_looks_are_journaled(
    shop: Shop, store: str, stranger: dict[str, object]
) -> None:
    manager = _sign_in(shop, "manager")
    sent = {"csrfmiddlewaretoken": _token(manager, shop)}
    status, page = _get(manager, f"{shop.address}/customers/{stranger['id']}/reveal/", sent)
    assert status == 404
    assert str(stranger["phone"]) not in page
    own = re.search(r"/customers/(\d+)/", _get(manager, f"{shop.address}/customers/?stage=active")[1])
    assert own
    assert _get(manager, f"{shop.address}/customers/{own[1]}/reveal/", sent)[0] == 200
    with sqlite3.connect(f"file:{shop.root / 'shuke.sqlite3'}?mode=ro", uri=True) as database:
        looks = database.execute(
            "select object_id from journal_entry where verb = 'revealed' and role = 'manager'"
        ).fetchall()
    assert looks == [(own[1],)]


def test_lists_tasks_and_examples_hold_own_stores_only(shop: Shop, store: str) -> None:
    manager = _sign_in(shop, "manager")
    seen = duckdb.sql(f"select customer_id from {_table(shop, 'customer_stores')} where store = '{store}'").fetchall()
    allowed = {str(row[0]) for row in seen}
    assert allowed
    newest = "select id from proposals_proposal where store = ? order by id desc limit 1"
    proposal = f"/proposals/{asked(shop, newest, store)[0][0]}/"
    pages = ("/customers/", "/customers/?stage=lapsing", "/tasks/list/", "/week/", "/segments/", "/segments/win_back/")
    for address in (*pages, proposal, f"{proposal}people/"):
        status, page = _get(manager, shop.address + address)
        assert status == 200, address
        assert set(re.findall(r"/customers/(\d+)/", page)) <= allowed, address
    with sqlite3.connect(f"file:{shop.root / 'shuke.sqlite3'}?mode=ro", uri=True) as database:
        others = database.execute("select id from touches_task where store <> ? limit 5", (store,)).fetchall()
    for (number,) in others:
        assert _get(manager, f"{shop.address}/tasks/{number}/")[0] == 404
        sent = {"csrfmiddlewaretoken": _token(manager, shop), "outcome": "bought"}
        assert _get(manager, f"{shop.address}/tasks/{number}/outcome/", sent)[0] == 404


def test_an_associate_sees_own_tasks_only_and_no_week(shop: Shop) -> None:
    associate = _sign_in(shop, "associate")
    for address in ("/week/", "/checkup/", "/proposals/", "/people/", "/journal/", "/checkup/import/"):
        assert _get(associate, shop.address + address)[0] == 403, address
    with sqlite3.connect(f"file:{shop.root / 'shuke.sqlite3'}?mode=ro", uri=True) as database:
        name = database.execute("select associate from access_user where username = 'associate'").fetchone()[0]
        own = {str(row[0]) for row in database.execute("select id from touches_task where associate = ?", (name,))}
    _, page = _get(associate, f"{shop.address}/tasks/list/")
    assert set(re.findall(r"/tasks/(\d+)/", page)) <= own


def test_forms_without_their_token_change_nothing(shop: Shop) -> None:
    owner = _sign_in(shop, "owner")
    for address in ("/proposals/2/approve/", "/tasks/1/outcome/", "/people/new/", "/checkup/import/new/"):
        assert _get(owner, shop.address + address, {"username": "x"})[0] == 403, address


def test_pages_come_quickly(shop: Shop) -> None:
    import time

    owner = _sign_in(shop, "owner")
    for address in ("/week/", "/checkup/", "/customers/", "/proposals/2/", "/tasks/"):
        _get(owner, shop.address + address)
        took = []
        for _ in range(5):
            started = time.perf_counter()
            status, _page = _get(owner, shop.address + address)
            took.append(time.perf_counter() - started)
            assert status == 200
        assert min(took) < 0.3, f"{address} took {min(took):.2f} s"

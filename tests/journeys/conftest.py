"""A real shop with a week behind it, served by the real server, and a real browser."""

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Shop:
    """A served shop: where, and the password of each role."""

    address: str
    root: Path
    passwords: dict[str, str]


def _shuke(*words: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("SHUKE_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "shuke.cli.main", *words],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
        check=True,
        timeout=400,
    )


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The demo at 400 customers, made by the command a user types, and served by granian."""
    folder = tmp_path_factory.mktemp("demo")
    told = _shuke("demo", "--folder", str(folder), "--customers", "400", "--no-serve")
    passwords = dict(
        re.findall(r"^\s+(owner|operator|manager|associate)\s+([a-z0-9-]{19})\s", told.stderr, re.MULTILINE)
    )
    assert len(passwords) == 4, told.stderr[-2000:]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    root = folder / "shop"
    serve = [sys.executable, "-m", "shuke.cli.main", "serve", "--workspace", str(root), "--port", str(port)]
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("SHUKE_", "DJANGO_"))}
    server = subprocess.Popen(serve, cwd=ROOT, env=clean, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port, server)
        yield Shop(address=f"http://127.0.0.1:{port}", root=root, passwords=passwords)
    finally:
        server.terminate()
        server.wait(20)


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        assert server.poll() is None, "the server ended at once"
        with socket.socket() as probe:
            probe.settimeout(0.3)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not answer within 20 s")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The system's Chromium under Playwright, which runs an event loop that must not outlive these tests.

    Tests skip where there is no Chromium.
    """
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install the package chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any, shop: Shop) -> Iterator[Any]:
    """`visit(role, width)` gives a page signed in as that role; errors of scripts and blocked content fail the test."""
    contexts = []
    trouble: list[str] = []

    def sign_in(role: str, width: int = 1280) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 844}, locale="en-GB", accept_downloads=True, base_url=shop.address
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda said: trouble.append(said.text) if "Content Security" in said.text else None)
        page.goto("/sign-in/")
        page.fill("#username", role)
        page.fill("#password", shop.passwords[role])
        page.click("main button.btn-primary")
        page.wait_for_selector("nav.side, nav.bottom", state="attached")
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert not trouble, trouble


LATEST = "as_of = (select max(as_of) from proposals_proposal)"


def asked(shop: Shop, sql: str, *given: object) -> list[tuple[Any, ...]]:
    """Rows of the shop's database, read beside the server."""
    with sqlite3.connect(f"file:{shop.root / 'shuke.sqlite3'}?mode=ro", uri=True, timeout=20) as database:
        return database.execute(sql, given).fetchall()


def managed_store(shop: Shop) -> str:
    """The manager's one store."""
    grants = "select g.store from access_storegrant g join access_user u on u.id = g.user_id"
    return str(asked(shop, f"{grants} where u.username = 'manager'")[0][0])


def approve_store(page: Any, shop: Shop, store: str) -> None:
    """Approves what still waits for a decision in one store; `page` is the operator's."""
    waiting = f"select id from proposals_proposal where store = ? and state = 'proposed' and {LATEST}"
    for (number,) in asked(shop, waiting, store):
        page.goto(f"/proposals/{number}/")
        page.click(".decide form[action$='/approve/'] button")


def check_page(page: Any) -> None:
    """No sideways scroll, and nothing that an accessibility checker minds (where axe-core is installed)."""
    wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1], f"{page.url} scrolls sideways: {wide}"
    if not AXE.is_file():
        return
    # The page's own policy forbids foreign scripts; the checker comes in through the debugging protocol instead.
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})).violations"
        ".map(v => [v.id, v.help, v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + n.failureSummary)])"
    )
    assert not found, f"{page.url}: {json.dumps(found, ensure_ascii=False, indent=1)[:3000]}"

"""The page that tells how to connect a till is true: its curl lines run against a real server, in their order."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shuke.kernel.actor import SYSTEM
from shuke.kernel.clock import today
from shuke.procedures.manage_people import add_client
from tests.engines import Engine

PAGE = Path(__file__).parent.parent.parent / "docs" / "how-to" / "connect-a-till.md"


def curls() -> list[str]:
    """Each curl of the page on one line."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("curl ")]


@pytest.fixture
def served(engine: Engine) -> Iterator[int]:
    """`shuke serve` on a port of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {**os.environ, **engine.environment, "PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-m", "shuke.cli.main", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
        server.terminate()


def test_every_curl_of_the_page_does_what_it_says(served: int) -> None:
    keys = {
        "KEY": add_client(SYSTEM, name="till-07", scopes=["loyalty:write"], stores=["滨江店"]),
        "ADMIN": add_client(SYSTEM, name="office", scopes=["loyalty:admin"]),
        "DAY": today("Asia/Shanghai").isoformat(),
    }
    answers = []
    for line in curls():
        here = line.replace("127.0.0.1:8000", f"127.0.0.1:{served}")
        done = subprocess.run(
            ["bash", "-c", here], env={**os.environ, **keys}, capture_output=True, check=True, text=True
        )
        answers.append(json.loads(done.stdout))
    assert len(answers) == 11 and not [one for one in answers if isinstance(one, dict) and "error" in one]
    enrolled, earned, held, captured, refunded, member, balance, statement, tier, batch, webhook = answers
    assert (enrolled["points"], earned["points"], held["balance"]["held"]) == (0, 128, 100)
    assert captured["balance"]["available"] == 28 and refunded["balance"]["available"] == 0
    assert member["balance"] == balance["balance"] == refunded["balance"]
    assert len(statement) == 3 and tier["tier"] == "basic"
    assert batch["answers"][0]["answer"]["points"] == 50
    assert webhook["secret"].startswith("whsec_")

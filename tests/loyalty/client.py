"""A till of its own process, on the standard library alone: asks over HTTP, repeats keys, writes down every answer.

Arguments: port, API key, number of the client, seconds, mark, file. Every request follows from its number, so that
another client can repeat it with the same key at the same time. A line of the file is a JSON list: number of the
request, deed, status, document. After a broken connection the same request is sent again until it is answered.
"""

import http.client
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

_DEEDS = ["earn"] * 9 + ["burn"] * 5 + ["hold"] * 2 + ["capture", "capture", "release", "refund"]
_BASE = 1_000_000
ACCOUNTS = 10


def request(mark: str, number: int, day: str) -> tuple[str, dict[str, Any]]:
    """The deed and the body of a request; members are few, orders and holds are those of requests just before."""
    chance = random.Random(f"{mark}{number}")
    deed = chance.choice(_DEEDS)
    member = f"{mark}m{chance.randrange(ACCOUNTS)}"
    order = {"source": "pos", "no": f"{mark}{number}"}
    before = _before(mark, number, "earn" if deed == "refund" else "hold")
    if deed in ("capture", "release", "refund") and before is None:
        deed = "earn"
    money = {"currency": "CNY"}
    if deed == "earn":
        return deed, {
            "member": member,
            "order": order,
            "eligible_minor": chance.randrange(100, 3000),
            "bought_on": day,
            **money,
        }
    if deed == "burn":
        return deed, {
            "member": member,
            "order": order,
            "points": chance.randrange(1, 20),
            "total_minor": 5_000,
            **money,
        }
    if deed == "hold":
        return deed, {"member": member, "code": f"{mark}{number}", "points": chance.randrange(1, 15), "seconds": 900}
    if deed == "capture":
        return deed, {"code": f"{mark}{before}", "order": order, "total_minor": 5_000, **money}
    if deed == "release":
        return deed, {"code": f"{mark}{before}"}
    return deed, {
        "order": {"source": "pos", "no": f"{mark}{before}"},
        "refunded_minor": chance.randrange(1, 200),
        **money,
    }


def _before(mark: str, number: int, deed: str) -> int | None:
    """The nearest request of the same client before this one that was such a deed."""
    for earlier in range(number - 1, max(number - 8, number - number % _BASE - 1), -1):
        if random.Random(f"{mark}{earlier}").choice(_DEEDS) == deed:
            return earlier
    return None


class Till:
    """A connection that is made again when it breaks."""

    def __init__(self, port: int, key: str) -> None:
        self.port, self.key = port, key
        self.line: http.client.HTTPConnection | None = None

    def ask(self, deed: str, body: dict[str, Any], *, key: str, until: float) -> tuple[int, Any]:
        """The answer; (0, None) where none came in time."""
        data = json.dumps(body)
        while time.time() < until:
            try:
                self.line = self.line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
                headers = {
                    "Authorization": f"Bearer {self.key}",
                    "Idempotency-Key": key,
                    "Content-Type": "application/json",
                }
                self.line.request("POST", f"/api/v1/loyalty/{deed}", data, headers)
                answer = self.line.getresponse()
                return answer.status, json.loads(answer.read())
            except (OSError, http.client.HTTPException, ValueError):
                if self.line is not None:
                    self.line.close()
                self.line = None
                time.sleep(0.05)
        return 0, None


def main() -> None:
    port, key, client, seconds, mark, file, day = sys.argv[1:]
    till, chance, begun = Till(int(port), key), random.Random(f"{mark}:{client}"), time.time()
    end, count = begun + float(seconds), 0
    with Path(file).open("a", encoding="utf-8") as out:
        while time.time() < end:
            count += 1
            number = int(client) * _BASE + count
            if chance.random() < 0.2:  # a key once more: an own one, or one that another till sends just now
                number = chance.randrange(32) * _BASE + chance.randrange(max(1, count - 3), count + 2)
            deed, body = request(mark, number, day)
            status = 500
            while status >= 500 and time.time() < end + 30:  # the server's trouble, not an answer: once more
                status, document = till.ask(deed, body, key=f"{mark}{number}", until=end + 30)
                out.write(json.dumps([number, deed, status, document]) + "\n")
                out.flush()
                time.sleep(0.05 if status >= 500 else 0)


if __name__ == "__main__":
    main()

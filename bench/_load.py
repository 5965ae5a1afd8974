"""A lean load generator: raw sockets kept alive, one epoll loop, requests made as they are sent.

Its processor time is part of what is measured; it says how much it took.
"""

import os
import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MakeRequest = Callable[[int], bytes]


@dataclass
class Load:
    """What came back: seconds from first to last, statuses, and each answer's latency in seconds, unsorted."""

    seconds: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    processor: float = 0.0
    sample: bytes = b""

    @property
    def done(self) -> int:
        """Answers with 200."""
        return self.statuses.get(200, 0)

    @property
    def rate(self) -> float:
        """Answers with 200 a second."""
        return self.done / max(self.seconds, 1e-9)

    def percentile(self, share: float) -> float:
        """The latency in milliseconds that `share` of the answers did not exceed."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class _Line:
    """One connection and what it waits for."""

    __slots__ = ("asked_at", "got", "needed", "socket")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.got = b""
        self.needed = 0
        self.asked_at = 0.0

    def ask(self, request: bytes, *, at: float) -> None:
        """Sends a request whose wait counts from `at`."""
        self.got, self.needed, self.asked_at = b"", 0, at
        self.socket.sendall(request)

    def hear(self) -> bool:
        """Takes what came; true when the answer is whole."""
        part = self.socket.recv(1 << 18)
        if not part:
            raise ConnectionError("the server hung up")
        self.got += part
        if not self.needed:
            head = self.got.find(b"\r\n\r\n")
            if head < 0:
                return False
            lower = self.got[:head].lower()
            place = lower.find(b"content-length:") + 15
            end = lower.find(b"\r", place)
            self.needed = head + 4 + int(lower[place : end if end > 0 else head])
        return len(self.got) >= self.needed


def run(
    port: int, *, make: MakeRequest, connections: int, seconds: float, rate: float = 0.0, most: int = 10**9
) -> Load:
    """Keeps `connections` busy for `seconds` or `most` requests; with `rate` sends at fixed instants instead.

    Then a request's wait counts from its instant, however late it could be sent.
    """
    load, lines = Load(), [_Line(port) for _ in range(connections)]
    selector = selectors.DefaultSelector()
    for line in lines:
        selector.register(line.socket, selectors.EVENT_READ, line)
    began, cpu, number, open_now = time.perf_counter(), time.process_time(), 0, 0
    idle: list[_Line] = list(lines)
    end = began + seconds
    while True:
        now = time.perf_counter()
        while idle and now < end and number < most:
            due = began + number / rate if rate else now
            if due > now:
                break
            idle.pop().ask(make(number), at=due)
            number += 1
            open_now += 1
        if not open_now and (now >= end or number >= most):
            break
        pause = 0.05 if not rate else max(0.0, min(0.05, began + number / rate - now)) if idle else 0.05
        for key, _ in selector.select(pause):
            came: _Line = key.data
            if came.hear():
                now = time.perf_counter()
                status = int(came.got[9:12])
                load.statuses[status] = load.statuses.get(status, 0) + 1
                load.latencies.append(now - came.asked_at)
                load.sample = came.got
                idle.append(came)
                open_now -= 1
    load.seconds, load.processor = time.perf_counter() - began, time.process_time() - cpu
    for line in lines:
        line.socket.close()
    selector.close()
    return load


def post(path: str, *, key: str, body: bytes, idem: str = "") -> bytes:
    """The bytes of a request."""
    named = f"Idempotency-Key: {idem}\r\n" if idem else ""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n{named}"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def processor_seconds(pids: Sequence[int]) -> float:
    """User and system time of processes and of their children that still live."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0.0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / ticks
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            total += processor_seconds([int(child)])
    return total

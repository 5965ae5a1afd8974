"""The bare door for tills: ledger writes answered before Django, with the same code and so the same answers.

It serves POST of the deeds below with `Authorization: Bearer KEY`; everything else goes on to Django. A key is known
for two seconds without the database. Kept because it is worth it: `make bench ONLY=loyalty_http` prints both.
"""

import json
import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, OperationalError

from shuke.access.rules import Permission, require
from shuke.api.access import bearer, ring
from shuke.api.loyalty.batch import carry_out_batch
from shuke.api.loyalty.desk import desk
from shuke.api.loyalty.writing import MOST_BATCH_BYTES, MOST_BYTES, TooLong, answer_document, read_command
from shuke.api.refusals import NOBODY, document_of, headers_of, status_of
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import ShukeError
from shuke.loyalty.rules.refusals import Busy

PREFIX = "/api/v1/loyalty/"
DEEDS = frozenset({"earn", "burn", "hold", "capture", "release", "refund", "batch"})
_logger = logging.getLogger(__name__)
# Made once: a new encoder for each answer costs as much as the answer.
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_REASONS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
_FAILED = {
    "error": "Something went wrong here.",
    "code": "failed",
    "hint": "Send the same request with the same key again; it has no second effect.",
}

Environ = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], Any]
Application = Callable[[Environ, Start], Iterable[bytes]]


class Machine:
    """A WSGI application in front of another one."""

    def __init__(self, django: Application) -> None:
        self._django = django

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answers a ledger write with a key; hands everything else on."""
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] != "POST" or not path.startswith(PREFIX):
            return self._django(environ, start)
        deed, key = path[len(PREFIX) :], bearer(environ.get("HTTP_AUTHORIZATION", ""))
        if deed not in DEEDS or key is None:
            return self._django(environ, start)
        headers: dict[str, str] = {}
        try:
            status, document = self._answer(environ, deed=deed, key=key)
        except ShukeError as error:
            status, document, headers = status_of(error), document_of(error), headers_of(error)
        except (OperationalError, InterfaceError) as away:
            _logger.warning("%s: the database does not answer: %s", deed, away)
            busy = Busy("The database does not answer.", hint="Send the same request with the same key again.")
            status, document, headers = status_of(busy), document_of(busy), headers_of(busy)
        except Exception:
            _logger.exception("%s failed", deed)
            status, document = 500, _FAILED
        body = _to_json(document).encode()
        told = [("Content-Type", "application/json; charset=utf-8"), ("Content-Length", str(len(body)))]
        start(_REASONS[status], [*told, *headers.items()])
        return [body]

    def _answer(self, environ: Environ, *, deed: str, key: str) -> tuple[int, dict[str, Any]]:
        holder = ring.remembered(key)
        if holder is None:
            return 401, NOBODY
        actor = holder.actor
        ring.spend(holder)
        require(actor, Permission.WORK_LOYALTY)
        if deed != "batch":
            body = _body(environ, most=MOST_BYTES)
            name = environ.get("HTTP_IDEMPOTENCY_KEY")
            command = read_command(actor, deed=deed, key=name, body=body, now=utc_now())
            return 200, answer_document(desk.submit(actor, command))
        return 200, carry_out_batch(
            actor,
            body=_body(environ, most=MOST_BATCH_BYTES),
            now=utc_now(),
            submit=lambda commands: desk.submit_all(actor, commands),
            allow=lambda items: ring.spend(holder, tokens=items),
        )


def _body(environ: Environ, *, most: int) -> bytes:
    """The request's body. Raises `TooLong`."""
    length = environ.get("CONTENT_LENGTH") or "0"
    size = int(length) if length.isdecimal() and len(length) < 12 else most + 1
    if size > most:
        raise TooLong(f"A request may have {most} bytes.", hint="Send less at once.")
    body: bytes = environ["wsgi.input"].read(size)
    return body

"""A shop with keys, and the two doors by which a program can write: Django's, and the bare one before it."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from shuke.api.loyalty.machine import Machine

BASE = "/api/v1/loyalty/"
Headers = dict[str, str]


@dataclass(frozen=True)
class Told:
    """An answer of either door."""

    status: int
    document: Any
    headers: Headers = field(default_factory=dict)


Door = Callable[..., Told]


def django_door(path: str, *, key: str = "", idem: str = "", body: Any = None, raw: bytes | None = None) -> Told:
    """A POST (or a GET without body) through Django."""
    headers = {**({"authorization": f"Bearer {key}"} if key else {}), **({"idempotency-key": idem} if idem else {})}
    browser = Client(headers=headers)
    if body is None and raw is None:
        answer = browser.get(BASE + path)
    else:
        data = raw if raw is not None else json.dumps(body)
        answer = browser.post(BASE + path, data=data, content_type="application/json")
    return Told(answer.status_code, json.loads(answer.content), dict(answer.headers))


def bare_door(path: str, *, key: str = "", idem: str = "", body: Any = None, raw: bytes | None = None) -> Told:
    """The same through the machine door; it must not hand the request on."""

    def django(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        raise AssertionError(f"{environ['PATH_INFO']} went on to Django")

    data = raw if raw is not None else json.dumps(body).encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST", "PATH_INFO": BASE + path, "CONTENT_LENGTH": str(len(data)),
        "HTTP_AUTHORIZATION": f"Bearer {key}", "wsgi.input": io.BytesIO(data),
    }  # fmt: skip
    if idem:
        environ["HTTP_IDEMPOTENCY_KEY"] = idem
    begun: list[Any] = []
    chunks = Machine(django)(environ, lambda *told: begun.extend(told))
    return Told(int(begun[0].split()[0]), json.loads(b"".join(chunks)), dict(begun[1]))


DOORS: dict[str, Door] = {"django": django_door, "bare": bare_door}


def earn_body(order: str = "1", *, member: str = "M1", minor: int = 12_800, **more: Any) -> dict[str, Any]:
    """An earn of today's purchase."""
    from shuke.kernel.clock import today

    day = today("Asia/Shanghai").isoformat()
    said = {"member": member, "order": {"source": "pos", "no": order}, "eligible_minor": minor}
    return {**said, "currency": "CNY", "bought_on": day, **more}

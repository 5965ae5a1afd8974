"""One POST to a checked address: resolved once, connected to what was checked, no redirect followed."""

import http.client
import re
import socket
import ssl
import string
from collections.abc import Collection, Mapping
from urllib.parse import quote, urlsplit

from shuke.kernel.errors import WrongUse
from shuke.outbox.rules import PrivateAddress, is_public
from shuke.outbox.values import Reply

_SECONDS = 15.0
_MOST_WAIT = 7
# All of an address but letters of other scripts is sent as it was written.
_AS_WRITTEN = string.punctuation


class BadAddress(WrongUse):
    """An endpoint's address is no URL that a webhook may have."""

    code = "bad_address"


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked, under the name that was asked for."""

    def __init__(self, host: str, *, port: int, address: str, secure: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=_SECONDS)
        self._address, self._secure = address, secure

    def connect(self) -> None:
        """Opens the socket to the checked address; the certificate must be that of the name."""
        plain = socket.create_connection((self._address, self.port), timeout=_SECONDS)
        self.sock = self._secure.wrap_socket(plain, server_hostname=self.host) if self._secure else plain


def check_url(url: str, *, private_hosts: Collection[str]) -> tuple[str, int, str, bool]:
    """Host, port, path with query, and whether it is https. Plain http only to `private_hosts`; no user in it.

    Raises `BadAddress`.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host.encode("idna")
    except ValueError as error:
        raise BadAddress(f"'{url}' is no address.", hint="Write it as https://shop.example/hooks.") from error
    if parts.scheme not in ("https", "http") or not host or parts.username is not None or re.search(r"[\s\x00]", url):
        raise BadAddress(f"'{url}' is no address.", hint="Write it as https://shop.example/hooks.")
    is_secure = parts.scheme == "https"
    if not is_secure and host not in private_hosts:
        raise BadAddress(f"'{url}' is not encrypted.", hint="Use https, or name the host in webhook_hosts.")
    path = quote(parts.path or "/", safe=_AS_WRITTEN) + (
        f"?{quote(parts.query, safe=_AS_WRITTEN)}" if parts.query else ""
    )
    return host, port or (443 if is_secure else 80), path, is_secure


def resolve(host: str, *, port: int, private_hosts: Collection[str]) -> str:
    """One address of a host, all of whose addresses are public (or the host is in `private_hosts`).

    Raises `PrivateAddress`, and OSError where the name is unknown.
    """
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if host not in private_hosts and not all(is_public(address) for address in found):
        raise PrivateAddress(f"{host} is an address inside.", hint="Name the host in webhook_hosts of shuke.toml.")
    return found[0]


def post(url: str, *, headers: Mapping[str, str], body: bytes, private_hosts: Collection[str]) -> Reply:
    """Sends one message and gives the answer's status; trouble on the way is a `Reply` without one."""
    try:
        host, port, path, is_secure = check_url(url, private_hosts=private_hosts)
        address = resolve(host, port=port, private_hosts=private_hosts)
        secure = ssl.create_default_context() if is_secure else None
        connection = _Pinned(host, port=port, address=address, secure=secure)
    except (PrivateAddress, BadAddress) as error:
        return Reply(status=None, trouble=error.code)
    except (OSError, UnicodeError):
        return Reply(status=None, trouble="unknown_host")
    try:
        connection.request("POST", path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        return Reply(status=answer.status, wait=_seconds(answer.headers.get("retry-after", "")))
    except (OSError, ValueError, http.client.HTTPException) as error:
        return Reply(status=None, trouble=type(error).__name__[:200])
    finally:
        connection.close()


def _seconds(text: str) -> int | None:
    """Retry-After in seconds; its form with a date is read as no wish, for the schedule waits anyway."""
    asked = text.strip()
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= _MOST_WAIT else None

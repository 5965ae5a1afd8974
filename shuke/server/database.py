"""Which database Django speaks to: the workspace's SQLite file, or the PostgreSQL server that it names."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from shuke.kernel.workspace import Workspace

# Durable: a commit that was acknowledged is on the disk (full), for points are money.
_SQLITE_START = "pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on;"


def database_of(workspace: Workspace, *, sqlite_name: str) -> dict[str, Any]:
    """Django's description of the workspace's database; `sqlite_name` is the file where no server is named."""
    if workspace.database_url:
        return postgresql(workspace.database_url)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": sqlite_name,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _SQLITE_START},
    }


def postgresql(url: str) -> dict[str, Any]:
    """Django's description of `postgresql://user:password@host:port/name?option=value` (libpq's options).

    A host that begins with a slash is the folder of a socket; it may also stand as `?host=`.
    """
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]  # urlsplit's hostname is in lower case, a folder must not be
    host = (parts.hostname or "") if place.startswith("[") else unquote(place.partition(":")[0])
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or options.pop("dbname", ""),
        "USER": unquote(parts.username or "") or options.pop("user", ""),
        "PASSWORD": unquote(parts.password or "") or options.pop("password", ""),
        "HOST": host or options.pop("host", ""),
        "PORT": str(parts.port or "") or options.pop("port", ""),
        "OPTIONS": {"application_name": "shuke", "connect_timeout": "10", **options},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }

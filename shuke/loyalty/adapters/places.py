"""Where the ledger lives: Django's default database, through a connection of the ledger's own for each thread.

Inside somebody's Django transaction (an approved adjustment and its entry in one commit; a test) the ledger joins that
transaction with a savepoint, on that connection. A database in memory is only there for Django's own connection.
"""

import sqlite3
import threading
from typing import Any

import psycopg
from django.db import connection as default

from shuke.loyalty.adapters import postgresql, sqlite
from shuke.loyalty.adapters.doors import Door

# What the engines raise where they refuse a statement.
FAULTS = (sqlite3.Error, psycopg.Error)

_mine = threading.local()


def door() -> Door:
    """The calling thread's door; made at first use, and anew when the settings lead elsewhere."""
    if default.in_atomic_block or _in_memory():
        return _inside()
    settings = default.settings_dict
    place = (default.vendor, str(settings["NAME"]), str(settings["HOST"]), str(settings["PORT"]))
    kept = getattr(_mine, "kept", None)
    if kept is not None and kept[0] == place and not kept[1].is_broken:
        found: Door = kept[1]
        return found
    if kept is not None:
        kept[1].close()
    made = open_door()
    _mine.kept = (place, made)
    return made


def open_door() -> Door:
    """A new connection of the ledger's own."""
    settings = default.settings_dict
    if default.vendor == "postgresql":
        return postgresql.PostgresDoor(postgresql.connect(settings))
    return sqlite.SqliteDoor(sqlite.connect(str(settings["NAME"])))


def let_go() -> None:
    """Closes the calling thread's connection."""
    kept = getattr(_mine, "kept", None)
    _mine.kept = None
    if kept is not None:
        kept[1].close()


def _in_memory() -> bool:
    name = str(default.settings_dict["NAME"])
    return default.vendor == "sqlite" and (":memory:" in name or "mode=memory" in name)


def _inside() -> Door:
    default.ensure_connection()
    raw: Any = default.connection
    if default.vendor == "postgresql":
        return postgresql.PostgresDoor(raw, inside=True)
    sqlite.teach(raw)
    return sqlite.SqliteDoor(raw, inside=True)

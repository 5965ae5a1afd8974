"""Bringing a workspace's database up to date, quickly when there is nothing to do."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection

from shuke.kernel.errors import ShukeError

_ROOMS = Path(__file__).parent.parent


class Unreachable(ShukeError):
    """The database server that the workspace names does not let us in."""


def bring_up_to_date() -> None:
    """Runs migrations where the set of migration files differs from the one last applied here.

    Raises `Unreachable` where the workspace names a server that does not answer or knows no such user or database.
    """
    if settings.WORKSPACE.database_url:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            place = connection.settings_dict["HOST"] or "this machine"
            raise Unreachable(
                f"The database '{connection.settings_dict['NAME']}' at {place} cannot be opened.",
                hint=f"Is the server running, and does it know that user and database? It said: {_last_line(error)}",
            ) from error
    names = "\n".join(sorted(str(p.relative_to(_ROOMS)) for p in _ROOMS.glob("*/migrations/0*.py")))
    workspace = settings.WORKSPACE
    wanted = hashlib.sha256("\n".join([names, workspace.database_url]).encode()).hexdigest()
    stamp = workspace.root / ".migrated"
    if stamp.is_file() and stamp.read_text() == wanted and _is_there():
        return
    call_command("migrate", interactive=False, verbosity=0)
    stamp.write_text(wanted)


def _is_there() -> bool:
    """Whether the database of the stamp still exists, for it may have been removed or made anew."""
    if not settings.WORKSPACE.database_url:
        return bool(settings.WORKSPACE.database.is_file())
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('django_migrations') is not null")
        return bool(cursor.fetchone()[0])


def _last_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [""])[-1]

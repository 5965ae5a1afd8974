"""From a request to its actor."""

from django.http import HttpRequest

from shuke.access.models import User
from shuke.access.queries import actor_of, actor_of_key
from shuke.kernel.actor import Actor


def asker(request: HttpRequest) -> Actor | None:
    """The actor of the key in `Authorization: Bearer KEY`, else of the session; None (401) for anybody else.

    A key that is wrong is refused even where a session stands beside it.
    """
    written = request.headers.get("Authorization", "")
    if written:
        kind, _, key = written.partition(" ")
        return actor_of_key(key.strip()) if kind.lower() == "bearer" else None
    user = request.user
    return actor_of(user) if isinstance(user, User) and user.is_active else None

"""The one way of a write, whichever door it came by: key, body, store, command, answer."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shuke.api.loyalty.bodies import DEEDS, Write
from shuke.kernel.actor import Actor, Role
from shuke.kernel.errors import NotAllowed, WrongUse
from shuke.loyalty.values.commands import Command
from shuke.loyalty.values.ledger import Answer

Body = TypeVar("Body", bound=BaseModel)
Submit = Callable[[Command], Answer]
MOST_BYTES = 64 * 1024
MOST_BATCH_BYTES = 2 * 1024 * 1024
_KEY = re.compile(r"[!-~]{1,120}")


class BadInput(WrongUse):
    """A request that is not as the description says; nothing was changed."""

    code = "bad_input"


class TooLong(BadInput):
    """A body longer than any honest one."""

    code = "too_long"


class NoKey(WrongUse):
    """A write came without the key that makes it repeatable."""

    code = "key_missing"


class KeysOnly(NotAllowed):
    """Writes are for programs with a key; people work on the pages."""

    code = "key_needed"


class OtherStore(NotAllowed):
    """A key of some stores wrote for another one, or for none."""

    code = "other_store"


def answer_document(answer: Answer) -> dict[str, Any]:
    """An answer as JSON: the same for the first time and for every repeat."""
    return {
        "txn": answer.txn,
        "member": answer.member,
        "kind": answer.kind,
        "points": answer.points,
        "balance": answer.balance,
        "tier": answer.tier,
        "details": answer.details,
    }


def read_command(actor: Actor, *, deed: str, key: str | None, body: bytes, now: datetime) -> Command:
    """The command of a request. Raises `NoKey`, `BadInput`, `OtherStore`, `KeysOnly`."""
    check_writer(actor)
    if not key or _KEY.fullmatch(key) is None:
        raise NoKey(
            "A write needs a key of its own.", hint="Send Idempotency-Key: 1 to 120 letters, digits or signs, no blank."
        )
    asked = read_body(DEEDS[deed], body)
    refusal = check_store(actor, asked)
    if refusal is not None:
        raise refusal
    return asked.command(client=actor.name, key=key, now=now)


def check_writer(actor: Actor) -> None:
    """Raises `KeysOnly` for anybody but a program: a session's cookie alone must not move points."""
    if actor.role is not Role.CLIENT:
        raise KeysOnly(
            "Writes need a program's key.", hint="Make one with 'shuke client add NAME --scope loyalty:write'."
        )


def check_store(actor: Actor, asked: Write) -> OtherStore | None:
    """The refusal of a key of some stores that books on another one, or on none; requests without a store are free."""
    store = getattr(asked, "store", None)
    if actor.stores is None or store is None or store in actor.stores:
        return None
    return OtherStore("This key may not write for that store.", hint="Send the store that the key was made for.")


def read_body(model: type[Body], body: bytes) -> Body:
    """The body of a request as its model. Raises `BadInput`."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise told(error) from error


def told(error: ValidationError) -> BadInput:
    """The first thing that is wrong, with the name of its field; values are not repeated."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return BadInput(f"{place}: {first['msg']}." if place else f"{first['msg']}.", hint="See /api/v1/openapi.json.")

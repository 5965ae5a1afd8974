"""A backlog of writes in one request: up to 1,000 items, each with its own key and its own answer or refusal."""

import functools
import operator
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, TypeAdapter, ValidationError, create_model

from shuke.api.loyalty.bodies import DEEDS, Write
from shuke.api.loyalty.fields import Key, Strict
from shuke.api.loyalty.writing import answer_document, check_store, check_writer, told
from shuke.api.refusals import document_of, status_of
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.loyalty.values.commands import Command
from shuke.loyalty.values.ledger import Answer

SubmitAll = Callable[[Sequence[Command]], Sequence[Answer | ShukeError]]
MOST_ITEMS = 1_000


def _item(deed: str, body: type[Write]) -> type[BaseModel]:
    """The body of a deed with its name and its key in it."""
    named: Any = Literal[deed]
    return create_model(f"{body.__name__}Item", __base__=body, deed=(named, ...), key=(Key, ...))


ITEMS = {deed: _item(deed, body) for deed, body in DEEDS.items()}
_ITEM: Any = Annotated[functools.reduce(operator.or_, ITEMS.values()), Field(discriminator="deed")]
_ONE: TypeAdapter[Any] = TypeAdapter(_ITEM)
_ANY: TypeAdapter[Any] = TypeAdapter(Any)
Batch = create_model("Batch", __base__=Strict, items=(Annotated[list[_ITEM], Field(max_length=MOST_ITEMS)], ...))


class _Loose(Strict):
    """A batch before its items are looked at."""

    items: Annotated[list[Any], Field(max_length=MOST_ITEMS)]


def carry_out_batch(
    actor: Actor, *, body: bytes, now: datetime, submit: SubmitAll, allow: Callable[[int], None]
) -> dict[str, Any]:
    """Every item's own answer or refusal, in their order; a bad item never touches its neighbours.

    `allow` takes the number of items from the key's allowance. Raises `BadInput` where the whole is no batch.
    """
    check_writer(actor)
    read = _read_items(body)
    allow(len(read))
    given: list[dict[str, Any]] = [{} for _ in read]
    places: list[int] = []
    commands: list[Command] = []
    for place, (key, item) in enumerate(read):
        refusal = item if isinstance(item, ShukeError) else check_store(actor, item)
        if refusal is not None:
            given[place] = _refused(key, refusal)
            continue
        places.append(place)
        commands.append(item.command(client=actor.name, key=key, now=now))
    answers = submit(commands) if commands else ()
    for place, command, answer in zip(places, commands, answers, strict=True):
        if isinstance(answer, ShukeError):
            given[place] = _refused(command.key, answer)
        else:
            given[place] = {"key": command.key, "answer": answer_document(answer)}
    return {"answers": given}


def _refused(key: object, error: ShukeError) -> dict[str, Any]:
    return {"key": key, "status": status_of(error), **document_of(error)}


def _read_items(body: bytes) -> list[tuple[Any, Any]]:
    """Each item's key with its body, or with its `BadInput`. Item by item only where something is wrong."""
    try:
        whole: Any = Batch.model_validate_json(body)
    except ValidationError:
        return [_read_one(raw) for raw in _read_loose(body)]
    return [(item.key, item) for item in whole.items]


def _read_one(raw: Any) -> tuple[Any, Any]:
    key = raw.get("key") if isinstance(raw, dict) else None
    try:
        return key, _ONE.validate_json(_ANY.dump_json(raw))
    except ValidationError as error:
        return key if isinstance(key, str) else None, told(error)


def _read_loose(body: bytes) -> list[Any]:
    try:
        return _Loose.model_validate_json(body).items
    except ValidationError as error:
        raise told(error) from error

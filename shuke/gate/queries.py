"""The gate's answers about one customer."""

from typing import Any

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader


def answers_of(actor: Actor, *, lake: Reader, customer_id: int) -> list[dict[str, Any]]:
    """Rows of `gate_answers` of one customer: `play`, `channel`, `allowed`, `reason`, `clause`."""
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("gate_answers"):
        return []
    return lake.rows("select * from gate_answers where customer_id = $id order by play", id=customer_id)

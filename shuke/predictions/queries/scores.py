"""Values, scores with their reasons, model cards and the scoreboard, for pages and the API."""

import json
from typing import Any

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.predictions.values.shown import CustomerValue, ModelCard, Reason, Score, ScoreLine

_REASONS = (1, 2, 3)


def value(actor: Actor, *, lake: Reader, customer_id: int) -> CustomerValue | None:
    """What one customer is worth; None without a purchase, without a week, or who asked for no personalisation."""
    row = _of_customer(actor, lake=lake, table="customer_values", customer_id=customer_id)
    return CustomerValue(**row[0]) if row else None


def scores(actor: Actor, *, lake: Reader, customer_id: int) -> tuple[Score, ...]:
    """Every score of one customer with its reasons, by model and horizon; empty as for `value`."""
    rows = _of_customer(actor, lake=lake, table="customer_scores", customer_id=customer_id)
    return tuple(_score(row) for row in sorted(rows, key=lambda row: (row["model"], row["horizon_days"])))


def model_cards(actor: Actor, *, lake: Reader) -> tuple[ModelCard, ...]:
    """The card of each model of the last run."""
    require(actor, Permission.SEE_WEEK)
    rows = lake.rows("select * from model_cards order by model, horizon_days") if lake.has("model_cards") else []
    return tuple(ModelCard(**{**row, "details": json.loads(row["details"])}) for row in rows)


def scoreboard(actor: Actor, *, lake: Reader, model: str | None = None) -> tuple[ScoreLine, ...]:
    """Figures of back-tests, of one model or of all: the newest cut first, the winner of each cut and metric first."""
    require(actor, Permission.SEE_WEEK)
    if not lake.has("scoreboard"):
        return ()
    rows = lake.rows(
        """select * from scoreboard where coalesce($model, model) = model
        order by model, horizon_days, cut_on desc, metric, is_winner desc, value desc nulls last, method""",
        model=model,
    )
    return tuple(ScoreLine(**row) for row in rows)


def _of_customer(actor: Actor, *, lake: Reader, table: str, customer_id: int) -> list[dict[str, Any]]:
    """Rows of one customer; a refusal given since the run hides them at once."""
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has(table):
        return []
    if lake.has("customer_consents") and lake.rows(
        """select 1 from customer_consents where customer_id = $id and purpose = 'personalisation'
        and state in ('refused', 'withdrawn')""",
        id=customer_id,
    ):
        return []
    return lake.rows(f"select * from {table} where customer_id = $id", id=customer_id)


def _score(row: dict[str, Any]) -> Score:
    reasons = tuple(
        Reason(code=row[f"reason_{n}"], value=row[f"reason_{n}_value"], fact=row[f"reason_{n}_fact"])
        for n in _REASONS
        if row[f"reason_{n}"]
    )
    kept = {key: one for key, one in row.items() if not key.startswith("reason_")}
    return Score(**kept, reasons=reasons)

"""Stages of everybody, and the list of customers."""

from collections.abc import Sequence
from typing import Any

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.segments.adapters import definition
from shuke.segments.queries.scope import of_store
from shuke.segments.values import STAGES, StageCount


def stage_counts(actor: Actor, *, lake: Reader, language: str, store: str | None = None) -> list[StageCount]:
    """Customers by lifecycle stage, in the order of the life; stages without people included.

    Counted by home store: those of the actor's stores, of `store` where it is given.
    """
    require(actor, Permission.SEE_CUSTOMERS)
    found = {}
    if lake.has("segment_facts"):
        own = of_store(actor, store=store)
        rows = lake.rows(f"select stage, count(*) as n from segment_facts where true{own} group by stage")
        found = {row["stage"]: row["n"] for row in rows}
    texts = definition("lifecycle")["stages"]
    zh = language.startswith("zh")
    return [
        StageCount(s, texts[s]["zh" if zh else "en"], texts[s]["what_zh" if zh else "what_en"], found.get(s, 0))
        for s in STAGES
    ]


def stage_of(actor: Actor, *, lake: Reader, customer_id: int) -> dict[str, Any] | None:
    """The row of `lifecycle` of one customer."""
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("lifecycle"):
        return None
    return lake.row("select * from lifecycle where customer_id = $id", id=customer_id)


def layer_of(actor: Actor, *, lake: Reader, customer_id: int, language: str) -> dict[str, Any] | None:
    """The row of `layers` of one customer, with `name` and `what` of the layer."""
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("layers"):
        return None
    row = lake.row("select * from layers where customer_id = $id", id=customer_id)
    if row is None:
        return None
    texts = definition("layers")["layers"][row["layer"]]
    zh = language.startswith("zh")
    return {**row, "name": texts["zh" if zh else "en"], "what": texts["what_zh" if zh else "what_en"]}


_PEOPLE = """
with picked as (
  select f.customer_id, f.store, f.stage, f.stage_since_on as since_on, f.layer, f.cycle_days, f.days_since,
    f.orders_365, f.net_365_minor, f.last_on
  from segment_facts f
  where {condition}
  order by f.net_365_minor desc, f.customer_id
  limit $limit offset $skip
)
select p.*, c.name, c.phone, c.city, c.associate
from picked p
left join customer_profiles c on c.customer_id = p.customer_id
order by p.net_365_minor desc, p.customer_id
"""


def people(
    actor: Actor,
    *,
    lake: Reader,
    stage: str | None = None,
    layer: str | None = None,
    store: str | None = None,
    ids: Sequence[int] | None = None,
    limit: int = 50,
    skip: int = 0,
) -> list[dict[str, Any]]:
    """Customers of a stage, a layer or a home store, or those of `ids`; names and phones masked.

    The best of the last 365 days come first. Those of the actor's stores; with `ids` all that the actor may see.
    Columns: customer_id, store, stage, since_on, layer, cycle_days, days_since, orders_365, net_365_minor, last_on,
    name, phone, city, associate.
    """
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("segment_facts"):
        return []
    tests = []
    given = {}
    for name, value in (("stage", stage), ("layer", layer)):
        if value is not None:
            tests.append(f"f.{name} = ${name}")
            given[name] = value
    if ids is not None:
        tests.append(f"f.customer_id in ({', '.join(str(int(one)) for one in ids) or 'null'})")
    own = of_store(actor, store=store, column="f.store") if ids is None or store is not None else ""
    sql = _PEOPLE.format(condition=(" and ".join(tests) or "true") + own)
    return lake.rows(sql, limit=limit, skip=skip, **given)

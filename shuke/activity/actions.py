"""Computing the facts by customer."""

from collections.abc import Mapping

import pyarrow as pa

from shuke.access.rules import Permission, require
from shuke.activity.rules import GOODS, kind_of
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.lake.actions import Run

_TABLES = (
    "superseded_rows",
    "order_totals",
    "orders",
    "order_lines",
    "interactions",
    "coupons",
    "customer_stores",
)
# Products with their most frequent name (a single odd note on a line must not turn a product into a fee), and names
# that stand on lines without a product code.
_PRODUCTS = """
select s.product_key, s.sku, s.product, coalesce(p.is_goods, true) as is_goods
from (
  select
    product_key,
    max(sku) as sku,
    max(product) as product,
    row_number() over (partition by product_key order by sum(times) desc, product) as place
  from (
    select coalesce(sku, product) as product_key, sku, product, count(*) as times
    from staged_sales
    where coalesce(sku, product) is not null and row_grain <> 'fee'
    group by sku, product
  )
  group by product_key, product
) s
left join products p on p.sku = s.sku
where s.place = 1
"""


class OrdersMultiplied(ShukeError):
    """A table beside the orders has more than one row for one of them; money would count twice."""


def build(actor: Actor, *, run: Run, parameters: Mapping[str, object]) -> None:
    """Builds all tables of this room in `run`, after reference and customers.

    Raises `NotAllowed` where the actor may not import, `lake.queries.NotBuilt` where an earlier room was not built,
    `OrdersMultiplied` where an order would count twice.
    """
    require(actor, Permission.IMPORT_FILES)
    products = run.reader().rows(_PRODUCTS)
    kinds = [
        (row["product_key"], kind_of(sku=row["sku"], product=row["product"], is_goods=row["is_goods"]))
        for row in products
    ]
    told = [pair for pair in kinds if pair[1] != GOODS]
    schema = pa.schema([("product_key", pa.string()), ("line_kind", pa.string())])
    columns = [pa.array([pair[place] for pair in told], pa.string()) for place in (0, 1)]
    run.write_arrow("product_kinds", rows=pa.table(columns, schema=schema))
    run.build(_TABLES, parameters=parameters)
    made, expected = run.tables["orders"]["rows"], run.tables["order_totals"]["rows"]
    if made != expected:
        raise OrdersMultiplied(
            f"{expected} orders became {made} when their customers and stores were joined; nothing was published.",
            hint="Look for repeated record_id in identity, or repeated source and written in store_names.",
        )

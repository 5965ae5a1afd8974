"""Building the master data of a run."""

from collections.abc import Mapping

import pyarrow as pa

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.actions import Run
from shuke.reference import rules
from shuke.reference.adapters import goods_parameters, store_words
from shuke.reference.values import Written

_WRITTEN = """
select source, written, sum(times) as times
from (
  select source, store as written, count(*) as times from staged_sales
  where store is not null and store <> '' group by source, store
  union all
  select source, store as written, count(*) as times from staged_persons
  where store is not null and store <> '' group by source, store
  union all
  select source, store as written, count(*) as times from staged_interactions
  where store is not null and store <> '' group by source, store
)
group by source, written
order by source, written
"""


def build(actor: Actor, *, run: Run, parameters: Mapping[str, object]) -> None:
    """Computes store_names, stores, associates and products of `run` from its staged rows."""
    require(actor, Permission.IMPORT_FILES)
    found = [Written(row["source"], row["written"], int(row["times"])) for row in run.reader().rows(_WRITTEN)]
    named = rules.canonical_names(found, brand=run.workspace.shop, words=store_words())
    columns = {key: [getattr(name, key) for name in named] for key in ("source", "written", "store", "channel")}
    run.write_arrow("store_names", rows=pa.table(columns, schema=pa.schema([(key, pa.string()) for key in columns])))
    run.build(["stores", "associates", "products"], parameters={**parameters, **goods_parameters()})

"""Purchase days and touches of customers as arrays: what models read."""

from datetime import date

import numpy as np

from shuke.lake.queries import Reader
from shuke.predictions.rules.panel import TOUCHES, purchases
from shuke.predictions.values import Purchases

# Days are counted from here: any one day would do, as long as it never changes.
FIRST_DAY = date(2000, 1, 1)
_WHO = "not exists (select 1 from not_personalised n where n.customer_id = g.customer_id)"


def day_number(day: date) -> int:
    """A day as models count it."""
    return (day - FIRST_DAY).days


def known_purchases(lake: Reader, *, as_of: date) -> Purchases:
    """Everything that models may know on a day, without the people who asked for no personalisation."""
    lake.use("customer_gaps", "not_personalised")
    rows = lake.cursor.execute(
        f"""select customer_id, date_diff('day', $first, from_on)::bigint as day, net_minor::double as net
        from customer_gaps g where from_on < $as_of and {_WHO} order by customer_id, from_on""",
        {"first": FIRST_DAY, "as_of": as_of},
    ).fetchnumpy()
    touches = {}
    if lake.has("interactions") and len(rows["day"]):
        lake.use("interactions")
        for kind in TOUCHES:
            found = lake.cursor.execute(
                """select customer_id, date_diff('day', $first, happened_on)::bigint as day from interactions g
                where kind = $kind and customer_id is not null and happened_on < $as_of""",
                {"first": FIRST_DAY, "as_of": as_of, "kind": kind},
            ).fetchnumpy()
            if len(found["day"]):
                touches[kind] = (np.asarray(found["customer_id"]), np.asarray(found["day"]))
    who, day, net = (np.asarray(rows[name]) for name in ("customer_id", "day", "net"))
    return purchases(who, day, net, touches)

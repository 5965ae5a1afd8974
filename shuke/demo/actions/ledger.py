"""Keeps the truth while files are written: persons, records, orders and planted problems.

`records` has a row for each source record that says something about a person, by the natural id in its file (order,
receipt, card or coupon number, external user id): `person_id` (null: nobody can be known, as behind an invented phone)
and `keys`, the identifiers that the record carries: `card`, `phone`, `unionid`, `shop_user` (an account that is whole),
`masked`; empty where it carries none. `orders` has every order once with its true instant and money in minor units;
copies of online orders in the till name the other one in `duplicate_of` (source|number), returns are rows of their own
with net below 0 and `return_of`. `problems` has the file rows, orders and money that each planted problem touches.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from shuke.demo.adapters import TruthTable
from shuke.demo.rules.progress import STATUS_WORDS, ShopOrders
from shuke.demo.values import DAY_SECONDS, NEVER, ZONE_SECONDS, Basket, Ints, World

RECORDS = pa.schema(
    [("source", pa.string()), ("source_row_id", pa.string()), ("person_id", pa.int64()), ("keys", pa.string())]
)
ORDERS = pa.schema(
    [
        ("source", pa.string()),
        ("order_no", pa.string()),
        ("person_id", pa.int64()),
        ("ordered_at", pa.timestamp("us", tz="UTC")),
        ("ordered_on", pa.date32()),
        ("store", pa.string()),
        ("gross_minor", pa.int64()),
        ("net_minor", pa.int64()),
        ("refund_minor", pa.int64()),
        ("status", pa.string()),
        ("lines", pa.int64()),
        ("duplicate_of", pa.string()),
        ("return_of", pa.string()),
    ]
)
PROBLEMS = pa.schema(
    [
        ("code", pa.string()),
        ("rows", pa.int64()),
        ("orders", pa.int64()),
        ("money_minor", pa.int64()),
        ("first_on", pa.date32()),
        ("last_on", pa.date32()),
        ("store", pa.string()),
        ("note", pa.string()),
    ]
)


@dataclass
class Problem:
    """A planted problem as it adds up; days are day numbers."""

    rows: int = 0
    orders: int = 0
    money_minor: int = 0
    first: int = NEVER
    last: int = -NEVER
    store: str = ""
    note: str = ""


class Ledger:
    """The truth in `folder`: persons, records, orders and problems as Parquet."""

    def __init__(self, folder: Path, *, world: World) -> None:
        self.world = world
        self.folder = folder
        self.orders = 0
        self.lines = 0
        self.net_minor = 0
        self._orders = TruthTable(folder / "orders.parquet", schema=ORDERS)
        self._records = TruthTable(folder / "records.parquet", schema=RECORDS)
        self._problems: dict[str, Problem] = {}

    def records(self, source: str, *, ids: pa.Array, person: Ints, keys: pa.Array) -> None:
        """Notes which person each source record is about; -1 is nobody that can be known."""
        self._records.append(
            source=pa.repeat(source, len(ids)),
            source_row_id=ids,
            person_id=pa.array(person, mask=person < 0),
            keys=keys,
        )

    def order_rows(
        self,
        source: str,
        *,
        ids: pa.Array,
        basket: Basket,
        store: pa.Array,
        gross: Ints,
        refund: Ints,
        status: pa.Array,
        duplicate_of: pa.Array | None = None,
        return_of: pa.Array | None = None,
    ) -> None:
        """Notes orders with their true time and money; copies of other systems' orders carry `duplicate_of`."""
        none = pa.nulls(len(ids), pa.string())
        at = (basket.at + self.world.span.epoch_day * DAY_SECONDS - ZONE_SECONDS) * 1_000_000
        self._orders.append(
            source=pa.repeat(source, len(ids)),
            order_no=ids,
            person_id=pa.array(basket.person, mask=basket.person < 0),
            ordered_at=pa.array(at, pa.timestamp("us", tz="UTC")),
            ordered_on=self._days(basket.day),
            store=store,
            gross_minor=gross,
            net_minor=gross - refund,
            refund_minor=refund,
            status=status,
            lines=np.diff(basket.first),
            duplicate_of=none if duplicate_of is None else duplicate_of,
            return_of=none if return_of is None else return_of,
        )
        counted = np.ones(len(ids), np.bool_) if duplicate_of is None else np.asarray(duplicate_of.is_null())
        self.orders += int(counted.sum())
        self.lines += int(np.diff(basket.first).sum())
        self.net_minor += int((gross - refund)[counted].sum())

    def shop_orders(self, source: str, *, ids: pa.Array, orders: ShopOrders, store: pa.Array) -> None:
        """Notes online orders."""
        status = pa.array(STATUS_WORDS).take(pa.array(orders.status))
        refund = np.where(orders.is_paid, orders.refund, 0).astype(np.int64)
        self.order_rows(
            source, ids=ids, basket=orders.basket, store=store, gross=orders.gross, refund=refund, status=status
        )

    def problem(
        self,
        code: str,
        *,
        rows: int = 0,
        orders: int = 0,
        minor: int = 0,
        days: Ints | None = None,
        store: str = "",
        note: str = "",
    ) -> None:
        """Adds to a planted problem; nothing is noted where it touches nothing."""
        if not (rows or orders):
            return
        found = self._problems.setdefault(code, Problem())
        found.rows += rows
        found.orders += orders
        found.money_minor += minor
        if days is not None and len(days):
            found.first, found.last = min(found.first, int(days.min())), max(found.last, int(days.max()))
        found.store, found.note = store or found.store, note or found.note

    def close(self) -> None:
        """Ends the files."""
        self._orders.close()
        self._records.close()
        table = TruthTable(self.folder / "problems.parquet", schema=PROBLEMS)
        found = sorted(self._problems.items())
        table.append(
            code=[code for code, _ in found],
            rows=[p.rows for _, p in found],
            orders=[p.orders for _, p in found],
            money_minor=[p.money_minor for _, p in found],
            first_on=[self.world.span.date(p.first) if p.first < NEVER else None for _, p in found],
            last_on=[self.world.span.date(p.last) if p.last > -NEVER else None for _, p in found],
            store=[p.store for _, p in found],
            note=[p.note for _, p in found],
        )
        table.close()

    def _days(self, day: Ints) -> pa.Array:
        return pa.array((day + self.world.span.epoch_day).astype(np.int32), pa.int32()).cast(pa.date32())

    def days_or_null(self, day: Ints) -> pa.Array:
        """Day numbers as days; null for NEVER."""
        never = np.abs(day) >= NEVER // 2
        return pa.array(
            (np.where(never, 0, day) + self.world.span.epoch_day).astype(np.int32), pa.int32(), mask=never
        ).cast(pa.date32())

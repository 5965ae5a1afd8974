"""Staged rows as an importer would write them, and a built set of activity tables."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from shuke.activity import actions
from shuke.kernel.actor import SYSTEM
from shuke.kernel.ids import record_id, stable_hash
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.lake.queries import Reader, open_reader

PARAMETERS = {"as_of": date(2026, 11, 23), "timezone": "Asia/Shanghai", "currency": "CNY"}


class Stage:
    """Collects staged rows; `build` publishes them, builds the room, and gives a reader."""

    def __init__(self, fill: Callable[..., None], *, workspace: Workspace) -> None:
        self._fill = fill
        self.workspace = workspace
        self.tables: dict[str, list[dict[str, Any]]] = {
            "staged_sales": [],
            "import_rows": [],
            "identity": [],
            "store_names": [],
            "products": [],
            "customer_profiles": [],
            "staged_interactions": [],
            "staged_coupons": [],
        }

    def sale(self, order_no: str, *, source: str = "pos", batch_id: int = 1, **values: Any) -> dict[str, Any]:
        """One staged row; money and dates as the staged table has them."""
        numbered = sum(row["batch_id"] == batch_id for row in self.tables["staged_sales"])
        day = values.pop("day", date(2026, 11, 2))
        row: dict[str, Any] = {
            "batch_id": batch_id,
            "row_no": numbered + 1,
            "record_id": record_id(source, order_no),
            "source": source,
            "shop": "",
            "row_grain": "line",
            "order_no": order_no,
            "ordered_at": datetime(day.year, day.month, day.day, 4),
            "ordered_on": day,
            "currency": "CNY",
            **values,
        }
        content = {key: value for key, value in row.items() if key not in ("batch_id", "row_no")}
        row["row_hash"] = stable_hash(repr(sorted(content.items())))
        self.tables["staged_sales"].append(row)
        return row

    def repeat(self, row: dict[str, Any], *, batch_id: int, row_no: int) -> None:
        """The importer dropped a row of a later export as a repeat of `row`."""
        self.tables["import_rows"].append(
            {
                "batch_id": batch_id,
                "row_no": row_no,
                "outcome": "duplicate",
                "reason": "repeated_export",
                "row_hash": row["row_hash"],
                "source": row["source"],
                "order_no": row["order_no"],
                "ordered_on": row["ordered_on"],
            }
        )

    def known(self, order_no: str, customer_id: int | None, *, source: str = "pos") -> None:
        """The order's record belongs to a customer."""
        self.tables["identity"].append(
            {
                "record_id": record_id(source, order_no),
                "source": source,
                "source_row_id": order_no,
                "customer_id": customer_id,
                "customer_id_automatic": customer_id,
                "probability": 1.0,
                "band": "automatic",
                "reason": "test",
                "is_staff": False,
                "kind": "order",
                "evidence_id": None,
            }
        )

    def publish(self) -> None:
        """Publishes the rows as they would be after import, identity and reference."""
        given = {name: rows or [_EMPTY[name]] for name, rows in self.tables.items() if rows or name in _EMPTY}
        self._fill(**given)

    @contextmanager
    def build(self) -> Iterator[Reader]:
        """Publishes the rows and builds the room; yields the system's reader."""
        self.publish()
        with open_run(self.workspace, kind="test") as run:
            actions.build(SYSTEM, run=run, parameters=PARAMETERS)
            run.publish()
        with open_reader(SYSTEM, self.workspace) as lake:
            yield lake


PROFILE = {
    "customer_id": -1, "name": "", "store": "滨江店", "is_staff": True, "first_seen_on": date(2026, 1, 1),
    "registered_on": date(2026, 1, 1),
}  # fmt: skip

# Tables that an earlier room computes must exist; one row that joins with nothing stands for an empty one.
_EMPTY: dict[str, dict[str, Any]] = {
    "identity": {
        "record_id": -1, "source": "none", "source_row_id": "", "customer_id": 1, "customer_id_automatic": 1,
        "probability": 1.0, "band": "alone", "reason": "", "is_staff": False, "kind": "order", "evidence_id": 1,
    },
    "identifiers": {
        "record_id": -1, "source": "none", "source_row_id": "", "type": "none", "value_hash": 1, "usable": False,
        "first_seen_at": datetime(2026, 1, 1), "block_reason": "none",
    },
    "customer_consents": {"customer_id": -1, "channel": "sms", "purpose": "marketing", "state": "granted"},
    "products": {"sku": "none", "product": "none", "category": "none", "unit_cost_minor": 1, "is_goods": True},
    "customer_profiles": PROFILE,
}  # fmt: skip


@pytest.fixture
def stage(fill_lake: Callable[..., None], workspace: Workspace) -> Stage:
    return Stage(fill_lake, workspace=workspace)


def one(lake: Reader, order_no: str, *, columns: str = "gross_minor, net_minor, status") -> tuple[Any, ...]:
    """Columns of one order."""
    row = lake.row(f"select {columns} from orders where order_no = $order_no", order_no=order_no)
    assert row is not None, f"{order_no} is missing"
    return tuple(row.values())


def amounts(lake: Reader, order_no: str) -> Sequence[int]:
    """Line amounts of an order in their order."""
    rows = lake.rows(
        "select amount_minor from order_lines where order_no = $order_no order by position", order_no=order_no
    )
    return [row["amount_minor"] for row in rows]


def money(text: str) -> Decimal:
    return Decimal(text)

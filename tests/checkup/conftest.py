"""A shop on which problems can be planted one by one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from shuke.activity.actions import build as build_activity
from shuke.checkup.actions import build
from shuke.checkup.rules import definitions as texts
from shuke.kernel.actor import SYSTEM
from shuke.kernel.ids import record_id
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.lake.queries import Reader, open_reader
from tests.activity.conftest import PROFILE, Stage

AS_OF = date(2026, 11, 23)


class Shop(Stage):
    """Receipts of 10.00 at one store unless told otherwise; `checked` builds activity and check-up."""

    def __init__(self, fill: Callable[..., None], *, workspace: Workspace) -> None:
        super().__init__(fill, workspace=workspace)
        self.tables |= {"identifiers": [], "customer_consents": [], "staged_persons": []}
        self._lake: Reader | None = None

    def receipt(self, order_no: str, *, customer_id: int | None = None, **values: Any) -> dict[str, Any]:
        numbered = sum(row["order_no"] == order_no for row in self.tables["staged_sales"][-9:])
        given = {"sku": "A", "quantity": Decimal(1), "line_amount_minor": 1000, "store": "滨江店"}
        given["line_no"] = str(numbered + 1)
        row = self.sale(order_no, **{**given, **values})
        known = {entry["record_id"] for entry in self.tables["identity"][-9:]}
        if row["record_id"] not in known:
            self.known(order_no, customer_id)
            people = self.tables["customer_profiles"]
            if customer_id is not None and all(person["customer_id"] != customer_id for person in people):
                people.append({**PROFILE, "customer_id": customer_id, "is_staff": False})
        return row

    def dropped(self, row: dict[str, Any], *, batch_id: int, outcome: str, reason: str, amount_minor: int) -> None:
        taken = {name: row[name] for name in ("source", "order_no", "ordered_on", "row_hash")}
        number = len(self.tables["import_rows"]) + 1
        told = {"batch_id": batch_id, "row_no": number, "outcome": outcome, "reason": reason}
        self.tables["import_rows"].append({**told, "amount_minor": amount_minor, **taken})

    def agreed(self, customer_id: int) -> None:
        statement = {"channel": "sms", "purpose": "marketing", "state": "granted", "at": datetime(2026, 1, 1)}
        self.tables["customer_consents"].append({"customer_id": customer_id, **statement})

    def person(self, order_no: str, *, source: str = "pos", **values: Any) -> None:
        row = {"batch_id": 1, "row_no": 1, "record_id": record_id(source, order_no), "source": source, "shop": ""}
        seen = {"source_row_id": order_no, "kind": "order", "seen_at": datetime(2026, 11, 2)}
        self.tables["staged_persons"].append({**row, **seen, **values})

    def phone(self, order_no: str, *, block_reason: str) -> None:
        self._identifier(order_no, type="phone", value_hash=1, usable=False, block_reason=block_reason)

    def card(self, order_no: str, *, value_hash: int) -> None:
        self._identifier(order_no, type="card", value_hash=value_hash, usable=True, block_reason=None)

    def _identifier(self, order_no: str, **values: Any) -> None:
        row = {"record_id": record_id("pos", order_no), "source": "pos", "source_row_id": order_no}
        self.tables["identifiers"].append({**row, "first_seen_at": datetime(2026, 11, 2), **values})

    @contextmanager
    def checked(self, *, as_of: date = AS_OF) -> Iterator[Reader]:
        """Publishes the rows, builds activity and check-up as of a day; yields the system's reader."""
        self.publish()
        parameters = {"as_of": as_of, "timezone": "Asia/Shanghai", "currency": "CNY"}
        with open_run(self.workspace, kind="test") as run:
            build_activity(SYSTEM, run=run, parameters=parameters)
            build(SYSTEM, run=run, parameters=parameters)
            run.publish()
        with open_reader(SYSTEM, self.workspace) as lake:
            self._lake = lake
            yield lake

    def found(self, code: str) -> tuple[int, int, int]:
        """Rows, orders and money of a finding of the check-up that is open."""
        assert self._lake is not None
        row = self._lake.row("select rows, orders, money_minor from findings where code = $code", code=code)
        assert row is not None, f"{code} was not found"
        return row["rows"], row["orders"], row["money_minor"]


@pytest.fixture
def shop(fill_lake: Callable[..., None], workspace: Workspace) -> Shop:
    return Shop(fill_lake, workspace=workspace)


@pytest.fixture
def definitions() -> Callable[[str], Any]:
    return texts

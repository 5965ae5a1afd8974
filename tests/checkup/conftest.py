"""A shop on which problems can be planted one by one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from shuke.activity.actions import build as build_activity
from shuke.checkup.actions import build
from shuke.checkup.actions.building import SUMS, write_imports
from shuke.checkup.rules import definitions as texts
from shuke.intake.models import Batch
from shuke.kernel.actor import SYSTEM
from shuke.kernel.ids import record_id
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.lake.queries import Reader, open_reader, specs
from shuke.lake.rules import inputs_of
from tests.activity.conftest import PROFILE, Stage

AS_OF = date(2026, 11, 23)

# Tables of earlier rooms must exist; one row that joins with nothing stands for an empty one.
_NOTHING: dict[str, dict[str, Any]] = {
    "customer_evidence": {
        "customer_id": -1, "evidence_id": -1, "from_at": datetime(2026, 1, 1), "card": "", "card_usable": False,
    },
    "associates": {"associate": "nobody", "store": "nowhere", "last_seen_on": date(2026, 1, 1)},
    "customer_consents": {
        "customer_id": -1, "channel": "sms", "purpose": "marketing", "state": "granted", "at": datetime(2026, 1, 1),
    },
    "stores": {"store": "nowhere", "last_seen_on": date(2026, 1, 1)},
}  # fmt: skip
_STAFF = {
    **PROFILE, "is_member": True, "in_wecom": False, "phone": "8613900000001", "email": "a@example.com",
    "associate": "", "birthday": date(1990, 5, 5),
}  # fmt: skip


class Shop(Stage):
    """Receipts of 10.00 at one store unless told otherwise; `checked` builds activity and check-up."""

    def __init__(self, fill: Callable[..., None], *, workspace: Workspace) -> None:
        super().__init__(fill, workspace=workspace)
        self.tables |= {"identifiers": [], "staged_persons": [], "contacts": []}
        self.tables |= {name: [] for name in _NOTHING}
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
                bare = {"is_staff": False, "is_member": False, "in_wecom": False}
                people.append({**PROFILE, "customer_id": customer_id, **bare})
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

    def card(self, customer_id: int, *, card: str) -> None:
        row = {**_NOTHING["customer_evidence"], "evidence_id": len(self.tables["customer_evidence"]) + 1}
        self.tables["customer_evidence"].append({**row, "customer_id": customer_id, "card": card, "card_usable": True})

    def customer(self, customer_id: int, **values: Any) -> None:
        """A member who can be reached, agreed to messages, and has bought nothing yet."""
        given = {"is_staff": False, "is_member": True, "phone": "8613912345678", "in_wecom": False, "name": "陈晓"}
        self.tables["customer_profiles"].append({**PROFILE, "customer_id": customer_id, **given, **values})
        self.agreed(customer_id)

    def product(self, sku: str, **values: Any) -> None:
        given = {"product": f"商品{sku}", "category": "饮料", "unit_cost_minor": 400, "is_goods": True}
        self.tables["products"].append({"sku": sku, **given, **values})

    def imported(self, *, file: str, day: date, **values: Any) -> None:
        """A batch as intake books it; its number is that of the staged rows."""
        number = Batch.objects.count() + 1
        given = {"source": "pos", "kind": "sales", "rows_read": 10, "staged": 10, "duplicate": 0, "quarantined": 0}
        Batch.objects.create(
            id=number,
            file=file,
            sha256=f"{number:064}",
            mapping="pos",
            mapping_version=1,
            encoding="utf-8",
            imported_at=datetime(day.year, day.month, day.day, 4, tzinfo=UTC),
            user="test",
            **{**given, **values},
        )

    def _identifier(self, order_no: str, **values: Any) -> None:
        row = {"record_id": record_id("pos", order_no), "source": "pos", "source_row_id": order_no}
        self.tables["identifiers"].append({**row, "first_seen_at": datetime(2026, 11, 2), **values})

    def _prepare(self) -> None:
        for name, row in _NOTHING.items():
            self.tables[name] = self.tables[name] or [row]
        if _STAFF not in self.tables["customer_profiles"]:
            self.tables["customer_profiles"].append(_STAFF)
        self.publish()

    @contextmanager
    def checked(self, *, as_of: date = AS_OF) -> Iterator[Reader]:
        """Publishes the rows, builds activity and check-up as of a day; yields the system's reader."""
        self._prepare()
        parameters = {"as_of": as_of, "timezone": "Asia/Shanghai", "currency": "CNY"}
        with open_run(self.workspace, kind="test") as run:
            build_activity(SYSTEM, run=run, parameters=parameters)
            build(SYSTEM, run=run, parameters=parameters)
            run.publish()
        with open_reader(SYSTEM, self.workspace) as lake:
            self._lake = lake
            yield lake

    @contextmanager
    def rules(self, *codes: str, as_of: date = AS_OF) -> Iterator[Reader]:
        """As `checked`, but of the check-up only these rules and what they stand on: the other 40 take time."""
        self._prepare()
        parameters = {"as_of": as_of, "timezone": "Asia/Shanghai", "currency": "CNY"}
        with open_run(self.workspace, kind="test") as run:
            build_activity(SYSTEM, run=run, parameters=parameters)
            write_imports(SYSTEM, run=run)
            wanted, open_ones = set[str](), [f"finding_{code}" for code in codes]
            while open_ones:
                spec = specs()[open_ones.pop()]
                if spec.room == "checkup" and spec.is_model and spec.name not in wanted:
                    wanted.add(spec.name)
                    open_ones += inputs_of(spec)
            run.build(wanted, parameters=parameters)
            run.publish()
        with open_reader(SYSTEM, self.workspace) as lake:
            self._lake = lake
            yield lake

    def sums(self, code: str) -> tuple[int, int, int]:
        """Rows, orders and money of a rule's own table."""
        assert self._lake is not None
        row = self._lake.row(SUMS.format(table=f"finding_{code}"), until=AS_OF)
        assert row is not None
        return row["rows"], row["orders"], row["money_minor"]

    def details(self, code: str) -> list[tuple[str | None, str]]:
        """Order number and detail of each row of a rule's own table, sorted."""
        assert self._lake is not None
        rows = self._lake.rows(f"select order_no::varchar as order_no, detail from finding_{code} order by 1, 2")
        return [(row["order_no"], row["detail"]) for row in rows]

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

"""What the lake knows about a table."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Scope(StrEnum):
    """How a store-scoped actor's view of a table is cut.

    STORE: rows whose `store` is in the scope. CUSTOMER: rows of customers that the stores may see.
    SYSTEM: actors with a store scope may not read it at all. NONE: holds nothing of stores or persons.
    """

    STORE = "store"
    CUSTOMER = "customer"
    SYSTEM = "system"
    NONE = "none"


@dataclass(frozen=True)
class TableSpec:
    """One SQL file read: its header and its statement.

    `is_model` tells a table computed by its `select` from one that code fills and whose `create table`
    declares its columns. `personal` names columns that are masked; `sort` is the physical order. `few` are text
    columns of few values, each with the table and column that knows them all: they are sorted as small numbers.
    """

    name: str
    room: str
    path: Path
    sql: str
    is_model: bool
    scope: Scope
    personal: tuple[str, ...] = ()
    sort: str = ""
    few: tuple[tuple[str, str, str], ...] = ()
    header: dict[str, str] = field(default_factory=dict)


Literal = int | str | float | bool | None

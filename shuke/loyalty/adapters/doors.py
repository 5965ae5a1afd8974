"""The ledger's two doors to its database: what both engines can do, and how they are told apart nowhere else.

A transaction is: begin, lock the accounts (in id order), read, store everything, commit. Lists go over as one
parameter each. Statements are written once; `{=numbers}` and `{=texts}` stand for the engine's way of comparing with a
list, `{numbers k}` and `{pairs k}` for that of making rows of one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from shuke.kernel.errors import ShukeError
from shuke.loyalty.adapters.columns import Table

Row = tuple[Any, ...]


class Again(ShukeError):
    """Another transaction came in between (a deadlock, a serialization failure, a race for a unique key): once more."""


class Lost(Again):
    """The connection broke; whether the commit arrived is unknown, and a repeat of the keys will tell."""


@dataclass(frozen=True)
class Question:
    """A statement with its parameters: a list of numbers, of texts, of pairs of texts, or a single value.

    `decode` names what each column is: i as it is, t an instant, d a day, j JSON.
    """

    sql: str
    parameters: tuple[object, ...]
    decode: str


@dataclass
class Batch:
    """Rows to store in one go; a table appears once among `inserts` and once among `updates`."""

    inserts: list[tuple[Table, list[Row]]] = field(default_factory=list)
    updates: list[tuple[Table, list[Row]]] = field(default_factory=list)


class Door(Protocol):
    """A connection for the ledger alone, used by one thread at a time."""

    engine: str

    @property
    def is_broken(self) -> bool:
        """Whether the connection is of no more use."""

    def begin(self) -> None:
        """Starts a transaction."""

    def lock(self, question: Question) -> list[int]:
        """Locks the balances of the accounts that the statement names, in id order, and gives their ids."""

    def ask(self, questions: Sequence[Question]) -> list[list[Row]]:
        """All answers in one exchange."""

    def next_ids(self, table: str, *, count: int) -> Question:
        """Asks for new ids of a table; only for one whose accounts are locked, so that ids ascend in each account."""

    def ids(self, table: str, *, answer: list[Row]) -> Iterator[int]:
        """Those ids, ascending, and more where they do not suffice."""

    def store(self, batch: Batch) -> None:
        """Writes all rows; with `commit` this is the transaction's last exchange. Raises `Again`."""

    def commit(self) -> None:
        """Ends the transaction; what was stored is on the disk now. Raises `Again`."""

    def rollback(self) -> None:
        """Ends the transaction without a trace."""

    def cursor(self) -> Any:
        """A plain DB-API cursor inside the transaction."""

    def close(self) -> None:
        """Gives the connection back."""

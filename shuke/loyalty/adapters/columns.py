"""The ledger's tables as the doors write them: column names with PostgreSQL's types."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A table, the columns that are inserted (in the order of the rows), and those that updates set and find by."""

    name: str
    columns: tuple[tuple[str, str], ...]
    sets: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(name for name, _ in self.columns)

    @property
    def types(self) -> tuple[str, ...]:
        """The types of the columns."""
        return tuple(kind for _, kind in self.columns)

    def update(self) -> "Table":
        """The same table with only what an update needs: what it sets, then what it finds the row by."""
        kinds = dict(self.columns)
        return Table(self.name, tuple((name, kinds[name]) for name in (*self.sets, *self.keys)), self.sets, self.keys)


def _columns(text: str) -> tuple[tuple[str, str], ...]:
    kinds = {"#": "bigint", "@": "timestamptz", "%": "date", "{": "jsonb"}
    return tuple((word.strip("#@%{"), kinds.get(word[-1], "text")) for word in text.split())


# The last sign of a name is its type: # bigint, @ instant, % day, { JSON; others are text.
ACCOUNTS = Table(
    "loyalty_account",
    _columns(
        "id# programme member_no customer_id# group_id# merged_into_id# opened_at@ closed_at@"
        " frozen_reason card_token_hash"
    ),
    sets=("group_id", "merged_into_id"),
    keys=("id",),
)
BALANCES = Table(
    "loyalty_balance",
    _columns("account_id# free# held# owed# issued# clawed# burned# returned# expired# transferred# head"),
    sets=("free", "held", "owed", "issued", "clawed", "burned", "returned", "expired", "transferred", "head"),
    keys=("account_id",),
)
TXNS = Table(
    "loyalty_txn",
    _columns(
        "id# account_id# kind client key request_hash answer{ at@ recorded_at@ business_on% store channel"
        " order_source order_no reason actor previous hash"
    ),
)
ENTRIES = Table("loyalty_entry", _columns("txn_id# account_id# lot_id# source target points# at@"))
LOTS = Table(
    "loyalty_lot",
    _columns(
        "id# account_id# txn_id# kind points# free# held# expired# available_at@ expires_at@"
        " order_source order_no created_at@"
    ),
    sets=("free", "held", "expired"),
    keys=("id",),
)
ORDERS = Table(
    "loyalty_order",
    _columns(
        "programme source order_no role account_id# txn_id# lot_id# amount_minor# currency points# refunded_minor#"
        " settled# forgiven# growth# multiplier_thousandths# parts{ bought_on%"
    ),
    sets=("refunded_minor", "settled", "forgiven", "parts"),
    keys=("programme", "source", "order_no", "role"),
)
HOLDS = Table(
    "loyalty_hold",
    _columns("id# programme code account_id# points# parts{ coupons{ expires_at@ state txn_id# order_source order_no"),
    sets=("state",),
    keys=("id",),
)
GROWTHS = Table(
    "loyalty_growth", _columns("txn_id# account_id# kind points# at@ counts_on% order_source order_no reason")
)
TIERS = Table("loyalty_tier", _columns("txn_id# account_id# tier since@ until@ reason"))
FACTS = Table("outbox_fact", _columns("kind key object_id# payload{ at@ recorded_at@"))

"""What a mapping says: kinds of files, shapes of cells, and where the text of each target comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What the rows of a file are; each kind is staged into its own tables."""

    SALES = "sales"
    PERSONS = "persons"
    INTERACTIONS = "interactions"
    CONSENTS = "consents"
    COUPONS = "coupons"
    COSTS = "costs"


class Shape(StrEnum):
    """How the text of a cell becomes a value."""

    TEXT = "text"
    ID = "id"  # text whose destruction by a spreadsheet (1.2E+17) is an error
    CODE = "code"  # one of the words of `Channel.values`
    MONEY = "money"  # minor units
    PRICE = "price"  # decimal(18,6)
    QUANTITY = "quantity"  # decimal(18,3)
    WHOLE = "whole"  # bigint
    INSTANT = "instant"  # UTC timestamp
    DAY = "day"  # date
    PHONE = "phone"
    FLAG = "flag"


class Reason(StrEnum):
    """Why a row was not staged."""

    WRONG_WIDTH = "wrong_width"
    REPEATED_HEADER = "repeated_header"
    TOTAL_ROW = "total_row"
    ID_DESTROYED = "id_destroyed"
    BAD_ENCODING = "bad_encoding"
    REPEATED_EXPORT = "repeated_export"
    REPEATED_ROW = "repeated_row"


@dataclass(frozen=True)
class Rule:
    """Where a target's text comes from: the first filled, the sum or the joined text of `columns` (header names)."""

    columns: tuple[str, ...]
    how: str = "first"  # first | sum | join | words (joined by a blank)


@dataclass(frozen=True)
class Choice:
    """A code read from a column: `words` maps what the file writes to the code, `otherwise` is for all the rest."""

    column: str
    words: Mapping[str, str]
    otherwise: str


@dataclass(frozen=True)
class Channel:
    """One mapping: how the export of one system is recognised and read. Made from one YAML file.

    `signature` lists groups of header names; a file is recognised when each group has a name in its header.
    `share` is the least share of the file's columns that the mapping must know (0 where the signature is enough).
    """

    code: str
    source: str
    version: int
    kind: Kind
    signature: tuple[tuple[str, ...], ...]
    columns: Mapping[str, Rule]
    zh: str = ""
    en: str = ""
    share: float = 0.0
    priority: int = 0
    grain: str = "line"
    grain_choice: Choice | None = None
    negative: Choice | None = None  # rows whose amounts are turned negative (otherwise: "")
    refunded: Choice | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    numbers_lines: bool = False
    dated_by_number: bool = False  # the order number begins with the day, yymmdd-
    currency: str = ""
    timezone: str = ""
    country: str = "CN"
    virtual_phones: bool = False
    date_order: str = ""
    split_by: str = ""
    minor_units: bool = False  # amounts are whole numbers of cents
    rows: str = ""  # JSON: the list inside a record whose elements make its rows
    lists: Mapping[str, str] = field(default_factory=dict)  # JSON: how values of other lists become one: sum | first
    utc: bool = False  # instants without an offset are UTC
    blanks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # words that mean nothing (customer 0: a guest)
    prefixes: Mapping[str, str] = field(default_factory=dict)  # set before an id that is not unique by itself
    own: bool = False  # from the shop's own folder

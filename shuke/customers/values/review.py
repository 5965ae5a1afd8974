"""What people see and decide: pairs in review, decisions, previews, the life of an id, households, measured quality."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Key:
    """One identifier of a record, masked. `shared_with` counts the customer's other evidence that carries it too.

    `usable` false with its `reason` (list, pattern, crowded, till, masked): the value ties nobody.
    """

    kind: str
    value: str
    usable: bool
    reason: str | None
    shared_with: int


@dataclass(frozen=True)
class Side:
    """One of two: what its records say; personal fields masked by the reader. `customer_id` None: nobody's yet.

    `records` and `orders` count what would move; `net_minor` None where nobody added it up.
    """

    customer_id: int | None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    birthday: date | None = None
    gender: str | None = None
    city: str | None = None
    address: str | None = None
    keys: tuple[Key, ...] = ()
    sources: tuple[str, ...] = ()
    records: int = 0
    orders: int = 0
    net_minor: int | None = None
    first_seen_on: date | None = None
    last_seen_on: date | None = None
    store: str | None = None


@dataclass(frozen=True)
class Point:
    """One field of both sides. `says` is for, against or neutral; `weight` strong, some or little."""

    field: str
    left: str | None
    right: str | None
    says: str
    weight: str


@dataclass(frozen=True)
class ReviewPair:
    """Two sets of records that may be one person. In a labelling batch probability and reason are hidden."""

    pair_id: str
    left: Side
    right: Side
    probability: float | None
    reason: str
    joined: bool
    refused: bool
    evidence: tuple[Point, ...]
    records: int


@dataclass(frozen=True)
class ReviewPage:
    """Pairs that wait for a decision, the weightiest first; `total` and `by_reason` count all that fit."""

    total: int
    by_reason: Mapping[str, int]
    pairs: tuple[ReviewPair, ...]


@dataclass(frozen=True)
class Pin:
    """A decision in force as rules see it: records of two sides, said to be one customer or two (`apart`)."""

    decision_id: int
    sides: tuple[frozenset[int], frozenset[int]]
    apart: bool


@dataclass(frozen=True)
class Parties:
    """Which records people said are one customer, by party number from 1, and which parties are two customers."""

    party_of: Mapping[int, int]
    apart: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Decided:
    """A decision that was kept; `waiting` counts those still to be applied, `replaced` are those that it ended."""

    decision_id: int
    waiting: int
    replaced: tuple[int, ...] = ()


@dataclass(frozen=True)
class DecisionRow:
    """One decision. `revoked_by` is the row that took it back; `vanished` counts records that no file has any more."""

    decision_id: int
    kind: str
    at: datetime
    by: str
    reason: str
    left_id: int | None
    right_id: int | None
    pair_id: str
    records: int
    vanished: int
    revoked_by: int | None
    applied: bool


@dataclass(frozen=True)
class Applied:
    """What applying decisions did: customers that became one with another, and customers that came apart."""

    merged: int
    split: int


@dataclass(frozen=True)
class ConsentChange:
    """What a customer's statement about a channel and purpose is before and after; `state` unknown where none is."""

    channel: str
    purpose: str
    left: str
    right: str
    after: str


@dataclass(frozen=True)
class MergePreview:
    """What a merge will do. `goes` becomes an alias of `survivor`.

    `doubles` counts open tasks that will be cancelled for both have them; `contradictions` are codes of what speaks
    against one person.
    """

    survivor: Side
    goes: Side
    orders: int
    net_minor: int
    currency: str
    identifiers: int
    consents: tuple[ConsentChange, ...]
    tasks: int
    doubles: int
    contradictions: tuple[str, ...]


@dataclass(frozen=True)
class Joint:
    """Something that happened to both together, how often, and whose it stays: keeps (who keeps the id) or records."""

    what: str
    times: int
    stays_with: str


@dataclass(frozen=True)
class SplitPreview:
    """What a split will do. `keeps` holds the records that stay, `leaves` those that go.

    `keeps_id` is the side (keeps or leaves) that keeps the customer's id: the one with more records; `restores` is the
    id that the other gets back, None where it gets a new one. `undoes` are decisions that end by it.
    """

    customer_id: int
    keeps: Side
    leaves: Side
    keeps_id: str
    restores: int | None
    joint: tuple[Joint, ...]
    undoes: tuple[int, ...]


@dataclass(frozen=True)
class Event:
    """One change of an id. `other_id` is whom it was merged into, split from, or exchanged records with.

    `decision_id` stands where a person's decision made it; `evidence` are codes of what tied or parted the records.
    """

    at: datetime
    kind: str
    customer_id: int
    other_id: int | None
    records: int
    reason: str
    evidence: tuple[str, ...]
    rule_version: str
    run: int
    by: str
    decision_id: int | None


@dataclass(frozen=True)
class Household:
    """Customers who seem to live together; a second grouping, never the person."""

    household_id: int
    reason: str
    customers: tuple[int, ...]


@dataclass(frozen=True)
class Interval:
    """A share with its 95 % interval; all three 0 to 1."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True)
class Stratum:
    """One part of the sample: how many pairs it stands for, labels so far, and how many of them are one person."""

    name: str
    population: int
    labels: int
    same: int


@dataclass(frozen=True)
class Measured:
    """Measured quality of the shop's own data. None while there are too few labels to say anything.

    `automatic` is the precision of automatic ties alone.
    """

    labels: int
    unsure: int
    precision: Interval | None
    recall: Interval | None
    automatic: Interval | None
    by_band: tuple[Stratum, ...]

"""What is written, and what people do after a week of plays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shuke.demo.values.arrays import Flags, Floats, Ints


@dataclass(frozen=True)
class DemoSummary:
    """What was written: file paths, counts, and the share of till receipts with a member."""

    files: tuple[str, ...]
    customers: int
    orders: int
    lines: int
    member_receipt_share: float
    net_minor: int


class Arm(StrEnum):
    """What a task row was drawn for."""

    TREATED = "treated"
    HOLDOUT = "holdout"


class Answer(StrEnum):
    """How a touched person answered."""

    BOUGHT = "bought"
    REPLIED = "replied"
    INTERESTED = "interested"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    COMPLAINED = "complained"
    WRONG_NUMBER = "wrong_number"
    CONTACT_GONE = "contact_gone"


@dataclass(frozen=True)
class TaskRow:
    """One person of an approved play, named by one of their source records; holdouts too.

    `offer_strength_share` is the discount offered as a share of the price, 0 where nothing is offered. `store` and
    `associate` say who does it, '' headquarters.
    """

    task_code: str
    source: str
    source_row_id: str
    play: str
    send_on: date
    offer_strength_share: float
    arm: Arm
    channel: str = ""
    store: str = ""
    associate: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of a touch. Holdouts are never touched and have none."""

    task_code: str
    answer: Answer


@dataclass(frozen=True)
class Purchase:
    """A purchase within the days after `send_on`, of either arm. `net_minor` is after `discount_minor`."""

    task_code: str
    person_id: int
    channel: str
    bought_on: date
    net_minor: int
    discount_minor: int


@dataclass(frozen=True)
class Week:
    """What people did after a week's touches."""

    outcomes: tuple[Outcome, ...]
    purchases: tuple[Purchase, ...]


@dataclass(frozen=True)
class Response:
    """How people answer and staff work, as `definitions/response.yaml` says; shares 0 to 1."""

    lift: Mapping[str, float]
    other_lift: float
    revival: float
    delay_days: float
    diligence: tuple[float, float]
    wrong_number: float
    contact_gone: float
    refused: float
    complained: float
    words: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Lived:
    """What a week of tasks set off, one position a task: `day` of the extra purchase (-1: none), its hidden chance.

    `answers` are None where the task was left undone.
    """

    person: Ints
    is_done: Flags
    chance: Floats
    day: Ints
    answers: tuple[Answer | None, ...]

"""What is written, and what people do after a week of plays."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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
    DECLINED = "declined"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True)
class TaskRow:
    """One person of an approved play, named by one of their source records; holdouts too.

    `offer_strength_share` is the discount offered as a share of the price, 0 where nothing is offered.
    """

    task_code: str
    source: str
    source_row_id: str
    play: str
    send_on: date
    offer_strength_share: float
    arm: Arm


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

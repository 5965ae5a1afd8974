"""What pages show of campaigns, refusals and the use of benefits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class CampaignCount:
    """Coupons of a campaign by state now, and refusals by reason in the days asked for."""

    issued: int = 0
    held: int = 0
    used: int = 0
    void: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class RefusalView:
    """One refusal of a coupon; `member_no` and `coupon` are '' where they are not known."""

    at: datetime
    member_no: str
    coupon: str
    reason: str


@dataclass(frozen=True)
class BenefitUseView:
    """One booking or use of a benefit; `id` is the number of the booking."""

    id: int
    benefit: str
    state: str
    at: datetime
    store: str
    associate: str
    note: str
    cost_minor: int


@dataclass(frozen=True)
class BadgeView:
    """A badge and how far the member is: `done` of `times`."""

    badge: str
    zh: str
    en: str
    done: int
    times: int

    @property
    def is_earned(self) -> bool:
        """Whether the member has it."""
        return self.done >= self.times

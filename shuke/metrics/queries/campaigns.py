"""The shop's own coupon campaigns, before and after: what moved, and that this proves nothing."""

from dataclasses import dataclass
from datetime import date

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.metrics.values import SMALL

_RUNS = """
select source, name, month_on, first_on, last_on, people, coupons, used, face_used_minor, before_minor, after_minor,
  buyers_before, buyers_after, others_before_minor, others_after_minor, is_over
from campaign_effects
order by month_on desc, people desc, source, name
limit $most
"""


@dataclass(frozen=True)
class Campaign:
    """Coupons of one name issued in one month. Money in minor units, of 28 days before and after each one's issue.

    `growth_share` is how much more its people bought afterwards, `others_share` the same of everybody else around the
    middle of the issue (None: nothing before). Neither is an effect: nobody was left out by chance. `is_over`: the 28
    days are.
    """

    source: str
    name: str
    month_on: date
    first_on: date
    last_on: date
    people: int
    coupons: int
    used: int
    face_used_minor: int
    before_minor: int
    after_minor: int
    buyers_before: int
    buyers_after: int
    others_before_minor: int
    others_after_minor: int
    is_over: bool

    @property
    def used_share(self) -> float:
        return self.used / self.coupons if self.coupons else 0.0

    @property
    def growth_share(self) -> float | None:
        return self.after_minor / self.before_minor - 1 if self.before_minor > 0 else None

    @property
    def others_share(self) -> float | None:
        return self.others_after_minor / self.others_before_minor - 1 if self.others_before_minor > 0 else None

    @property
    def is_small(self) -> bool:
        return self.people < SMALL


def campaigns(actor: Actor, *, lake: Reader, most: int = 60) -> tuple[Campaign, ...]:
    """The last campaigns, the newest month first. They are the whole shop's: a store scope sees none."""
    require(actor, Permission.SEE_WEEK)
    if actor.stores is not None or not lake.has("campaign_effects"):
        return ()
    return tuple(Campaign(**row) for row in lake.rows(_RUNS, most=most))

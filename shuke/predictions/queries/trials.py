"""What past plays say about whom they move."""

from dataclasses import dataclass
from datetime import date

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader


@dataclass(frozen=True)
class TrialCard:
    """One play and outcome (`bought`: a share of people; `spend`: minor units a person). None: not estimated.

    verdict: `proven`, `not_proven` or `refused`; reason: '', `chance`, `few`, `power`. `people_needed` would decide it.
    """

    play: str
    outcome: str
    verdict: str
    reason: str
    people: int
    holdout: int
    people_needed: int
    effect: float | None
    effect_low: float | None
    effect_high: float | None
    qini: float | None
    qini_low: float | None
    qini_high: float | None
    top30: float | None
    top30_low: float | None
    top30_high: float | None
    chance_share: float
    as_of: date


def trials(actor: Actor, *, lake: Reader) -> tuple[TrialCard, ...]:
    """Every play with finished trials, the one with most people first; both outcomes of a play together."""
    require(actor, Permission.SEE_WEEK)
    if not lake.has("uplift_models"):
        return ()
    rows = lake.rows("select * from uplift_models order by people desc, play, outcome")
    return tuple(TrialCard(**row) for row in rows)

"""The formulas of this room: purchase clock (the oracle of its SQL) and lifetime (BG/NBD, Gamma-Gamma)."""

from shuke.predictions.rules.baskets import NoBaskets, next_basket
from shuke.predictions.rules.clock import LAST_STEP, fifths, own_cycle_days, return_share, shrink_gaps
from shuke.predictions.rules.lifetime import (
    NothingToFit,
    expected_purchases,
    expected_spend,
    fit_bgnbd,
    fit_gamma_gamma,
    probability_alive,
)
from shuke.predictions.rules.uplift import BadTrial, Uplift, estimate_uplift, uplift_of

__all__ = [
    "LAST_STEP",
    "BadTrial",
    "NoBaskets",
    "NothingToFit",
    "Uplift",
    "estimate_uplift",
    "expected_purchases",
    "expected_spend",
    "fifths",
    "fit_bgnbd",
    "fit_gamma_gamma",
    "next_basket",
    "own_cycle_days",
    "probability_alive",
    "return_share",
    "shrink_gaps",
    "uplift_of",
]

"""The formulas of this room: purchase clock (the oracle of its SQL) and lifetime (BG/NBD, Gamma-Gamma)."""

from shuke.predictions.rules.baskets import NoBaskets, next_basket
from shuke.predictions.rules.clock import LAST_STEP, fifths, own_cycle_days, return_share, shrink_gaps
from shuke.predictions.rules.judging import auc, ece, over_actual, top_tenth_share
from shuke.predictions.rules.lifetime import (
    NothingToFit,
    expected_purchases,
    expected_spend,
    fit_bgnbd,
    fit_gamma_gamma,
    probability_alive,
)
from shuke.predictions.rules.panel import panel, purchases
from shuke.predictions.rules.returns import past_windows, predict_return
from shuke.predictions.rules.uplift import BadTrial, Uplift, estimate_uplift, uplift_of
from shuke.predictions.rules.worth import chance_to_return, nine_of_ten, outlook, relative_doubt

__all__ = [
    "LAST_STEP",
    "BadTrial",
    "NoBaskets",
    "NothingToFit",
    "Uplift",
    "auc",
    "chance_to_return",
    "ece",
    "estimate_uplift",
    "expected_purchases",
    "expected_spend",
    "fifths",
    "fit_bgnbd",
    "fit_gamma_gamma",
    "next_basket",
    "nine_of_ten",
    "outlook",
    "over_actual",
    "own_cycle_days",
    "panel",
    "past_windows",
    "predict_return",
    "probability_alive",
    "purchases",
    "relative_doubt",
    "return_share",
    "shrink_gaps",
    "top_tenth_share",
    "uplift_of",
]

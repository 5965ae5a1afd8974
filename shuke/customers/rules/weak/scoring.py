"""The log odds that two records are one person."""

from collections.abc import Mapping

import numpy as np

from shuke.customers.rules.weak.fitting import Fitted
from shuke.customers.rules.weak.levels import (
    BIRTHDAY,
    FIELDS,
    GENDER,
    NAME,
    PLACE,
    SAME_CITY,
    SAME_FAMILY_NAME,
    Compared,
)
from shuke.customers.values import Floats

_LEAST = 1e-7
# A frequency corrects an agreement by no more than this factor.
_MOST = 50.0


# How often one person's records agree in them.
_KEPT_FAMILY_NAME = 0.8
_KEPT_CITY = 0.8
# A value that nobody else carries may be carried by so many others.
_AT_LEAST = 1.0


def log_odds(found: Compared, fitted: Fitted, *, equal: Mapping[str, float], totals: Mapping[str, float]) -> Floats:
    """Natural log odds of each pair. Where both carry one value, its own frequency stands for the average one."""
    one, strangers, kin = (
        sum(_weights(shares, field.name, found) for field in FIELDS) for shares in (fitted.m, fitted.u, fitted.k)
    )
    name, place = found.levels["name"], found.levels["place"]
    for levels, wanted, value, kept in (
        (name, (NAME.exact,), "name", fitted.m["name"][NAME.exact]),
        (name, SAME_FAMILY_NAME, "family_name", _KEPT_FAMILY_NAME),
        (found.levels["birthday"], (BIRTHDAY.exact,), "birthday", fitted.m["birthday"][BIRTHDAY.exact]),
        (place, (PLACE.exact,), "address", fitted.m["place"][PLACE.exact]),
        (place, SAME_CITY, "city", _KEPT_CITY),
    ):
        carried, total = found.carried[value], totals[value]
        usual = _others(equal[value] * total + 1.0, kept, fitted) / total
        rare = _others(carried, kept, fitted) / total
        at = np.isin(levels, wanted) & (carried > 0)
        rarer = np.where(at, np.log(np.clip(rare / usual, 1 / _MOST, _MOST)), 0.0)
        strangers = strangers + rarer
        if value == "birthday":
            kin = kin + rarer
    other = np.logaddexp(strangers, kin + np.log(fitted.kin_odds))
    found_odds: Floats = np.log(max(fitted.odds, 1e-15)) + one - other
    return found_odds


def _weights(shares: Mapping[str, Floats], field: str, found: Compared) -> Floats:
    """Log shares of the levels; what is missing says nothing, nor does the gender that a first name tells."""
    logs = np.log(np.maximum(shares[field], _LEAST))
    if field == GENDER.name:
        logs[1] = logs[2] = 0.0
    if field in (BIRTHDAY.name, PLACE.name):
        logs[-1] = 0.0
    weights: Floats = logs[found.levels[field]]
    return weights


def _others(carried: Floats | float, kept: float, fitted: Fitted) -> Floats:
    """Of the records that carry a value, those that are not the same person's as one of them."""
    found: Floats = np.maximum(np.asarray(carried - 1.0 - kept * fitted.partners, float), _AT_LEAST)
    return found

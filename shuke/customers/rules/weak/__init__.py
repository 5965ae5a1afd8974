"""The second stage: people whom no key ties, by name, birthday, place and gender (Fellegi and Sunter 1969)."""

from shuke.customers.rules.weak.fitting import Fitted, fit
from shuke.customers.rules.weak.levels import FIELDS, Compared, place_level
from shuke.customers.rules.weak.linking import link
from shuke.customers.rules.weak.scoring import log_odds

__all__ = ["FIELDS", "Compared", "Fitted", "fit", "link", "log_odds", "place_level"]

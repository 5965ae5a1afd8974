"""What is true of the whole shop and weighs in every weak decision."""

from collections.abc import Mapping
from dataclasses import dataclass

from shuke.customers.values.evidence import Floats


@dataclass(frozen=True)
class Statistics:
    """Figures of all evidence, each rounded to a coarse geometric grid so that a little more data rarely changes one.

    `rows`: evidence of people (staff left out); `named`: of them own records with a full name and a birthday.
    `phones`: distinct known phones; `phones_by_prefix`: each prefix's share of them, by its three digits (0 to 999).
    `share_known`: of groups that know a masked phone only, the share whose owner is known by a full phone;
    `pairs_true`: of pairs of such groups with the same digits, how many are one person for each that is not.
    `agrees`: by field, how often two records of one person agree in it, measured on records that keys tie.
    `shares`: by field, how frequent each value is among the rows that carry one, by the value's number (0 stays 0); a
    value is never rarer than `rarest` of its field, so that a pair of equal values does not prove its own rarity.
    `usual_places`, `habit`, `mean_visits`: see `rules.places`.
    """

    rows: float
    named: float
    phones: float
    phones_by_prefix: Floats
    share_known: float
    pairs_true: float
    agrees: Mapping[str, float]
    shares: Mapping[str, Floats]
    rarest: Mapping[str, float]
    usual_places: Floats
    habit: float
    mean_visits: float

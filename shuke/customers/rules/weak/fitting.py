"""m and u of each level, and how many pairs are one person: expectation maximisation on counts of patterns.

m and the number of true pairs follow from the pairs that blocking gives (Dempster, Laird and Rubin 1977), with the
usual m as a prior of so many pairs. Kin are a third class beside one person and two strangers: they share family name
and place far oftener than strangers do, and their birthdays no oftener. u comes from random pairs r, less the true ones
among them: r = pi m + (1 - pi) u. Patterns are counted in whole numbers in a fixed order and the results rounded, so
that they are the same on any number of threads.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shuke.customers.rules.statistics import quantised, quantised_figure
from shuke.customers.rules.weak.levels import (
    BIRTHDAY,
    FIELDS,
    GENDER,
    KIN_NAMES,
    KIN_PLACES,
    NAME,
    PLACE,
    Compared,
    Field,
)
from shuke.customers.values import Floats, Ints

_ROUNDS = 60
_WRITTEN_PAIRS = 40.0
# Where the search for the number of true pairs begins.
_PAIRS_A_RECORD = 0.05
_LEAST = 1e-7
_STEPS_AN_OCTAVE = 8
_LEAST_LEFT = 0.02


@dataclass(frozen=True)
class Fitted:
    """Shares of levels by field: `m` in one person, `u` among strangers, `k` among kin.

    `odds` and `kin_odds` are those of one person, and of kin, to strangers before anything is compared; `partners` how
    many other records of its person a record has.
    """

    m: Mapping[str, Floats]
    u: Mapping[str, Floats]
    k: Mapping[str, Floats]
    odds: float
    kin_odds: float
    partners: float


def fit(found: Compared, random: Compared, *, records: int, total: float, equal: Mapping[str, float]) -> Fitted:
    """Fits to `found` (from blocking) and `random` pairs, of `records` records that seek their like in `total` pairs.

    `equal`: by field, the chance that two random records carry the same value (of those that carry one).
    """
    drawn = {field.name: _random_share(field, random.levels[field.name], equal.get(field.name)) for field in FIELDS}
    patterns, counts = _patterns(found)
    total = max(total, 1.0)
    usual = {field.name: np.array(field.usual) for field in FIELDS}
    kin_usual = usual | {NAME.name: np.array(KIN_NAMES), PLACE.name: np.array(KIN_PLACES)}
    m, k = ({field.name: _normal(field, values[field.name]) for field in FIELDS} for values in (usual, kin_usual))
    pairs = kin = max(_PAIRS_A_RECORD * records, 1.0)
    for _ in range(_ROUNDS):
        u = {field.name: _strangers(drawn[field.name], m[field.name], pairs / total) for field in FIELDS}
        k |= {BIRTHDAY.name: u[BIRTHDAY.name], GENDER.name: u[GENDER.name]}
        one, related = pairs * _product(patterns, m), kin * _product(patterns, k)
        either = one + related + (total - pairs - kin) * _product(patterns, u)
        one, related = counts * one / either, counts * related / either
        pairs, kin = (max(float(part.sum()), 0.001 * records, 1.0) for part in (one, related))
        for place, field in enumerate(FIELDS):
            for shares, part, written in ((m, one, usual), (k, related, kin_usual)):
                seen = np.bincount(patterns[:, place], weights=part, minlength=len(field))
                shares[field.name] = _normal(field, seen + _WRITTEN_PAIRS * written[field.name])
    k |= {BIRTHDAY.name: u[BIRTHDAY.name], GENDER.name: u[GENDER.name]}
    m, u, k = ({name: _rounded(values) for name, values in shares.items()} for shares in (m, u, k))
    odds, kin_odds, partners = pairs / total, kin / total, 2 * pairs / records
    return Fitted(m, u, k, quantised_figure(odds), quantised_figure(kin_odds), quantised_figure(partners))


def _rounded(shares: Floats) -> Floats:
    return np.minimum(quantised(shares, steps=_STEPS_AN_OCTAVE), 1.0)


def _patterns(found: Compared) -> tuple[Ints, Floats]:
    """Distinct combinations of levels (one row each) and how many pairs have them."""
    code = np.zeros(len(found), np.int64)
    for field in FIELDS:
        code = code * len(field) + found.levels[field.name]
    codes, counts = np.unique(code, return_counts=True)
    columns = []
    for field in reversed(FIELDS):
        columns.append(codes % len(field))
        codes = codes // len(field)
    return np.stack(columns[::-1], axis=1), counts.astype(float)


def _product(patterns: Ints, shares: Mapping[str, Floats]) -> Floats:
    likely = np.ones(len(patterns))
    for place, field in enumerate(FIELDS):
        likely *= np.where(np.array(field.classes) < 0, 1.0, shares[field.name])[patterns[:, place]]
    return likely


def _random_share(field: Field, levels: Ints, equal: float | None) -> Floats:
    """The share of each level among random pairs; of the exact one as the values' frequencies say."""
    counts = np.bincount(levels, minlength=len(field)).astype(float)
    share = _normal(field, counts + 0.5)
    if equal is not None:
        share[field.exact] = max(equal, _LEAST)
    return np.maximum(share, _LEAST)


def _strangers(drawn: Floats, m: Floats, true: float) -> Floats:
    """u, from the shares among random pairs of which the share `true` is one person."""
    return np.maximum((drawn - true * m) / (1.0 - true), np.maximum(_LEAST_LEFT * drawn, _LEAST))


def _normal(field: Field, weights: Floats) -> Floats:
    """Weights as shares within each class of levels."""
    classes = np.array(field.classes)
    share = np.ones(len(field))
    for number in range(int(classes.max()) + 1):
        inside = classes == number
        share[inside] = weights[inside] / max(float(weights[inside].sum()), _LEAST)
    return share

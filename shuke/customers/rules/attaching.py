"""Ties of weak evidence between groups that keys made: what joins, in which partition, under the same guards."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from shuke.customers.rules import masked
from shuke.customers.rules.admission import refused
from shuke.customers.values import Evidence, Floats, Ints, Limits, Pairs, Reason, Weights


@dataclass(slots=True)
class Standing:
    """Where each row stands so far: its labels in both partitions, why, and how probable that is."""

    used: Ints
    automatic: Ints
    reason: Ints
    probability: Floats


def attach_weak(
    evidence: Evidence,
    standing: Standing,
    *,
    stages: Iterable[tuple[masked.Attach, Reason]],
    limits: Limits,
    weights: Weights,
) -> list[Pairs]:
    """Takes the ties of one stage after the other into `standing`, and gives all ties that the stages found.

    A tie of at least `probable_from` joins, one of at least `automatic_from` in the automatic partition too, unless a
    guard refuses it.
    """
    found: list[Pairs] = []
    for attach, why in stages:
        ties = attach(evidence, standing.used)
        likely = np.flatnonzero(ties.probability >= weights.probable_from)
        left, right, probability = ties.masked[likely], ties.owner[likely], ties.probability[likely]
        no = refused(evidence, standing.used, left, right, probability=probability, limits=limits)
        is_refused = np.zeros(len(ties.masked), bool)
        is_refused[likely] = no
        reasons = np.full(len(is_refused), int(why), np.int64)
        joined = np.zeros(len(is_refused), bool)
        found.append(Pairs(ties.masked, ties.owner, ties.probability, reasons, joined, refused=is_refused))
        if not no.all():
            _take(standing, masked.Joins(left[~no], right[~no], probability[~no]), why=why, weights=weights)
    return found


def _take(standing: Standing, joins: masked.Joins, *, why: Reason, weights: Weights) -> None:
    """Joins the groups, and tells the rows of those that joined why."""
    joined = np.zeros(len(standing.used))
    joined[standing.used[joins.masked]] = joins.probability
    rows = np.flatnonzero(joined[standing.used])
    standing.reason[rows] = why
    standing.probability[rows] = np.minimum(standing.probability[rows], joined[standing.used[rows]])
    standing.used = masked.merge(standing.used, joins)
    standing.automatic = masked.merge(standing.automatic, joins, least=weights.automatic_from)

"""From evidence to who is who: components, contested ones settled, masked records attached, reasons."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from shuke.customers.rules import masked
from shuke.customers.rules.accounts import attach_accounts
from shuke.customers.rules.attaching import Standing, attach_weak
from shuke.customers.rules.components import components, star_edges
from shuke.customers.rules.contested import FOREVER, Era, Settled, Spelled, mixed
from shuke.customers.rules.guards import standing_alone
from shuke.customers.rules.pairing import all_of, certainty, pairs_of, told
from shuke.customers.rules.settling import settle
from shuke.customers.rules.statistics import measure
from shuke.customers.values import KEY_TYPES, Evidence, Flags, Floats, Ints, Limits, Parts, Reason, Statistics, Weights

_REASON_OF = {kind: Reason.PINNED if kind == "pin" else Reason[kind.upper()] for kind in KEY_TYPES}


def partition(
    evidence: Evidence,
    *,
    spelled: Spelled,
    limits: Limits,
    weights: Weights,
    statistics: Statistics | None = None,
    close: masked.Close | None = None,
    similar: masked.Attach | None = None,
) -> Parts:
    """Who each evidence belongs to, in the partition in use and in the automatic one.

    `spelled` gives the full name of each of some rows, None where it has none; `close` says of pairs of rows whether
    their full names are two spellings of one; `similar` is the second stage, from groups so far to joins. Without
    `statistics` they are measured on the evidence given.
    """
    evidence = standing_alone(evidence)
    label = components(len(evidence), [star_edges(evidence.keys[kind]) for kind in KEY_TYPES])
    reason, probability = _by_strongest_key(evidence, label, weights=weights)
    at = Standing(label.copy(), label.copy(), reason, probability)
    rows = mixed(evidence, label, limits=limits)
    settled = settle(evidence, rows, component=label[rows], spelled=spelled, limits=limits, weights=weights)
    _take_settled(at, rows, settled)
    known = statistics or measure(evidence, label, weights=weights)
    figures: dict[str, Any] = {"statistics": known, "weights": weights}
    stages: list[tuple[masked.Attach, Reason]] = [
        (partial(masked.attach, close=close, **figures), Reason.MASKED_PHONE),
        (partial(masked.attach_each_other, close=close, **figures), Reason.MASKED_PHONE),
        (similar or masked.nothing, Reason.SIMILAR_PERSON),
        (partial(attach_accounts, **figures), Reason.NAME_AND_BIRTHDAY),
    ]
    ties = attach_weak(evidence, at, stages=stages, limits=limits, weights=weights)
    nobody = _is_nobody(evidence, at.used)
    pairs = told(
        all_of([pairs_of(settled.ties), *ties]),
        evidence,
        used=at.used,
        automatic=at.automatic,
        nobody=nobody,
        least=weights.review_from,
    )
    certain = certainty(pairs, at.used)
    used = np.where(nobody, -1, at.used)
    automatic = np.where(_is_nobody(evidence, at.automatic), -1, at.automatic)
    reason[nobody], probability[nobody] = Reason.NO_KEY, 0.0
    _tell_who_stands_alone(evidence, reason)
    parts = _parts(used, automatic, reason=reason, probability=probability, eras=settled.eras)
    return replace(parts, pairs=pairs, certainty=certain)


def _take_settled(at: Standing, rows: Ints, settled: Settled) -> None:
    """Where contested rows stand after their settlement."""
    at.used[rows], at.automatic[rows] = settled.used, settled.automatic
    for doubt in settled.doubts:
        at.reason[doubt.row], at.probability[doubt.row] = doubt.reason, doubt.probability
    for era in settled.eras:
        # A row of several owners counts as the last one's here; `_parts` tells them apart.
        at.used[era.row] = at.used[era.holder]


def _tell_who_stands_alone(evidence: Evidence, reason: Ints) -> None:
    reason[evidence.is_staff] = Reason.STAFF
    if len(evidence.is_test):
        reason[evidence.is_test] = Reason.TEST


def _by_strongest_key(evidence: Evidence, label: Ints, *, weights: Weights) -> tuple[Ints, Floats]:
    """The strongest key that a row shares with another row, else the strongest that it has."""
    reason = np.full(len(evidence), int(Reason.ALONE), np.int64)
    probability = np.ones(len(evidence))
    several = np.bincount(label, weights=evidence.records, minlength=len(evidence))[label] > 1
    for shared in (False, True):
        for kind in reversed(KEY_TYPES):
            values = evidence.keys[kind]
            if shared:
                carried = np.bincount(values, minlength=1)
                carried[0] = 0
                rows = np.flatnonzero(several & (carried[values] > 1))
            elif kind == "record":
                continue
            else:
                rows = np.flatnonzero(several & (values != 0))
            reason[rows] = _REASON_OF[kind]
            probability[rows] = weights.keys.get(kind, 1.0)
    return reason, probability


def _is_nobody(evidence: Evidence, label: Ints) -> Flags:
    """Rows of groups in which no row has a key or is a record of its own."""
    known = np.zeros(len(evidence), bool)
    somebody = evidence.is_own.copy()
    for kind in KEY_TYPES:
        somebody |= evidence.keys[kind] != 0
    known[label[somebody]] = True
    return ~known[label]


def _parts(used: Ints, automatic: Ints, *, reason: Ints, probability: Floats, eras: list[Era]) -> Parts:
    """One part a row, and one an era for rows on a number that changed hands."""
    plain = np.ones(len(used), bool)
    plain[[era.row for era in eras]] = False
    rows = np.flatnonzero(plain)
    eras = sorted(eras, key=lambda era: (era.row, era.from_s))
    holder = np.array([era.holder for era in eras], np.int64)
    certain = np.array([era.certain for era in eras], bool)
    forever = np.full(len(rows), FOREVER, np.int64)
    parts = Parts(
        evidence=np.concatenate([rows, np.array([era.row for era in eras], np.int64)]),
        from_s=np.concatenate([-forever, np.array([era.from_s for era in eras], np.int64)]),
        until_s=np.concatenate([forever, np.array([era.until_s for era in eras], np.int64)]),
        used=np.concatenate([used[rows], used[holder]]),
        automatic=np.concatenate([automatic[rows], np.where(certain, automatic[holder], -1)]),
        probability=np.concatenate([probability[rows], np.array([era.probability for era in eras], float)]),
        reason=np.concatenate([reason[rows], np.full(len(eras), int(Reason.RECYCLED_NUMBER), np.int64)]),
    )
    order = np.argsort(parts.evidence, kind="stable")
    columns = ("evidence", "from_s", "until_s", "used", "automatic", "probability", "reason")
    return Parts(**{name: getattr(parts, name)[order] for name in columns})

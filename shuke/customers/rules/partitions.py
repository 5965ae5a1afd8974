"""From evidence to who is who: components, contested ones settled, masked records attached, reasons."""

from functools import partial

import numpy as np

from shuke.customers.rules import masked
from shuke.customers.rules.accounts import attach_accounts
from shuke.customers.rules.components import components, has_several, more_than, star_edges
from shuke.customers.rules.holders import FOREVER, Era, Spelled, settle
from shuke.customers.rules.statistics import measure
from shuke.customers.values import (
    KEY_TYPES,
    ONCE_ONLY,
    Evidence,
    Flags,
    Floats,
    Ints,
    Limits,
    Parts,
    Reason,
    Statistics,
    Weights,
)

_REASON_OF = {kind: Reason.PINNED if kind == "pin" else Reason[kind.upper()] for kind in KEY_TYPES}


def partition(
    evidence: Evidence,
    *,
    spelled: Spelled,
    limits: Limits,
    weights: Weights,
    statistics: Statistics | None = None,
    close: masked.Close | None = None,
) -> Parts:
    """Who each evidence belongs to, in the partition in use and in the automatic one.

    `spelled` gives the full name of each of some rows, None where it has none; `close` says of pairs of rows whether
    their full names are two spellings of one. Without `statistics` they are measured on the evidence given.
    """
    label = components(len(evidence), [star_edges(evidence.keys[kind]) for kind in KEY_TYPES])
    reason, probability = _by_strongest_key(evidence, label, weights=weights)
    used, automatic = label.copy(), label.copy()
    rows = _contested(evidence, label, limits=limits)
    settled = settle(evidence, rows, component=label[rows], spelled=spelled, limits=limits, weights=weights)
    used[rows], automatic[rows] = settled.used, settled.automatic
    for doubt in settled.doubts:
        reason[doubt.row], probability[doubt.row] = doubt.reason, doubt.probability
    known = statistics or measure(evidence, label, weights=weights)
    used, automatic = _attach_weak(
        evidence,
        used,
        automatic,
        reason=reason,
        probability=probability,
        weights=weights,
        statistics=known,
        close=close,
    )
    nobody = _is_nobody(evidence, used)
    used, automatic = np.where(nobody, -1, used), np.where(_is_nobody(evidence, automatic), -1, automatic)
    reason[nobody], probability[nobody] = Reason.NO_KEY, 0.0
    reason[evidence.is_staff] = Reason.STAFF
    return _parts(used, automatic, reason=reason, probability=probability, eras=settled.eras)


def _contested(evidence: Evidence, label: Ints, *, limits: Limits) -> Ints:
    """Rows of each component that may mix several people, component by component."""
    full = np.where(evidence.name_is_full, evidence.name, 0)
    kinds = [full, evidence.birthday, *(evidence.keys[kind] for kind in ONCE_ONLY)]
    found = [has_several(label, values) for values in kinds]
    found += [more_than(label + 1, evidence.keys[kind], most=most) - 1 for kind, most in limits.values.items()]
    mixed = np.zeros(len(evidence), bool)
    mixed[np.concatenate(found)] = True
    rows = np.flatnonzero(mixed[label])
    return rows[np.argsort(label[rows], kind="stable")]


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


def _attach_weak(
    evidence: Evidence,
    used: Ints,
    automatic: Ints,
    *,
    reason: Ints,
    probability: Floats,
    weights: Weights,
    statistics: Statistics,
    close: masked.Close | None,
) -> tuple[Ints, Ints]:
    """Both partitions after ties of weak evidence; writes their reason and probability into the arrays given."""
    for attach, why in (
        (attach_accounts, Reason.NAME_AND_BIRTHDAY),
        (partial(masked.attach, close=close), Reason.MASKED_PHONE),
        (partial(masked.attach_each_other, close=close), Reason.MASKED_PHONE),
    ):
        joins = masked.likely(attach(evidence, used, statistics=statistics, weights=weights), weights.probable_from)
        if not len(joins.masked):
            continue
        joined = np.zeros(len(evidence))
        joined[used[joins.masked]] = joins.probability
        rows = np.flatnonzero(joined[used])
        reason[rows] = why
        probability[rows] = np.minimum(probability[rows], joined[used[rows]])
        used = masked.merge(used, joins)
        automatic = masked.merge(automatic, joins, least=weights.automatic_from)
    return used, automatic


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

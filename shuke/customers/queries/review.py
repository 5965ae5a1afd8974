"""Pairs that may be one person: the queue, one pair, and a batch for labelling."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shuke.access.rules import Permission, require
from shuke.customers.models import Decision, Label
from shuke.customers.queries.decisions import applied_epoch
from shuke.customers.queries.sides import sides_of
from shuke.customers.rules.points import FIELDS, points
from shuke.customers.values import ReviewPage, ReviewPair
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.lake.queries import Reader
from shuke.lake.rules import literal

_SAYS = ", ".join(f"p.says_{field}" for field in FIELDS)
_PAIR = f"""p.pair_id, p.customer_id, p.other_customer_id, p.left_evidence, p.right_evidence, p.left_record,
  p.right_record, p.probability, p.reason, p.joined, p.refused, p.records, p.stratum, {_SAYS}"""


class NoSuchPair(ShukeError):
    """The pair does not wait for a decision (any more), or the actor's stores may not see it."""


def review_queue(
    actor: Actor, *, lake: Reader, reason: str | None = None, joined: bool | None = None, limit: int = 20, skip: int = 0
) -> ReviewPage:
    """Pairs that wait for a decision, the weightiest first (records that would move times uncertainty), skipped last.

    `reason` and `joined` filter; `by_reason` counts all that wait. A pair leaves as soon as it is decided. A store sees
    a pair only where both customers are its own.
    """
    require(actor, Permission.SEE_PAIRS)
    if not lake.has("review_pairs"):
        return ReviewPage(total=0, by_reason={}, pairs=())
    waiting = _waiting(actor)
    counted = lake.rows(f"select p.reason, p.joined, count(*) as pairs from review_pairs p {waiting} group by 1, 2")
    fits = [row for row in counted if (reason is None or row["reason"] == reason) and joined in (None, row["joined"])]
    by_reason: dict[str, int] = {}
    for row in counted:
        by_reason[row["reason"]] = by_reason.get(row["reason"], 0) + int(row["pairs"])
    filters = "" if reason is None else f" and p.reason = {literal(reason)}"
    filters += "" if joined is None else f" and p.joined = {literal(joined)}"
    rows = lake.rows(
        f"select {_PAIR} from review_pairs p {waiting}{filters}"
        f" order by p.pair_id in {_skipped(actor)}, p.stake desc, p.pair_id limit $limit offset $skip",
        limit=limit,
        skip=skip,
    )
    return ReviewPage(
        total=sum(int(row["pairs"]) for row in fits),
        by_reason=dict(sorted(by_reason.items(), key=lambda one: (-one[1], one[0]))),
        pairs=_pairs(lake, rows),
    )


def review_pair(actor: Actor, *, lake: Reader, pair_id: str) -> ReviewPair:
    """One pair of the queue; raises `NoSuchPair` where it does not wait."""
    require(actor, Permission.SEE_PAIRS)
    rows = _rows_of(lake, pair_id=pair_id, where=_waiting(actor)) if lake.has("review_pairs") else []
    if not rows:
        raise NoSuchPair("This pair does not wait for a decision any more.", hint="Take the next one of the queue.")
    return _pairs(lake, rows)[0]


def pair_records(actor: Actor, *, lake: Reader, pair_id: str) -> Mapping[str, Any]:
    """The row of table review_pairs behind a pair that waits or is in the sample; raises `NoSuchPair`."""
    require(actor, Permission.MERGE_CUSTOMERS)
    rows = _rows_of(lake, pair_id=pair_id, where="where true") if lake.has("review_pairs") else []
    if not rows:
        raise NoSuchPair("There is no such pair any more.", hint="Take the next one.")
    return rows[0]


def label_batch(actor: Actor, *, lake: Reader, size: int = 20) -> tuple[ReviewPair, ...]:
    """The next pairs of the random sample without an answer, strata mixed; probability and reason are hidden.

    The same pairs in the same order while the generation stays.
    """
    require(actor, Permission.MERGE_CUSTOMERS)
    if not lake.has("review_pairs"):
        return ()
    answered = _listed(Label.objects.values_list("pair_id", flat=True).distinct())
    # Places are counted before answers are left out, so that an answer moves nothing.
    rows = lake.rows(
        f"select {_PAIR} from"
        " (select *, row_number() over (partition by stratum order by stable_hash(pair_id), pair_id) as place"
        " from review_pairs where stratum <> 'queue') p"
        f" where p.pair_id not in {answered} order by p.place, p.stratum limit $size",
        size=size,
    )
    return tuple(
        ReviewPair(one.pair_id, one.left, one.right, None, "", False, False, one.evidence, one.records)
        for one in _pairs(lake, rows)
    )


def _waiting(actor: Actor) -> str:
    """The condition that leaves out pairs decided since the last resolution."""
    applied = applied_epoch(actor)
    found = Decision.objects.filter(kind__in=("same", "different"), id__gt=applied, revocation__isnull=True)
    decided = _listed(found.values_list("pair_id", flat=True))
    visible = "" if actor.stores is None else " and p.other_customer_id in (select customer_id from customer_profiles)"
    return f"where p.stratum = 'queue' and p.pair_id not in {decided}{visible}"


def _skipped(actor: Actor) -> str:
    """Pairs that this person could not decide."""
    found = Decision.objects.filter(kind="skipped", revocation__isnull=True, actor=actor.name)
    return _listed(found.values_list("pair_id", flat=True).distinct())


def _listed(pairs: Iterable[str]) -> str:
    """A list for SQL that is never empty: nothing is in an empty one, but nothing is outside of it either."""
    return literal(sorted({"", *pairs}))


def _rows_of(lake: Reader, *, pair_id: str, where: str) -> list[dict[str, Any]]:
    return lake.rows(
        f"select {_PAIR} from review_pairs p {where} and p.pair_id = $pair"
        " order by p.stratum = 'queue' desc, p.stratum",
        pair=pair_id,
    )


def _pairs(lake: Reader, rows: Sequence[Mapping[str, Any]]) -> tuple[ReviewPair, ...]:
    known = sides_of(lake, asked=list(_asked(rows)))
    found = []
    for row in rows:
        left, right = known[row["left_evidence"]], known[row["right_evidence"]]
        says = {field: row[f"says_{field}"] for field in FIELDS}
        found.append(
            ReviewPair(
                pair_id=row["pair_id"],
                left=left.side,
                right=right.side,
                probability=float(row["probability"]),
                reason=row["reason"],
                joined=bool(row["joined"]),
                refused=bool(row["refused"]),
                evidence=points(says, left=left.fields, right=right.fields),
                records=int(row["records"]),
            )
        )
    return tuple(found)


def _asked(rows: Iterable[Mapping[str, Any]]) -> Iterable[tuple[int, int | None, bool]]:
    """Evidence, its customer, and whether only the evidence itself is meant (both sides are one customer)."""
    for row in rows:
        alone = row["customer_id"] == row["other_customer_id"]
        yield row["left_evidence"], row["customer_id"], alone
        yield row["right_evidence"], row["other_customer_id"], alone

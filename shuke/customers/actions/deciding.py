"""What a person decides on a page: about a pair of the queue, two customers, or a customer's evidence; and labels."""

from collections.abc import Sequence

from django.db import transaction

from shuke.access.rules import Permission, require
from shuke.customers.actions.pins import Asked, Named, decide
from shuke.customers.models import Label
from shuke.customers.queries import living_id, pair_records, review_pair
from shuke.customers.values import Decided
from shuke.journal.actions import note as journal
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import WrongUse
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import Reader, open_reader

ANSWERS = {"same": "same", "different": "different", "skip": "skipped"}
_MOST_OF_EVIDENCE = 200
# An order without person fields has no evidence: it follows its twin and is never named.
_OF_CUSTOMER = """
select record_id, customer_id, customer_id_automatic as own_id, evidence_id
from identity where customer_id = $id and evidence_id is not null and reason <> 'same_order'
order by record_id
"""
_OF_EVIDENCE = """
select i.record_id, i.customer_id, i.customer_id_automatic as own_id
from identity i where i.evidence_id = $evidence and (i.record_id = $record or i.customer_id is not distinct from
  (select n.customer_id from identity n where n.record_id = $record))
order by i.record_id <> $record, i.record_id
limit $most
"""


def decide_pair(
    actor: Actor, *, workspace: Workspace, pair_id: str, answer: str, note: str = "", replace: bool = False
) -> Decided:
    """Keeps the answer to a pair of the queue: same, different or skip. It is applied by the next resolution.

    Names all records of both sides' evidence (at most 200 a side). Raises `NoSuchPair`, `Contradiction`, `WrongUse`.
    """
    require(actor, Permission.MERGE_CUSTOMERS)
    if answer not in ANSWERS:
        raise WrongUse(f"'{answer}' is no answer.", hint=f"Answer one of: {', '.join(ANSWERS)}.")
    with open_reader(SYSTEM, workspace) as lake:
        review_pair(SYSTEM, lake=lake, pair_id=pair_id)
        pair = pair_records(SYSTEM, lake=lake, pair_id=pair_id)
        left, right = (
            _of_evidence(lake, evidence=pair[f"{side}_evidence"], record=pair[f"{side}_record"])
            for side in ("left", "right")
        )
    asked = Asked(
        kind=ANSWERS[answer],
        sides=(left, right),
        left_id=pair["customer_id"],
        right_id=pair["other_customer_id"],
        reason=note,
        pair_id=pair_id,
    )
    return decide(actor, asked=asked, replace=replace)


def decide_merge(
    actor: Actor, *, workspace: Workspace, left: int, right: int, reason: str, replace: bool = False
) -> Decided:
    """Keeps that two customers are one; names all their records. Raises `WrongUse` for one and the same customer."""
    require(actor, Permission.MERGE_CUSTOMERS)
    _need_reason(reason)
    with open_reader(SYSTEM, workspace) as lake:
        ids = living_id(lake, left), living_id(lake, right)
        if ids[0] == ids[1]:
            raise WrongUse("These two are one customer already.", hint="Choose another one.")
        sides = tuple(tuple(named for named, _ in _of_customer(lake, customer_id=one)) for one in ids)
    asked = Asked("merge", sides=(sides[0], sides[1]), left_id=ids[0], right_id=ids[1], reason=reason)
    return decide(actor, asked=asked, replace=replace)


def decide_split(
    actor: Actor, *, workspace: Workspace, customer_id: int, evidence: Sequence[int], reason: str
) -> Decided:
    """Keeps that some evidence of a customer is another person's.

    Both sides become parties that stay apart. Earlier decisions that tie them end. Raises `WrongUse` where no or all
    evidence was chosen.
    """
    require(actor, Permission.MERGE_CUSTOMERS)
    _need_reason(reason)
    with open_reader(SYSTEM, workspace) as lake:
        living = living_id(lake, customer_id)
        stay, leave = sides_of_split(lake, customer_id=living, evidence=evidence)
    asked = Asked("split", sides=(stay, leave), left_id=living, right_id=None, reason=reason)
    return decide(actor, asked=asked, replace=True)


def sides_of_split(
    lake: Reader, *, customer_id: int, evidence: Sequence[int]
) -> tuple[tuple[Named, ...], tuple[Named, ...]]:
    """The records of a customer that stay and those of the chosen evidence; raises `WrongUse` where either is none."""
    chosen = set(evidence)
    records = _of_customer(lake, customer_id=customer_id)
    leave = tuple(named for named, carried in records if carried in chosen)
    stay = tuple(named for named, carried in records if carried not in chosen)
    if not leave or not stay:
        raise WrongUse(
            "Choose some of the evidence, not none and not all of it.", hint="Tick what belongs to somebody else."
        )
    return stay, leave


@transaction.atomic
def record_label(actor: Actor, *, workspace: Workspace, pair_id: str, answer: str) -> int:
    """Keeps an answer (same, different, unsure) to a pair of the sample; pins nothing. Returns how many have one."""
    require(actor, Permission.MERGE_CUSTOMERS)
    if answer not in ("same", "different", "unsure"):
        raise WrongUse(f"'{answer}' is no answer.", hint="Answer same, different or unsure.")
    with open_reader(SYSTEM, workspace) as lake:
        pair = pair_records(SYSTEM, lake=lake, pair_id=pair_id)
    Label.objects.create(
        at=utc_now(),
        actor=actor.name,
        user_id=actor.user_id,
        pair_id=pair_id,
        left_record=pair["left_record"],
        right_record=pair["right_record"],
        stratum=pair["stratum"] if pair["stratum"] != "queue" else "apart",
        answer=answer,
    )
    journal(actor, "labelled", object_type="pair", object_id=pair_id, answer=answer)
    return Label.objects.values("pair_id").distinct().count()


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise WrongUse("A reason is needed.", hint="One sentence is enough; it stays in the history.")


def _of_customer(lake: Reader, *, customer_id: int) -> list[tuple[Named, int]]:
    rows = lake.rows(_OF_CUSTOMER, id=customer_id)
    return [(Named(row["record_id"], row["customer_id"], row["own_id"]), row["evidence_id"]) for row in rows]


def _of_evidence(lake: Reader, *, evidence: int, record: int) -> tuple[Named, ...]:
    rows = lake.rows(_OF_EVIDENCE, evidence=evidence, record=record, most=_MOST_OF_EVIDENCE)
    return tuple(Named(row["record_id"], row["customer_id"], row["own_id"]) for row in rows)

"""Measured quality of the shop's own matching, from labels."""

from collections.abc import Sequence

from shuke.access.rules import Permission, require
from shuke.customers.models import Label
from shuke.customers.rules.labelling import recall, share_of_same, strata_of
from shuke.customers.rules.sampling import STRATA
from shuke.customers.values import Measured
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.lake.rules import literal

_POPULATIONS = "select stratum, max(population) as ties from review_pairs where stratum <> 'queue' group by stratum"
_WHERE_NOW = """
select record_id, customer_id, customer_id_automatic from identity where record_id in {records}
"""


def measured(actor: Actor, *, lake: Reader) -> Measured:
    """Precision and recall of the partition in use, and precision of automatic ties, with 95 % intervals.

    A label counts in the stratum that its two records are in now; the latest answer a pair counts, unsure ones do not.
    Recall is over ties that some rule proposed: records that nothing ties are not in the sample.
    """
    require(actor, Permission.MERGE_CUSTOMERS)
    latest: dict[str, Label] = {}
    for label in Label.objects.order_by("id").iterator():
        latest[label.pair_id] = label
    sure = [label for label in latest.values() if label.answer != "unsure"]
    populations = {row["stratum"]: int(row["ties"]) for row in lake.rows(_POPULATIONS)} if _built(lake) else {}
    answers: dict[str, tuple[int, int]] = {}
    for label, stratum in zip(sure, _strata(lake, labels=sure), strict=True):
        count, same = answers.get(stratum, (0, 0))
        answers[stratum] = count + 1, same + (label.answer == "same")
    strata = strata_of(populations, answers, order=STRATA)
    automatic, probable, apart = strata
    return Measured(
        labels=len(sure),
        unsure=len(latest) - len(sure),
        precision=share_of_same([automatic, probable]),
        recall=recall([automatic, probable], [apart]),
        automatic=share_of_same([automatic]),
        by_band=strata,
    )


def _built(lake: Reader) -> bool:
    return lake.has("review_pairs")


def _strata(lake: Reader, *, labels: Sequence[Label]) -> list[str]:
    """The stratum of each label now; that of its sample where a record has vanished."""
    if not labels or not lake.has("identity"):
        return [label.stratum for label in labels]
    asked = sorted({record for label in labels for record in (label.left_record, label.right_record)})
    rows = lake.rows(_WHERE_NOW.format(records=literal(asked)))
    where = {row["record_id"]: (row["customer_id"], row["customer_id_automatic"]) for row in rows}
    found = []
    for label in labels:
        left, right = where.get(label.left_record), where.get(label.right_record)
        if left is None or right is None:
            found.append(label.stratum)
        elif left[0] is None or left[0] != right[0]:
            found.append("apart")
        else:
            found.append("automatic" if left[1] is not None and left[1] == right[1] else "probable")
    return found

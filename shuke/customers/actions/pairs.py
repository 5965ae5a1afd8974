"""Likely ties that a person should look at, and ties to be labelled, written into a run."""

import numpy as np
import pyarrow as pa

from shuke.customers.actions.evidence import Loaded
from shuke.customers.adapters import weights
from shuke.customers.rules.sampling import sample
from shuke.customers.values import Ints, Minted, Parts, Reason
from shuke.lake.actions import Run

_SAMPLED = 400


def write_pairs(run: Run, *, loaded: Loaded, parts: Parts) -> None:
    """Table candidate_pairs: ties below the automatic band and refused ones, and a sample of each stratum."""
    pairs = parts.pairs
    asked = pairs.refused | (pairs.probability < weights().automatic_from)
    # A gift's receiver is somebody else, and the order is the buyer's all the same: there is nothing to answer.
    asked &= ~(pairs.joined & (pairs.reason == Reason.OTHER_RECEIVER))
    tables = [
        _table(
            loaded.ids[pairs.left[asked]],
            loaded.ids[pairs.right[asked]],
            stratum="queue",
            population=int(asked.sum()),
            probability=pa.array(pairs.probability[asked], pa.float64()),
            reason=_codes(pairs.reason[asked]),
            joined=pa.array(pairs.joined[asked]),
            refused=pa.array(pairs.refused[asked]),
        )
    ]
    for drawn in sample(parts, ids=loaded.ids, most=_SAMPLED):
        size = len(drawn.left)
        tables.append(
            _table(
                loaded.ids[drawn.left],
                loaded.ids[drawn.right],
                stratum=drawn.stratum,
                population=drawn.population,
                probability=pa.array(np.ones(size)),
                reason=_codes(np.full(size, int(Reason.ALONE))),
                joined=pa.array(np.full(size, drawn.stratum != "apart")),
                refused=pa.array(np.zeros(size, bool)),
            )
        )
    run.write_arrow("candidate_pairs", rows=pa.concat_tables(tables))


def write_certainty(run: Run, *, parts: Parts, minted: Minted) -> None:
    """Table customer_certainty: customers of whom some tie is doubtful."""
    known = np.flatnonzero((parts.automatic >= 0) & (parts.certainty[np.maximum(parts.used, 0)] < 1))
    customers = minted.customers[np.searchsorted(minted.clusters, parts.automatic[known])]
    ids, first = np.unique(customers, return_index=True)
    columns = {"customer_id": ids, "certainty": parts.certainty[parts.used[known[first]]]}
    run.write_arrow("customer_certainty", rows=pa.table(columns))


def _codes(reasons: Ints) -> pa.Array:
    return pa.array([reason.code for reason in sorted(Reason)]).take(pa.array(reasons, pa.int64()))


def _table(left: Ints, right: Ints, *, stratum: str, population: int, **columns: pa.Array) -> pa.Table:
    fixed = {
        "stratum": pa.repeat(stratum, len(left)),
        "population": pa.repeat(pa.scalar(population, pa.int64()), len(left)),
    }
    return pa.table({"left_evidence": pa.array(left), "right_evidence": pa.array(right), **columns, **fixed})

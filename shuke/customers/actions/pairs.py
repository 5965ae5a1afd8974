"""Likely ties that a person should look at, and ties to be labelled, written into a run."""

import numpy as np
import pyarrow as pa

from shuke.customers.actions.evidence import Loaded
from shuke.customers.adapters import weights
from shuke.customers.rules.sampling import sample
from shuke.customers.values import Ints, Parts, Reason
from shuke.lake.actions import Run

_SAMPLED = 400


def write_pairs(run: Run, *, loaded: Loaded, parts: Parts) -> None:
    """Table candidate_pairs: ties below the automatic band and refused ones, and a sample of each stratum."""
    pairs = parts.pairs
    asked = pairs.refused | (pairs.probability < weights().automatic_from)
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


def _codes(reasons: Ints) -> pa.Array:
    return pa.array([reason.code for reason in sorted(Reason)]).take(pa.array(reasons, pa.int64()))


def _table(left: Ints, right: Ints, *, stratum: str, population: int, **columns: pa.Array) -> pa.Table:
    fixed = {
        "stratum": pa.repeat(stratum, len(left)),
        "population": pa.repeat(pa.scalar(population, pa.int64()), len(left)),
    }
    return pa.table({"left_evidence": pa.array(left), "right_evidence": pa.array(right), **columns, **fixed})

"""Splink on a register, as a yardstick; said where it is not installed."""

import importlib
import importlib.util
import time
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from bench.figure import Figure, tell

_READ = """
create or replace table people as
select
  source_row_id as unique_id, nullif(lower(name), '') as full_name,
  nullif(split_part(lower(name), ' ', 1), '') as first_name,
  nullif(regexp_extract(lower(name), '[^ ]+$'), '') as surname, nullif(birthday, '') as dob, nullif(city, '') as city,
  nullif(address, '') as address, nullif(gender, '') as gender
from read_csv($file, all_varchar=true)
"""
_RULES = (
    ("full_name",), ("dob", "city"), ("address",), ("substr(dob, 1, 4)", "surname"), ("first_name", "dob"),
    ("surname", "city"), ("surname", "substr(address, 1, 4)"),
)  # fmt: skip
_THRESHOLDS = (0.5, 0.8, 0.95, 0.99, 0.999)


def compare(folder: Path, *, title: str) -> None:
    """Prints the best pair F1 over several thresholds and the time, or that Splink is absent."""
    if importlib.util.find_spec("splink") is None:
        print(f"{title}: Splink absent, not compared", flush=True)
        return
    engine = duckdb.connect()
    engine.execute(_READ, {"file": str(folder / "exports" / "person.csv")})
    truth = dict(
        engine.execute(
            f"select source_row_id, person_id from read_parquet('{folder / 'truth' / 'records.parquet'}')"
        ).fetchall()
    )
    started = time.perf_counter()
    linker, pairs = _predicted(engine)
    found = max(_f1(linker, pairs, truth=truth, threshold=threshold) for threshold in _THRESHOLDS)
    tell(Figure(f"{title}, Splink's best F1 of {len(_THRESHOLDS)} thresholds", figure=found, unit="share"))
    tell(Figure(f"{title}, Splink's time", figure=time.perf_counter() - started))


def _predicted(engine: duckdb.DuckDBPyConnection) -> tuple[Any, Any]:
    splink: Any = importlib.import_module("splink")
    levels: Any = importlib.import_module("splink.comparison_library")
    settings = splink.SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[splink.block_on(*rule) for rule in _RULES],
        comparisons=[
            levels.ForenameSurnameComparison("first_name", "surname"),
            levels.DateOfBirthComparison("dob", input_is_string=True),
            levels.JaroWinklerAtThresholds("address", [0.9]).configure(term_frequency_adjustments=True),
            levels.ExactMatch("city").configure(term_frequency_adjustments=True),
            levels.ExactMatch("gender"),
        ],
    )
    linker = splink.Linker(splink.DuckDBAPI(connection=engine).register("people"), settings)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [splink.block_on("full_name", "dob"), splink.block_on("dob", "address")], recall=0.6
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for field in ("full_name", "dob", "address"):
        training.estimate_parameters_using_expectation_maximisation(splink.block_on(field))
    return linker, linker.inference.predict(threshold_match_probability=0.01)


def _f1(linker: Any, pairs: Any, *, truth: dict[str, int], threshold: float) -> float:
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=threshold)
    rows = clusters.as_duckdbpyrelation().project("cluster_id, unique_id").fetchall()
    cluster = np.unique([row[0] for row in rows], return_inverse=True)[1]
    person = np.array([truth[row[1]] for row in rows])
    both, found, true = (_pairs(values) for values in (cluster * (person.max() + 1) + person, cluster, person))
    return 2 * both / max(found + true, 1.0)


def _pairs(values: Any) -> float:
    counts = np.unique(values, return_counts=True)[1].astype(float)
    return float((counts * (counts - 1)).sum())
